// JSON lines: every line is an object with a type, and everything of the story is there once.
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <vector>

#include "faults/input.h"
#include "tests/story/paper_story.h"
#include "traces/exports/jsonl.h"

namespace exports {
namespace {

using faults::Json;

std::vector<Json> lines_of(const story::Story& story) {
  std::vector<Json> lines;
  std::istringstream in(to_jsonl(story));
  for (std::string text; std::getline(in, text);) {
    lines.push_back(Json::parse(text));
    EXPECT_TRUE(lines.back().at("type").is_string());
  }
  return lines;
}

TEST(Jsonl, HasEverythingOnce) {
  std::map<std::string, std::size_t> counts;
  for (const Json& line : lines_of(story::paper_story())) {
    ++counts[line.at("type")];
  }
  const std::map<std::string, std::size_t> expected = {
      {"run", 1},     {"host", 5}, {"event", 11},   {"message", 6},  {"span", 5},
      {"account", 2}, {"bank", 2}, {"purchase", 1}, {"violation", 1}};
  EXPECT_EQ(counts, expected);
}

TEST(Jsonl, BeginsWithTheRunAndGoesOnInTheOrderOfTime) {
  std::int64_t before = 0;
  const std::vector<Json> lines = lines_of(story::paper_story());
  EXPECT_EQ(lines.front().at("type"), "run");
  EXPECT_EQ(lines.front().at("format"), "drawproof-events");
  for (const Json& line : lines) {
    for (const char* name : {"at_us", "sent_us", "from_us"}) {
      if (line.contains(name)) {
        EXPECT_GE(line.at(name).get<std::int64_t>(), before) << line;
        before = line.at(name);
      }
    }
  }
}

TEST(Jsonl, AMessageThatNeverArrivedHasNoTimeOfArrival) {
  for (const Json& line : lines_of(story::paper_story())) {
    if (line.at("type") == "message") {
      EXPECT_EQ(line.at("arrived_us").is_null(), line.at("fate") != "arrived") << line;
    }
  }
}

TEST(Jsonl, TextsMayHoldAnything) {
  story::Story story = story::paper_story();
  story.recipe.note = "two\nlines \x80";
  story.events[0].fields = "{broken";
  story.messages[0].detail = "\n\"\\";
  const std::vector<Json> lines = lines_of(story);
  EXPECT_EQ(lines[0].at("note"), "two\nlines \xef\xbf\xbd");
  EXPECT_EQ(lines.size(), lines_of(story::paper_story()).size());
}

}  // namespace
}  // namespace exports
