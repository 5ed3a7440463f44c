// A log for ShiViz by the rules of its reader: every line fits the regular expression, clocks are
// JSON, a host's own figure grows by one, and nothing is known before it was sent.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "faults/input.h"
#include "tests/story/paper_story.h"
#include "tests/story/real_run.h"
#include "traces/exports/shiviz.h"
#include "traces/story/window.h"

namespace exports {
namespace {

using Clock = std::map<std::string, std::int64_t>;

struct Line {
  std::string host;
  Clock clock;
  std::string event;
};

// What ShiViz does with the parser, whose groups have names there.
std::vector<Line> read_log(const std::string& log) {
  const std::string parser =
      std::regex_replace(std::string(kShivizParser), std::regex(R"(\(\?<\w+>)"), "(");
  const std::regex expression(parser);
  std::istringstream in(log);
  std::string text;
  std::getline(in, text);
  EXPECT_EQ(text, kShivizParser);
  EXPECT_FALSE(std::regex_match(text, expression)) << "the first line is no event";
  std::getline(in, text);
  EXPECT_EQ(text, "");
  std::vector<Line> lines;
  while (std::getline(in, text)) {
    std::smatch match;
    EXPECT_TRUE(std::regex_match(text, match, expression)) << text;
    lines.push_back({match[1], faults::Json::parse(match[2].str()).get<Clock>(), match[3]});
  }
  return lines;
}

void expect_causal(const std::vector<Line>& lines) {
  std::map<std::string, Clock> last;
  std::map<std::pair<std::string, std::int64_t>, Clock> at;  // of each host's n-th line
  for (const Line& line : lines) {
    const Clock before = last[line.host];
    const auto own = before.find(line.host);
    EXPECT_EQ(line.clock.at(line.host), own == before.end() ? 1 : own->second + 1) << line.event;
    for (const auto& [host, count] : before) {
      EXPECT_GE(line.clock.at(host), count) << "a clock went back: " << line.event;
    }
    for (const auto& [host, count] : line.clock) {
      if (host == line.host) {
        continue;
      }
      const auto known = at.find({host, count});
      ASSERT_NE(known, at.end()) << "knows of a line that is not there yet: " << line.event;
      for (const auto& [of, seen] : known->second) {  // and of all that one knew
        EXPECT_GE(line.clock.at(of), seen) << line.event;
      }
    }
    last[line.host] = line.clock;
    at[{line.host, line.clock.at(line.host)}] = line.clock;
  }
}

const Line& line_of(const std::vector<Line>& lines, const std::string& host,
                    const std::string& text) {
  for (const Line& line : lines) {
    if (line.host == host && line.event.find(text) != std::string::npos) {
      return line;
    }
  }
  throw std::runtime_error("no line of " + host + " with " + text);
}

TEST(Shiviz, LinesFitTheParserAndClocksTheRules) {
  const std::vector<Line> lines = read_log(to_shiviz(story::paper_story()));
  EXPECT_GT(lines.size(), 15u);
  expect_causal(lines);
}

TEST(Shiviz, AWholeRunAndAPartOfIt) {
  const story::Story story = story::Watched(14).story;
  expect_causal(read_log(to_shiviz(story::within(story, 0, 8'000'000))));
  expect_causal(read_log(to_shiviz(story::within(story, 40'000'000, 44'000'000))));
}

TEST(Shiviz, AReceiverKnowsWhatTheSenderKnew) {
  const std::vector<Line> lines = read_log(to_shiviz(story::paper_story()));
  const Line& sent = line_of(lines, "ledger-1", "send to ledger-2: append");
  const Line& received = line_of(lines, "ledger-2", "receive from ledger-1: append");
  EXPECT_EQ(received.clock.at("ledger-1"), sent.clock.at("ledger-1"));
  EXPECT_FALSE(sent.clock.contains("ledger-2"));
}

TEST(Shiviz, ALostMessageTellsNobodyAnything) {
  const std::vector<Line> lines = read_log(to_shiviz(story::paper_story()));
  EXPECT_NO_THROW(line_of(lines, "bank", "reply 200 to POST /v1/charges (lost)"));
  for (const Line& line : lines) {
    EXPECT_TRUE(line.host != "app-1" || !line.clock.contains("bank")) << line.event;
  }
}

TEST(Shiviz, MessagesThatTakeNoTime) {
  story::Story story = story::paper_story();
  story.messages = {story::message(0, 1, 50, 50, "append", "append 1"),
                    story::message(1, 0, 50, 50, "append", "append 2"),
                    story::message(2, 3, 60, 61, "request", "x"),
                    story::message(3, 2, 61, 61, "reply", "y")};
  const std::vector<Line> lines = read_log(to_shiviz(story));
  expect_causal(lines);
  EXPECT_NO_THROW(line_of(lines, "app-1", "receive from bank: reply y"));
}

TEST(Shiviz, LeavesOutWhatWouldHideTheRest) {
  story::Story story = story::paper_story();
  for (story::Message& message : story.messages) {
    message.kind = "heartbeat";
  }
  EXPECT_EQ(to_shiviz(story).find("send to"), std::string::npos);
}

TEST(Shiviz, TextsMayHoldAnything) {
  story::Story story = story::paper_story();
  story.hosts[0].name = "a {host}\n\"x\" \\ \xc3\xa9";
  story.hosts[1].name = "";
  story.events[0].fields = "{\"a\":\"}\n\r\nledger-1 {\\\"x\\\":1} y\"}";
  story.messages[0].label = "\n\n";
  expect_causal(read_log(to_shiviz(story)));
}

}  // namespace
}  // namespace exports
