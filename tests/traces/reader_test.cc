// The reader of traces: exact, and one line that names file and member for whatever is wrong.
#include "traces/reader.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/traces/program.h"
#include "tests/traces/sample.h"
#include "traces/writer.h"

namespace traces_test {
namespace {

std::string error_of(const std::string& text) {
  try {
    parse(text);
  } catch (const faults::InputError& error) {
    return error.what();
  }
  return "accepted";
}

// The sample, changed.
std::string error_with(const std::function<void(Json&)>& change) {
  Json json = to_json(sample());
  change(json);
  return error_of(json.dump());
}

void expect_refused(const std::string& pointer, const Json& value, const std::string& expected) {
  const std::string error =
      error_with([&](Json& json) { json[Json::json_pointer(pointer)] = value; });
  EXPECT_TRUE(error.starts_with("t.json: " + expected)) << error << "\nexpected " << expected;
  EXPECT_LT(error.size(), 1000u);
}

TEST(TraceReader, WhatWasWrittenIsReadAgain) {
  EXPECT_EQ(parse(to_text(sample())), sample());
  Trace plain = sample();
  plain.note.clear();
  plain.workload = nullptr;
  plain.plan.faults.clear();
  plain.tape.clear();
  plain.checkpoints.clear();
  plain.verdict = {};
  EXPECT_EQ(parse(to_text(plain)), plain);
  EXPECT_NE(plain, sample());
}

TEST(TraceReader, FormatAndVersionComeFirst) {
  EXPECT_EQ(error_of("{}"), "t.json: format: expected a string, got nothing");
  expect_refused("/format", "other", "format: expected \"drawproof-trace\", got \"other\"");
  EXPECT_EQ(
      error_of(R"({"format": "drawproof-trace", "version": 2, "new": 1})"),
      "t.json: version: expected version 1 at most: a newer drawproof wrote this trace, got 2");
  EXPECT_EQ(error_of(R"({"format": "drawproof-trace", "version": 0})"),
            "t.json: version: expected version 1: traces of older versions are no longer read, "
            "got 0");
  expect_refused("/version", "1", "version: expected an integer from ");
}

// What may be left out: a note, the workload that the seed draws, and defaults.
const std::set<std::string> kOptional = {"note",           "workload",        "think_ms",
                                         "tickets",        "tries",           "declined",
                                         "gives_up_after", "cancel_again_ms", "other_cart"};

TEST(TraceReader, EveryOtherMemberMustBeThere) {
  const Json whole = to_json(sample());
  const auto expect_needed = [&](const std::string& object) {
    for (const auto& [name, value] : whole.at(Json::json_pointer(object)).items()) {
      const std::string error =
          error_with([&](Json& json) { json[Json::json_pointer(object)].erase(name); });
      if (kOptional.contains(name)) {
        EXPECT_EQ(error, "accepted");
      } else {
        EXPECT_NE(error.find(name + ": expected "), std::string::npos) << error;
        EXPECT_TRUE(error.ends_with(", got nothing")) << error;
      }
    }
  };
  for (const char* object : {"", "/made_by", "/plan", "/workload", "/workload/users/0", "/tape/0",
                             "/checkpoints/0", "/verdict", "/verdict/aborts/0"}) {
    expect_needed(object);
  }
}

TEST(TraceReader, UnknownMembersAreRefused) {
  for (const char* object :
       {"", "/made_by", "/scenario", "/plan", "/plan/faults/0", "/workload", "/workload/users/0",
        "/workload/users/0/intents/0", "/workload/users/0/intents/0/tries/1", "/tape/0",
        "/checkpoints/0", "/verdict", "/verdict/aborts/0"}) {
    const std::string error =
        error_with([&](Json& json) { json[Json::json_pointer(object)]["tpae"] = 1; });
    EXPECT_NE(error.find("tpae: unknown field; known here: "), std::string::npos) << error;
  }
}

TEST(TraceReader, TheWorkloadIsReadAsAFileIs) {
  expect_refused("/workload", Json::array(), "workload: expected an object, got []");
  expect_refused("/workload/version", 2, "workload.version: expected an integer from 1 to 1");
  expect_refused("/workload/users/0/user", "user-3", "workload: users[0].user: expected the name");
  expect_refused("/workload/users/0/intents/0/tickets", 11,
                 "workload: users[0].intents[0].tickets: expected an integer from 1 to 10");
}

TEST(TraceReader, TypesAndLimits) {
  for (const char* member : {"/made_by", "/scenario", "/plan", "/verdict"}) {
    expect_refused(member, Json::array(), std::string(member + 1) + ": expected an object, got []");
  }
  expect_refused("/tape", Json::object(), "tape: expected a list, got {}");
  expect_refused("/checkpoints", Json::object(), "checkpoints: expected a list, got {}");
  expect_refused("/plan/faults", Json::object(), "plan.faults: expected a list, got {}");
  expect_refused("/verdict/aborts", Json::object(), "verdict.aborts: expected a list, got {}");
  for (const Json& wrong : {Json(-1), Json(1.0), Json("1"), Json(nullptr), Json(1e30)}) {
    const std::string expected = ": expected an integer from 0 to 18446744073709551615, got ";
    expect_refused("/seed", wrong, "seed" + expected);
    expect_refused("/tape/1/place", wrong, "tape[1].place" + expected);
    expect_refused("/checkpoints/2/events", wrong, "checkpoints[2].events" + expected);
  }
  for (const Json& wrong :
       {Json("1"), Json("0123456789ABCDEF"), Json("0123456789abcdef0"), Json("0123456789abcde ")}) {
    expect_refused("/verdict/digest", wrong, "verdict.digest: expected 16 digits of 0-9 and a-f");
    expect_refused("/tape/0/number", wrong, "tape[0].number: expected 16 digits of 0-9 and a-f");
  }
  expect_refused("/tape/0/purpose", "", "tape[0].purpose: expected the name of a kind of choice");
  expect_refused("/checkpoints/0/at_ns", -1, "checkpoints[0].at_ns: expected an integer from 0 to");
  expect_refused("/verdict/aborts/0/at_us", -1, "verdict.aborts[0].at_us: expected an integer");
  expect_refused("/verdict/outcome", "lost",
                 "verdict.outcome: expected one of holds, safety_violated, ");
  const std::string many = error_with([](Json& json) {
    const Json last = json["checkpoints"][2];
    json["checkpoints"] = Json::array();
    for (std::size_t i = 0; i <= traces::kCheckpointsMax; ++i) {
      json["checkpoints"].push_back(last);
    }
  });
  EXPECT_EQ(many, "t.json: checkpoints: expected at most 64 elements, got 65");
}

TEST(TraceReader, MembersThatContradictEachOther) {
  expect_refused("/tape/1/occurrence", 3,
                 "tape[1]: expected each choice once, got that of tape[0] again");
  expect_refused("/checkpoints/1/events", 1024,
                 "checkpoints[1].events: expected more than the 1024 before it, got 1024");
  expect_refused("/checkpoints/1/at_ns", 4,
                 "checkpoints[1].at_ns: expected no less than before it, got 4");
  expect_refused("/verdict/property", "", "verdict.property: expected the id of a property, S and");
  expect_refused("/verdict/property", "L3", "verdict.property: expected the id of a property, S");
  expect_refused("/verdict/property", "S3x", "verdict.property: expected the id of a property, S");
  expect_refused("/verdict/outcome", "holds",
                 "verdict.property: expected \"\", because the outcome violates none, got \"S3\"");
  const std::string interrupted = error_with([](Json& json) {
    json["verdict"]["outcome"] = "interrupted";
    json["verdict"]["property"] = "";
  });
  EXPECT_EQ(interrupted,
            "t.json: verdict.whole: expected false, because the run was interrupted, got true");
}

TEST(TraceReader, TheScenarioAndThePlanAreReadAsFilesAre) {
  expect_refused("/scenario/users", 0,
                 "scenario.users: expected an integer from 1 to 10000, got 0");
  expect_refused("/scenario/closes_at_s", 21,
                 "scenario.closes_at_s: expected at most duration_s (20), got 21");
  expect_refused("/plan/version", 2, "plan.version: expected an integer from 1 to 1, got 2");
  expect_refused("/plan/faults/0/hosts/0", "user-3",
                 "plan: faults[0].hosts: expected names of hosts; there is no host \"user-3\"");
  expect_refused("/plan/faults/1/regions/0", "moon", "plan: faults[1].regions: expected names");
}

TEST(TraceReader, TextsThatAreNoTrace) {
  EXPECT_EQ(error_of(""), "t.json: line 1: not JSON (byte 1)");
  EXPECT_EQ(error_of("[]"), "t.json: expected an object, got []");
  EXPECT_EQ(error_of(R"({"format": "a", "format": "a"})"), "t.json: format: given twice");
  EXPECT_EQ(error_of("{\"format\":" + std::string(100'000, '[')),
            "t.json: nested more than 32 deep");
}

TEST(TraceReader, FilesAreNamedInMessages) {
  const cli_test::Folder folder;
  const auto refused = [](const std::string& path) -> std::string {
    try {
      traces::read_trace_file(path, read_scenario);
    } catch (const faults::InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refused(folder.write("a.json", to_text(sample()))), "accepted");
  const std::string bad = folder.write("b.json", "{");
  EXPECT_EQ(refused(bad), bad + ": line 1: not JSON (byte 2)");
  EXPECT_EQ(refused(folder.path()), folder.path() + ": cannot be read: it is a directory");
}

}  // namespace
}  // namespace traces_test
