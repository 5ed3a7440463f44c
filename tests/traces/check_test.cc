// `drawproof check` as a user runs it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/traces/program.h"

namespace cli_test {
namespace {

const std::string kExamples = DRAWPROOF_SOURCE_DIR "/tests/linearizability/examples/";

Ended check(const std::string& file, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"check", file};
  more.insert(more.begin(), {"--model", "register"});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_drawproof(arguments);
}

TEST(Check, AStaleReadIsOneWithItsWitness) {
  const Ended ended = check(kExamples + "stale_read.jsonl");
  EXPECT_EQ(ended.code, 1) << ended.err;
  EXPECT_EQ(last_line(ended.out), "Verdict        NOT LINEARIZABLE");
  EXPECT_NE(ended.out.find("Key \"x\", line 9: process 3, read -> 1:"), std::string::npos)
      << ended.out;
  EXPECT_NE(ended.out.find("  process 3                              [ read -> 1 ]"),
            std::string::npos)
      << ended.out;
}

TEST(Check, EdnOfJepsenHolds) {
  const Ended ended = check(kExamples + "register.edn", {"--key-independent"});
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_EQ(last_line(ended.out), "Verdict        LINEARIZABLE");
}

TEST(Check, JsonIsOneDocument) {
  const Ended ended = check(kExamples + "stale_read.jsonl", {"--json"});
  EXPECT_EQ(ended.code, 1);
  const auto json = nlohmann::json::parse(ended.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << ended.out;
  EXPECT_EQ(json["verdict"], "not_linearizable");
  EXPECT_EQ(json["keys"], 2);
  EXPECT_EQ(json["witness"]["operations"].size(), 4u);
  EXPECT_EQ(json["witness"]["operations"][1]["returned_line"], nullptr);
}

TEST(Check, BadInputIsTwoAndOneLine) {
  const Folder folder;
  const auto refused = [&](const std::string& file, const std::vector<std::string>& more,
                           const std::string& expected) {
    const Ended ended = check(file, more);
    EXPECT_EQ(ended.code, 2) << ended.out;
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(lines_in(ended.err), 1u) << ended.err;
    EXPECT_NE(ended.err.find(expected), std::string::npos) << ended.err;
  };
  refused(folder.path() + "/none.edn", {}, "none.edn: cannot be read");
  refused(folder.path(), {}, "it is a directory");
  refused(folder.write("a.jsonl", "{\"process\":0}"), {}, "a.jsonl: line 1: type: expected invoke");
  refused(folder.write("b", "{:process 0 :type :ok :f :read}"), {}, "b: line 1: type: expected");
  refused(folder.write("c.edn", "{:a \"\x01"), {}, "c.edn: line 1: expected \"");
  const std::string good = kExamples + "stale_read.jsonl";
  refused(good, {"--initial", "{"}, "--initial: expected a value in JSON or EDN, got \"{\"");
  refused(good, {"--configurations", "0"}, "--configurations: expected an integer from 1");
  refused(good, {"--allow-negative"}, "--allow-negative: expected with --model bank only");
  refused(good, {"--format", "edn"}, "stale_read.jsonl: line 1: ");
  EXPECT_EQ(run_drawproof({"check", good}).code, 2);
  EXPECT_EQ(run_drawproof({"check", good, "--model", "queue"}).code, 2);
}

TEST(Check, StandardInput) {
  const Ended ended = check("-");  // which is empty here
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_NE(ended.out.find("0 on 0 objects"), std::string::npos) << ended.out;
}

}  // namespace
}  // namespace cli_test
