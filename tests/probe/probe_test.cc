#include "system/probe/probe.h"

#include <gtest/gtest.h>

#include "tests/probe/twin.h"

namespace probe {
namespace {

using Map = std::map<std::string, std::uint64_t>;

void visit(int times) {
  for (int i = 0; i < times; ++i) {
    hit<"test.visited">();
    hit_if<"test.odd_visit">(i % 2 == 1);
  }
}

// Never called: its probe is known all the same.
[[maybe_unused]] void leave() { hit<"test.left">(); }

TEST(Probe, CountsWhileRecorded) {
  Counts counts;
  visit(1);
  {
    const Recording recording(counts);
    visit(3);
  }
  visit(5);
  EXPECT_EQ(counts.by_name(),
            (Map{{"test.left", 0}, {"test.odd_visit", 1}, {"test.twin", 0}, {"test.visited", 3}}));
}

TEST(Probe, UniversesDoNotSeeEachOther) {
  Counts first;
  Counts second;
  const Recording outer(first);
  visit(1);
  {
    const Recording inner(second);
    visit(10);
  }
  visit(1);
  EXPECT_EQ(first.by_name().at("test.visited"), 2u);
  EXPECT_EQ(second.by_name().at("test.visited"), 10u);
}

TEST(Probe, OneUniverseMayBeRecordedInParts) {
  Counts counts;
  for (int part = 0; part < 3; ++part) {
    const Recording recording(counts);
    visit(2);
  }
  EXPECT_EQ(counts.by_name().at("test.visited"), 6u);
}

// An inline function that two units use is one place of the sources.
TEST(Probe, UnitsShareANameAndItsCount) {
  Counts counts;
  const Recording recording(counts);
  twin();
  call_twin_elsewhere();
  EXPECT_EQ(counts.by_name().at("test.twin"), 2u);
}

TEST(Probe, NamesAreSortedAndComplete) {
  EXPECT_EQ(names(), (std::vector<std::string_view>{"test.left", "test.odd_visit", "test.twin",
                                                    "test.visited"}));
}

TEST(Probe, FormOfNames) {
  for (const char* good : {"raft.figure8_held_back", "a.b", "a_b.c9"}) {
    EXPECT_TRUE(is_well_formed(good)) << good;
  }
  for (const char* bad : {"", "raft", ".x", "raft.", "raft.x.y", "Raft.x", "raft.9x", "raft.x-y",
                          "raft .x", "raft._x"}) {
    EXPECT_FALSE(is_well_formed(bad)) << bad;
  }
}

}  // namespace
}  // namespace probe
