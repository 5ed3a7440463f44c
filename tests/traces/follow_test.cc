// What `drawproof replay` tells when it is asked about one thing, in colour, or up to an event.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/traces/program.h"
#include "tests/traces/sample.h"
#include "traces/cli/exit_code.h"

namespace traces_test {
namespace {

using cli_test::after;
using cli_test::Ended;
using cli_test::Folder;
using cli_test::run_drawproof;

class FollowTest : public testing::Test {
 protected:
  FollowTest() {
    const Ended ended =
        run_drawproof({"run", "--scenario", "quick", "--seed", "7", "--save-trace", file});
    EXPECT_EQ(ended.code, 0) << ended.err;
  }
  std::vector<Json> replay(std::vector<std::string> options) const {
    options.insert(options.begin(), {"replay", file, "--json"});
    const Ended ended = run_drawproof(options);
    EXPECT_EQ(ended.code, 0) << ended.err;
    std::vector<Json> lines;
    std::istringstream in(ended.out);
    for (std::string line; std::getline(in, line);) {
      lines.push_back(Json::parse(line, nullptr, false));
    }
    return lines;
  }

  const Folder folder;
  const std::string file = folder.path() + "/t.json";
};

std::size_t events_in(const std::vector<Json>& lines) {
  return static_cast<std::size_t>(
      std::ranges::count_if(lines, [](const Json& line) { return line.at("type") == "event"; }));
}

TEST_F(FollowTest, AHostIsWhereItHappensOrWhatIsStruck) {
  const std::vector<Json> all = replay({});
  const std::vector<Json> bank = replay({"--follow", "bank"});
  const auto at_bank = [](const std::vector<Json>& lines) {
    return std::ranges::count_if(lines,
                                 [](const Json& line) { return line.value("host", "") == "bank"; });
  };
  EXPECT_GT(at_bank(all), 0);
  EXPECT_EQ(at_bank(bank), at_bank(all));
  for (const Json& line : bank) {
    if (line.at("type") != "end") {  // elsewhere the word is said: "The bank declined"
      EXPECT_NE(line.dump().find("bank"), std::string::npos) << line;
    }
  }
  EXPECT_LT(bank.size(), all.size());
}

TEST_F(FollowTest, AUserIsNotOneWithALongerName) {
  const std::vector<Json> first = replay({"--follow", "user-1"});
  const std::vector<Json> twelfth = replay({"--follow", "user-12"});
  EXPECT_GT(events_in(first), 10u);
  EXPECT_GT(events_in(twelfth), 10u);
  const auto on = [](const std::vector<Json>& lines, const std::string& host) {
    return std::ranges::count_if(lines,
                                 [&](const Json& line) { return line.value("host", "") == host; });
  };
  EXPECT_GT(on(first, "user-1"), 5);
  EXPECT_EQ(on(first, "user-12"), 0);
  EXPECT_EQ(on(twelfth, "user-1"), 0);
  EXPECT_GT(on(first, "ledger-1") + on(first, "ledger-2") + on(first, "ledger-3"), 0)
      << "his commands in the log";
}

TEST_F(FollowTest, ColourIsForTerminalsAndWhoAsks) {
  const auto text = [&](const std::string& when) {
    return run_drawproof({"replay", file, "--until", "10", "--color", when}).out;
  };
  EXPECT_EQ(text("auto").find('\x1b'), std::string::npos);
  EXPECT_EQ(text("never").find('\x1b'), std::string::npos);
  EXPECT_NE(text("always").find("\x1b["), std::string::npos);
  EXPECT_EQ(run_drawproof({"replay", file, "--color", "green"}).code, cli::kUsage);
}

TEST_F(FollowTest, BreakStopsAtItsEvent) {
  const std::vector<Json> all = replay({});
  const std::vector<Json> until = replay({"--break", "*:raft.elected:2"});
  std::size_t elected = 0;
  std::size_t expected = 0;
  for (const Json& line : all) {
    expected += line.at("type") == "event" ? 1 : 0;
    elected += line.value("name", "") == "raft.elected" ? 1 : 0;
    if (elected == 2) {
      break;
    }
  }
  ASSERT_EQ(elected, 2u);
  EXPECT_EQ(events_in(until), expected);
  EXPECT_EQ(until.at(until.size() - 2).at("name"), "raft.elected") << "the last before the end";
  const Ended numbered =
      run_drawproof({"replay", file, "--quiet", "--break", std::to_string(expected)});
  EXPECT_EQ(numbered.code, 0);
  EXPECT_TRUE(after(numbered.out, "Break          ").starts_with("raft.elected on ledger-"))
      << numbered.out;
  EXPECT_NE(numbered.out.find("gdb --args"), std::string::npos);
}

TEST_F(FollowTest, ABreakThatNeverComesOrIsNone) {
  const Ended never = run_drawproof({"replay", file, "--quiet", "--break", "bank:raft.elected"});
  EXPECT_EQ(never.code, 0);
  EXPECT_EQ(after(never.out, "Break          "), "bank:raft.elected never came");
  for (const char* bad : {"0", "x", "bank:", ":raft.elected", "bank:raft.elected:0", "a:b:c"}) {
    const Ended ended = run_drawproof({"replay", file, "--break", bad});
    EXPECT_EQ(ended.code, cli::kUsage) << bad;
    EXPECT_EQ(ended.out, "") << bad;
  }
}

}  // namespace
}  // namespace traces_test
