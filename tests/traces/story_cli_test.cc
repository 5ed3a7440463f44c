// `drawproof view` and `drawproof export` as a user calls them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/traces/program.h"
#include "tests/traces/sample.h"
#include "traces/writer.h"

namespace traces_test {
namespace {

using cli_test::Ended;
using cli_test::Folder;
using cli_test::run_drawproof;

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A small run that is quickly made.
class StoryCli : public testing::Test {
 protected:
  void SetUp() override {
    trace_ = folder_.path() + "/t.json";
    const Ended ended =
        run_drawproof({"run", "--scenario", "quick", "--seed", "2", "--save-trace", trace_});
    ASSERT_EQ(ended.code, 0) << ended.err;
  }
  std::string out(const std::string& name) const { return folder_.path() + "/" + name; }
  std::vector<std::string> call(const std::string& command, const std::string& to) const {
    if (command == "view") {
      return {"view", trace_, "-o", to};
    }
    return {"export", trace_, "--format", command, "-o", to};
  }

  const Folder folder_;
  std::string trace_;
};

const std::vector<std::string> kCommands = {"view", "chrome", "shiviz", "jsonl"};

TEST_F(StoryCli, WritesTheSameBytesTwice) {
  for (const std::string& command : kCommands) {
    const Ended ended = run_drawproof(call(command, out("a")));
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.err, "");
    EXPECT_EQ(ended.out.find(out("a") + ": "), 0u) << ended.out;
    EXPECT_EQ(run_drawproof(call(command, out("b"))).code, 0);
    EXPECT_GT(text_of(out("a")).size(), 100'000u);
    EXPECT_EQ(text_of(out("a")), text_of(out("b"))) << command;
    std::filesystem::remove(out("a"));
    std::filesystem::remove(out("b"));
  }
  EXPECT_EQ(folder_.list(), std::vector<std::string>{"t.json"});
}

TEST_F(StoryCli, NeverReplacesAFileUnlessForced) {
  for (const std::string& command : kCommands) {
    const std::string file = folder_.write("mine", "mine");
    const Ended refused = run_drawproof(call(command, file));
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.out, "");
    EXPECT_EQ(refused.err, "drawproof: --output: " + file + " exists; --force replaces it\n");
    EXPECT_EQ(text_of(file), "mine");
    std::vector<std::string> forced = call(command, file);
    forced.push_back("--force");
    EXPECT_EQ(run_drawproof(forced).code, 0);
    EXPECT_NE(text_of(file), "mine");
  }
}

TEST_F(StoryCli, RefusesBadInputWithOneLine) {
  const std::vector<std::vector<std::string>> calls = {
      {"view", trace_},
      {"view", out("none.json"), "-o", out("x")},
      {"view", trace_, "-o", out("no/folder.html")},
      {"view", trace_, "-o", folder_.path()},
      {"export", trace_, "-o", out("x")},
      {"export", trace_, "--format", "svg", "-o", out("x")},
      {"export", trace_, "--format", "jsonl", "-o", out("x"), "--from", "a"},
      {"export", trace_, "--format", "jsonl", "-o", out("x"), "--from", "5", "--until", "4"},
      {"export", folder_.write("bad.json", "{"), "--format", "jsonl", "-o", out("x")}};
  for (const auto& arguments : calls) {
    const Ended ended = run_drawproof(arguments);
    EXPECT_EQ(ended.code, 2) << arguments[0];
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(cli_test::lines_in(ended.err), 1u) << ended.err;
    EXPECT_EQ(ended.err.find("drawproof: "), 0u) << ended.err;
  }
  EXPECT_FALSE(std::filesystem::exists(out("x")));
  EXPECT_FALSE(std::filesystem::exists(out("x.part")));
}

TEST_F(StoryCli, SaysWhenItIsNotTheRunOfTheTrace) {
  Trace trace = traces::read_trace_file(trace_, read_scenario);
  trace.verdict.digest ^= 1;
  trace.checkpoints.back().value ^= 1;
  const std::string changed = folder_.write("changed.json", traces::to_text(trace));
  const Ended ended =
      run_drawproof({"export", changed, "--format", "jsonl", "-o", out("changed.jsonl")});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err.find("drawproof: this is not the run of the trace: "), 0u) << ended.err;
}

TEST_F(StoryCli, AWindowIsAPartOfTheRun) {
  std::vector<std::string> whole = call("jsonl", out("whole"));
  std::vector<std::string> part = call("jsonl", out("part"));
  part.insert(part.end(), {"--from", "20", "--until", "21.5"});
  ASSERT_EQ(run_drawproof(whole).code, 0);
  ASSERT_EQ(run_drawproof(part).code, 0);
  EXPECT_LT(text_of(out("part")).size(), text_of(out("whole")).size() / 4);
  std::istringstream in(text_of(out("part")));
  for (std::string line; std::getline(in, line);) {
    const Json json = Json::parse(line);
    if (json.contains("at_us")) {
      EXPECT_GE(json.at("at_us").get<std::int64_t>(), 20'000'000);
      EXPECT_LE(json.at("at_us").get<std::int64_t>(), 21'500'000);
    }
  }
}

TEST_F(StoryCli, ReplayShowsTheMembersOfEvents) {
  const Ended ended = run_drawproof({"replay", trace_, "--json", "--until", "10"});
  EXPECT_NE(ended.out.find(R"("name":"raft.elected","fields":{"node":)"), std::string::npos);
  EXPECT_NE(ended.out.find(R"("name":"ledger.committed","fields":{"index":)"), std::string::npos);
  EXPECT_EQ(ended.out.find("\"encoded\""), std::string::npos);
}

}  // namespace
}  // namespace traces_test
