// Who must survive what.
#include "faults/atlas.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace faults {
namespace {

std::set<std::string> excused(const Standing& standing, bool checksum) {
  std::set<std::string> kinds;
  for (const Kind kind : all_kinds()) {
    Fault fault;
    fault.kind = kind;
    fault.checksum = checksum;
    if (!excuse(fault, standing).empty()) {
      kinds.insert(std::string(to_string(kind)));
    }
  }
  return kinds;
}

using Names = std::set<std::string>;

TEST(Atlas, AHostThatKeepsNothingSurvivesAllButMessagesThatChange) {
  EXPECT_EQ(excused({}, true), Names{});
  EXPECT_EQ(excused({}, false), Names{"flip"});
  EXPECT_EQ(excused({.message_checks = true}, false), Names{});
}

TEST(Atlas, ASingleCopyNeedNotSurviveThatItsDiskForgetsOrLies) {
  EXPECT_EQ(excused({.keeps = true}, true),
            (Names{"disk_loss", "lying_sync", "bit_rot", "lost_write", "torn_write",
                   "misdirected_write"}));
}

TEST(Atlas, CopiesMendWhatIsNoticed) {
  EXPECT_EQ(excused({.keeps = true, .copies = true}, true),
            (Names{"bit_rot", "lost_write", "torn_write", "misdirected_write"}));
  EXPECT_EQ(excused({.keeps = true, .copies = true, .disk_checks = true}, true), Names{});
  EXPECT_EQ(excused({.keeps = true, .disk_checks = true}, true), excused({.keeps = true}, true));
}

TEST(Atlas, AReplicaNeedNotKeepAPromiseThatItsDiskForgetsUnnoticed) {
  EXPECT_EQ(excused({.keeps = true, .copies = true, .promises = true, .disk_checks = true}, true),
            (Names{"disk_loss", "lying_sync", "lost_write", "torn_write", "misdirected_write"}));
}

TEST(Atlas, EveryReasonIsListed) {
  std::set<std::string_view> given;
  for (const Kind kind : all_kinds()) {
    Fault fault;
    fault.kind = kind;
    fault.checksum = false;
    given.insert(excuse(fault, {.keeps = true}));
    given.insert(excuse(fault, {.keeps = true, .copies = true, .promises = true}));
  }
  given.erase("");
  const std::set<std::string_view> listed(all_excuses().begin(), all_excuses().end());
  EXPECT_EQ(given, listed);
}

// What must be survived makes no sound process stop itself, but for disks that fail openly.
TEST(Atlas, OnlyFaultsOfTheDiskMakeAProcessStopItself) {
  for (const Kind kind : all_kinds()) {
    const bool disk = shape_of(kind).family == Family::disk && kind != Kind::disk_slow;
    EXPECT_EQ(stops_of(kind) != Stops::never, disk) << to_string(kind);
  }
}

}  // namespace
}  // namespace faults
