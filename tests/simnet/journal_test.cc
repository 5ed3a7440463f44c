// Finding where two runs that should be one part.
#include "simnet/journal.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/simnet/tape_workload.h"

namespace simnet {
namespace {

using namespace support;

const std::vector<std::string> kNames{"receiver", "sender"};

Recording record(World& world, const std::function<void()>& run) {
  Journal journal;
  world.set_journal(&journal);
  world.tape().record();
  run();
  world.set_journal(nullptr);
  return {journal.events(), world.tape().recorded()};
}

Recording record_seed(std::uint64_t seed) {
  TapedRun run(seed);
  return record(run.world, [&] { run.run(); });
}

bool mentions(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

TEST(Journal, EqualRunsDoNotPart) {
  const Recording first = record_seed(100);
  ASSERT_GT(first.events.size(), 30u);
  EXPECT_FALSE(compare(first, record_seed(100), kNames));
  EXPECT_FALSE(compare({}, {}, kNames));
}

TEST(Journal, ItKeepsWhatTheDigestFolds) {
  TapedRun run(100);
  const Recording whole = record(run.world, [&] { run.run(); });
  Digest digest;
  for (const Journal::Event& event : whole.events) {
    digest.fold(event.at, event.host, event.kind, event.payload);
  }
  EXPECT_EQ(digest.value(), run.world.digest().value());
}

TEST(Journal, OtherSeedsPartAtTheFirstEventThatDiffers) {
  const Recording first = record_seed(100);
  const Recording second = record_seed(101);
  const auto divergence = compare(first, second, kNames);
  ASSERT_TRUE(divergence);
  ASSERT_LT(divergence->event, std::min(first.events.size(), second.events.size()));
  for (std::size_t i = 0; i < divergence->event; ++i) {
    ASSERT_EQ(first.events[i], second.events[i]);
  }
  EXPECT_NE(first.events[divergence->event], second.events[divergence->event]);
}

TEST(Journal, APrefixPartsWhereItEnds) {
  const Recording whole = record_seed(100);
  Recording prefix = whole;
  prefix.events.resize(whole.events.size() - 7);
  for (const auto& [a, b] : {std::pair(whole, prefix), std::pair(prefix, whole)}) {
    const auto divergence = compare(a, b, kNames);
    ASSERT_TRUE(divergence);
    EXPECT_EQ(divergence->event, prefix.events.size());
    EXPECT_TRUE(mentions(divergence->report, "no event, the run is over"));
  }
}

// The mistake this is made for: something survives from one run to the next.
awaitable<void> forgetful(Host& host) {
  static int runs = 0;
  const int run = runs++ % 2;
  for (int i = 0; i < 3; ++i) {
    host.random("harmless");
    co_await sleep_for(host, 1ms);
  }
  host.random("the last choice");
  co_await sleep_for(host, run == 0 ? 5ms : 6ms);
}

Recording record_forgetful() {
  World world(1);
  run_on(world, "innocent", [](Host& h) { return sleep_for(h, 10ms); });
  run_on(world, "culprit", [](Host& h) { return forgetful(h); });
  return record(world, [&] { world.run_until(at(20ms)); });
}

TEST(Journal, TheReportNamesTimeHostAndLastChoicesOfBothSides) {
  const Recording first = record_forgetful();
  const Recording second = record_forgetful();
  const auto divergence = compare(first, second, {"innocent", "culprit"});
  ASSERT_TRUE(divergence);
  const std::string& report = divergence->report;
  EXPECT_EQ(first.events[divergence->event].at, at(8ms));
  EXPECT_TRUE(mentions(report, "event " + std::to_string(divergence->event))) << report;
  EXPECT_TRUE(mentions(report, "last common event: 3000000 ns, culprit, timer")) << report;
  EXPECT_TRUE(mentions(report, "first run: 8000000 ns, culprit, timer")) << report;
  EXPECT_TRUE(mentions(report, "second run: 9000000 ns, culprit, timer")) << report;
  const std::size_t second_side = report.find("second run");
  for (const std::size_t from : {report.find("first run"), second_side}) {
    EXPECT_NE(report.find("choice 3: the last choice", from), std::string::npos) << report;
  }
  EXPECT_FALSE(mentions(report, "choice 4")) << "made after it, or never: " << report;
}

TEST(Journal, AHostWithoutANameHasItsNumber) {
  const Recording first = record_seed(100);
  Recording second = first;
  second.events[3].host = 77;
  const auto divergence = compare(first, second, {});
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->event, 3u);
  EXPECT_TRUE(mentions(divergence->report, "host 77"));
}

}  // namespace
}  // namespace simnet
