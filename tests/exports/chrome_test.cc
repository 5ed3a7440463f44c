// The Trace Event Format by the rules of its importers: times in order, slices of a thread nested,
// asynchronous events in pairs, flows that begin and end on slices.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "faults/input.h"
#include "tests/story/paper_story.h"
#include "tests/story/real_run.h"
#include "traces/exports/chrome.h"

namespace exports {
namespace {

using faults::Json;
using Thread = std::pair<int, int>;

std::vector<Json> trace_events(const story::Story& story) {
  return Json::parse(to_chrome(story)).at("traceEvents").get<std::vector<Json>>();
}

// Takes the events one after the other, as an importer does.
class Importer {
 public:
  void take(const Json& event) {
    const std::string phase = event.at("ph");
    const std::int64_t ts = event.at("ts");
    const Thread thread = {event.at("pid").get<int>(), event.at("tid").get<int>()};
    EXPECT_GE(ts, before_) << event;
    before_ = ts;
    if (phase == "M") {
      name(event, thread);
      return;
    }
    if (phase != "C") {
      used_.insert(thread);
    }
    if (phase == "X") {
      slice(event, thread, ts);
    } else if (phase == "b" || phase == "e") {
      half_of_pair(event, phase == "b");
    } else if (phase == "s" || phase == "f") {
      half_of_flow(event, thread, ts, phase == "s");
    } else if (phase == "i") {
      EXPECT_TRUE(event.at("s") == "t" || event.at("s") == "g") << event;
    } else {
      EXPECT_EQ(phase, "C") << event;
      for (const auto& [figure, value] : event.at("args").items()) {
        EXPECT_TRUE(value.is_number()) << event;
      }
    }
  }

  void finish() const {
    EXPECT_TRUE(pairs_.empty());
    EXPECT_TRUE(flows_.empty());
    for (const Thread& thread : used_) {
      EXPECT_TRUE(named_.contains(thread)) << thread.first << " " << thread.second;
    }
  }

 private:
  void name(const Json& event, const Thread& thread) {
    EXPECT_TRUE(event.at("args").at("name").is_string());
    if (event.at("name") == "thread_name") {
      named_.insert(thread);
    }
  }

  void slice(const Json& event, const Thread& thread, std::int64_t ts) {
    const std::int64_t end = ts + event.at("dur").get<std::int64_t>();
    std::vector<std::int64_t>& stack = open_[thread];
    while (!stack.empty() && stack.back() <= ts && stack.back() < end) {
      stack.pop_back();
    }
    EXPECT_TRUE(stack.empty() || end <= stack.back()) << "not nested: " << event;
    stack.push_back(end);
    starts_[thread].insert(ts);
  }

  void half_of_pair(const Json& event, bool begins) {
    const std::string id =
        event.at("cat").get<std::string>() + "/" + event.at("id").get<std::string>();
    EXPECT_TRUE(begins ? pairs_.insert(id).second : pairs_.erase(id) == 1) << event;
  }

  // Both halves hold on to a slice that begins there.
  void half_of_flow(const Json& event, const Thread& thread, std::int64_t ts, bool begins) {
    const std::int64_t id = event.at("id");
    EXPECT_TRUE(begins ? flows_.insert(id).second : flows_.erase(id) == 1) << event;
    EXPECT_TRUE(starts_[thread].contains(ts)) << event;
    EXPECT_TRUE(begins || event.at("bp") == "e");
  }

  std::int64_t before_ = 0;
  std::map<Thread, std::vector<std::int64_t>> open_;  // ends of the slices one is in
  std::map<Thread, std::set<std::int64_t>> starts_;   // of slices
  std::set<std::string> pairs_;                       // that have begun
  std::set<std::int64_t> flows_;                      // likewise
  std::set<Thread> named_;
  std::set<Thread> used_;
};

void expect_importable(const story::Story& story) {
  Importer importer;
  for (const Json& event : trace_events(story)) {
    importer.take(event);
  }
  importer.finish();
}

TEST(Chrome, AStoryCanBeImported) {
  EXPECT_GT(trace_events(story::paper_story()).size(), 40u);
  expect_importable(story::paper_story());
}

TEST(Chrome, AWholeRunToo) { expect_importable(story::Watched(14).story); }

TEST(Chrome, AnEmptyStoryToo) { expect_importable(story::Story()); }

TEST(Chrome, MessagesOfOneInstantAndWithoutDuration) {
  story::Story story = story::paper_story();
  story.messages.clear();
  for (int i = 0; i < 3; ++i) {
    story.messages.push_back(story::message(0, 1, 100, 100, "append", "append 1"));
    story.messages.push_back(story::message(1, 0, 101, 102, "append", "append 1"));
  }
  story.spans.push_back({100, 101, "down", "no process", {0}, {}});
  story.spans.push_back({100, 100, "down", "no process", {1}, {}});
  expect_importable(story);
}

TEST(Chrome, SaysWhatNeverArrived) {
  bool found = false;
  for (const Json& event : trace_events(story::paper_story())) {
    found |= event.at("ph") == "X" &&
             event.at("name") == "never arrived, reply: 200 to POST /v1/charges" &&
             event.at("args").at("fate") == "lost";
  }
  EXPECT_TRUE(found);
}

TEST(Chrome, RegionsAreProcessesAndHostsAreThreads) {
  std::map<std::string, int> of_thread;
  std::map<std::string, int> of_process;
  for (const Json& event : trace_events(story::paper_story())) {
    if (event.at("ph") == "M") {
      const bool process = event.at("name") == "process_name";
      (process ? of_process : of_thread)[event.at("args").at("name")] = event.at("pid");
    }
  }
  EXPECT_EQ(of_thread.at("ledger-1"), of_process.at("region centre"));
  EXPECT_EQ(of_thread.at("app-1"), of_process.at("region centre"));
  EXPECT_EQ(of_thread.at("ledger-2"), of_process.at("region east"));
}

TEST(Chrome, TextsMayHoldAnything) {
  story::Story story = story::paper_story();
  story.events[0].fields = "no JSON \"\\\n\x80";
  story.messages[0].label = "\"},{\"ph\":\"B\"";
  story.violations[0].what = "\xff\xfe";
  story.hosts[0].name = "a \"host\"\n";
  expect_importable(story);
}

TEST(Chrome, TheSameStoryGivesTheSameBytes) {
  EXPECT_EQ(to_chrome(story::paper_story()), to_chrome(story::paper_story()));
}

}  // namespace
}  // namespace exports
