// What traces look like as files, and how they get there.
#include "traces/writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "tests/traces/program.h"
#include "tests/traces/sample.h"

namespace traces_test {
namespace {

using cli_test::Folder;

std::string refusal(const std::function<void()>& function) {
  try {
    function();
  } catch (const faults::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(TraceWriter, AListHasALinePerElement) {
  const std::string text = to_text(sample());
  EXPECT_TRUE(text.starts_with("{\n \"format\": \"drawproof-trace\",\n \"version\": 1,\n"));
  EXPECT_NE(text.find("\n  {\"events\":2048,\"at_ns\":5000000000,"
                      "\"digest\":\"0000000000000002\"},\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\n   {\"kind\":\"crash\",\"at_ms\":100,"), std::string::npos) << text;
  EXPECT_EQ(faults::parse_json(text, "t.json"), to_json(sample()));
}

TEST(TraceWriter, WhatIsNoUtf8IsReplaced) {
  Trace trace = sample();
  trace.verdict.message = "torn \xff\xc3";
  const Trace again = parse(to_text(trace));
  EXPECT_EQ(again.verdict.message, traces::legible(trace.verdict.message));
  EXPECT_EQ(again.verdict.message, "torn \xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(traces::legible("plain \u00e9"), "plain \u00e9");
}

TEST(TraceWriter, CheckpointsAreThinnedEvenlyAndTheLastStays) {
  for (const std::uint64_t count : {0, 1, 63, 64, 65, 127, 128, 1000, 12345}) {
    std::vector<traces::Checkpoint> all;
    for (std::uint64_t i = 1; i <= count; ++i) {
      all.push_back({i * 1024, at_ms(static_cast<std::int64_t>(i)), i});
    }
    const auto few = traces::thinned(all);
    ASSERT_EQ(few.size(), std::min<std::size_t>(count, traces::kCheckpointsMax));
    std::uint64_t widest = 0;
    for (std::size_t i = 0; i < few.size(); ++i) {
      const std::uint64_t before = i == 0 ? 0 : few[i - 1].value;
      ASSERT_GT(few[i].value, before);
      widest = std::max(widest, few[i].value - before);
    }
    EXPECT_LE(widest, count / traces::kCheckpointsMax + 1);
    EXPECT_EQ(count == 0 ? 0 : few.back().value, count);
  }
}

TEST(TraceFile, IsWrittenWholeAndReplacesOnlyWhenAsked) {
  const Folder folder;
  const std::string path = folder.path() + "/t.json";
  traces::save(sample(), path, false, "--o");
  EXPECT_EQ(folder.list(), std::vector<std::string>{"t.json"});
  EXPECT_EQ(traces::read_trace_file(path, read_scenario), sample());
  Trace other = sample();
  other.seed = 7;
  EXPECT_EQ(refusal([&] { traces::save(other, path, false, "--o"); }),
            "--o: " + path + " exists; --force replaces it");
  EXPECT_EQ(traces::read_trace_file(path, read_scenario), sample());
  traces::save(other, path, true, "--o");
  EXPECT_EQ(traces::read_trace_file(path, read_scenario), other);
  EXPECT_EQ(folder.list(), std::vector<std::string>{"t.json"});
}

TEST(TraceFile, WhatCannotBeWrittenLeavesNothing) {
  const Folder folder;
  const std::string nowhere = folder.path() + "/none/t.json";
  EXPECT_EQ(
      refusal([&] { traces::check_can_save(nowhere, true, "--o"); }),
      "--o: " + nowhere + " cannot be written: there is no folder " + folder.path() + "/none");
  EXPECT_EQ(refusal([&] { traces::check_can_save(folder.path(), true, "--o"); }),
            "--o: " + folder.path() + " is a directory");
  const std::string blocked = folder.path() + "/t.json";
  std::filesystem::create_directory(blocked + ".part");
  EXPECT_EQ(refusal([&] { traces::save(sample(), blocked, false, "--o"); }),
            "--o: " + blocked + " cannot be written");
  EXPECT_FALSE(std::filesystem::exists(blocked));
  EXPECT_EQ(refusal([] { traces::save(sample(), "/dev/full/t.json", false, "--o"); }),
            "--o: /dev/full/t.json cannot be written: there is no folder /dev/full");
}

}  // namespace
}  // namespace traces_test
