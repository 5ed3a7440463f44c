// A whole run as a story: nothing changes by being watched, and what it tells fits together.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "faults/input.h"
#include "tests/story/real_run.h"
#include "traces/story/window.h"

namespace story {
namespace {

std::uint64_t digest_without(std::uint64_t seed) {
  const properties::Scenario scenario = properties::load_scenario("quick");
  properties::Universe universe(scenario, seed, properties::draw_plan(scenario, seed),
                                properties::draw_workload(scenario, seed));
  return universe.run({}).digest;
}

TEST(Collector, ChangesNothing) {
  for (const std::uint64_t seed : {1, 2, 14}) {
    EXPECT_EQ(Watched(seed).report.digest, digest_without(seed)) << seed;
  }
}

class StoryOfARun : public testing::Test {
 protected:
  static const Watched& run() {
    static const Watched run(14);
    return run;
  }
  const Story& story_ = run().story;
};

TEST_F(StoryOfARun, EventsAreThoseOfTheReport) {
  std::map<std::string, std::uint64_t> counts;
  for (const Event& event : story_.events) {
    ++counts[event.name];
    EXPECT_TRUE(faults::Json::accept(event.fields)) << event.fields;
    EXPECT_EQ(event.fields.find("\"encoded\""), std::string::npos) << event.name;
  }
  EXPECT_EQ(counts, run().report.emitted);
  EXPECT_TRUE(std::ranges::is_sorted(story_.events, {}, &Event::at_us));
}

TEST_F(StoryOfARun, MessagesFitTogether) {
  std::set<std::string> kinds;
  EXPECT_TRUE(std::ranges::is_sorted(story_.messages, {}, &Message::sent_us));
  std::size_t answered = 0, lost = 0;
  for (const Message& message : story_.messages) {
    kinds.insert(message.kind);
    EXPECT_LT(message.from, story_.hosts.size());
    EXPECT_LT(message.to, story_.hosts.size());
    EXPECT_EQ(message.arrived_us == kNever, message.fate != Fate::arrived);
    EXPECT_TRUE(message.arrived_us == kNever || message.arrived_us >= message.sent_us);
    lost += message.fate == Fate::cut || message.fate == Fate::lost ? 1 : 0;
    if (message.answers != kNobody) {
      const Message& request = story_.messages[message.answers];
      EXPECT_EQ(request.from, message.to);
      EXPECT_EQ(request.to, message.from);
      EXPECT_NE(request.arrived_us, kNever);
      EXPECT_LE(request.arrived_us, message.sent_us);
      ++answered;
    }
  }
  EXPECT_GT(answered, 100u);
  EXPECT_GT(lost, 10u);  // the run has partitions
  for (const char* kind : {"append", "append reply", "heartbeat", "vote", "request", "reply",
                           "propose", "query", "answer", "poll"}) {
    EXPECT_TRUE(kinds.contains(kind)) << kind;
  }
  EXPECT_FALSE(kinds.contains("bytes"));  // every message is understood
}

TEST_F(StoryOfARun, SpansEndAndLieInTheRun) {
  std::map<std::string, int> families;
  EXPECT_TRUE(std::ranges::is_sorted(story_.spans, {}, &Span::from_us));
  for (const Span& span : story_.spans) {
    ++families[span.family];
    EXPECT_LE(span.from_us, span.until_us);
    EXPECT_LE(span.until_us, story_.end_us);
    EXPECT_FALSE(span.hosts.empty());
  }
  std::uint64_t struck = 0;
  for (const auto& [kind, count] : run().report.faults) {
    struck += count;
  }
  EXPECT_EQ(families["fault"], static_cast<int>(struck));
  EXPECT_EQ(families["leader"], static_cast<int>(run().report.emitted.at("raft.elected")));
  EXPECT_GT(families["down"], 0);
  EXPECT_GT(families["purchase"], 10);
}

TEST_F(StoryOfARun, BooksEndAsTheReportSays) {
  std::map<std::string, std::string> states;
  for (const PurchaseChange& change : story_.purchases) {
    states[change.purchase] = change.state;
  }
  std::map<std::string, std::int64_t> by_state;
  for (const auto& [purchase, state] : states) {
    ++by_state[state];
  }
  EXPECT_EQ(by_state, run().report.tally.purchases_by_state);
  std::int64_t sold = 0;
  for (const AccountChange& change : story_.accounts) {
    sold = change.account == "SOLD[draw-1,standard]" ? change.posted : sold;
  }
  EXPECT_EQ(sold, run().report.tally.tickets_sold);
  EXPECT_EQ(std::ranges::count(story_.bank, "charge", &BankRow::kind), run().report.tally.charges);
  EXPECT_EQ(std::ranges::count(story_.bank, "refund", &BankRow::kind), run().report.tally.refunds);
}

TEST_F(StoryOfARun, ALeaderLeadsNoTwoTermsAtOnce) {
  std::map<HostIndex, Time_us> ends;
  for (const Span& span : story_.spans) {
    if (span.family == "leader") {
      EXPECT_LE(ends[span.hosts.front()], span.from_us) << span.kind;
      ends[span.hosts.front()] = span.until_us;
    }
  }
}

TEST_F(StoryOfARun, AWindowHoldsWhatHappenedInIt) {
  const Story part = within(story_, 20'000'000, 30'000'000);
  EXPECT_FALSE(part.events.empty());
  EXPECT_LT(part.events.size(), story_.events.size());
  for (const Event& event : part.events) {
    EXPECT_GE(event.at_us, 20'000'000);
    EXPECT_LE(event.at_us, 30'000'000);
  }
  for (const Message& message : part.messages) {
    EXPECT_GE(message.sent_us, 20'000'000);
    EXPECT_LE(message.arrived_us, 30'000'000);
    EXPECT_EQ(message.arrived_us == kNever, message.fate != Fate::arrived);
  }
  for (const Span& span : part.spans) {
    EXPECT_GE(span.from_us, 20'000'000);
    EXPECT_LE(span.until_us, 30'000'000);
  }
  EXPECT_EQ(part.hosts.size(), story_.hosts.size());
}

}  // namespace
}  // namespace story
