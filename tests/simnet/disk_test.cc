#include "simnet/disk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/simnet/disk_support.h"

namespace simnet {
namespace {

TEST_F(DiskTest, ReadsBackWhatWasWrittenAndZerosInGaps) {
  DiskHandle file = open("a");
  ASSERT_EQ(file.write(3, bytes_of("hello")), DiskStatus::ok);
  std::string into(10, '?');
  std::size_t got = 0;
  ASSERT_EQ(file.read(1, std::as_writable_bytes(std::span(into)), got), DiskStatus::ok);
  EXPECT_EQ(got, 7U);
  EXPECT_EQ(into.substr(0, got), std::string("\0\0hello", 7));
  std::uint64_t size = 0;
  ASSERT_EQ(file.size(size), DiskStatus::ok);
  EXPECT_EQ(size, 8U);
  ASSERT_EQ(file.truncate(4), DiskStatus::ok);
  ASSERT_EQ(file.truncate(6), DiskStatus::ok);
  EXPECT_EQ(live("a"), std::string("\0\0\0h\0\0", 6));
}

TEST_F(DiskTest, PathCalls) {
  DiskHandle none = open("a", false);
  EXPECT_EQ(status_, DiskStatus::not_found);
  EXPECT_EQ(disk_.remove("a", true), DiskStatus::not_found);
  DiskHandle file = open("a");
  DiskHandle second;
  EXPECT_EQ(disk_.open("a", {.create = true, .exclusive = true}, second), DiskStatus::exists);
  bool exists = false;
  EXPECT_EQ(disk_.exists("a", exists), DiskStatus::ok);
  EXPECT_TRUE(exists);
  EXPECT_EQ(disk_.remove("a", false), DiskStatus::ok);
  EXPECT_EQ(disk_.exists("a", exists), DiskStatus::ok);
  EXPECT_FALSE(exists);
  // As in POSIX an open file outlives its name.
  EXPECT_EQ(file.write(0, bytes_of("x")), DiskStatus::ok);
  EXPECT_TRUE(disk_.files().empty());
}

TEST_F(DiskTest, SyncedBytesSurviveEveryDraw) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::string name = "f" + std::to_string(seed);
    DiskHandle file = open(name);
    const std::string content(1500, static_cast<char>('a' + seed % 26));
    ASSERT_EQ(file.write(0, bytes_of(content)), DiskStatus::ok);
    ASSERT_EQ(file.sync(), DiskStatus::ok);
    reboot(draw_of(seed));
    EXPECT_EQ(live(name), content);
  }
  EXPECT_EQ(disk_.files().size(), 50U);
  EXPECT_EQ(disk_.stats().sectors.kept + disk_.stats().sectors.dropped, 0U);
}

class SectorTest : public ::testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Bytes, SectorTest, ::testing::Values(512U, 4096U));

TEST_P(SectorTest, IsKeptDroppedOrTornOnItsOwn) {
  const std::size_t sector_bytes = GetParam();
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Disk disk({.sector_bytes = GetParam()});
    DiskHandle file;
    ASSERT_EQ(disk.open("a", {.create = true}, file), DiskStatus::ok);
    ASSERT_EQ(file.write(0, bytes_of(std::string(2 * sector_bytes, 'o'))), DiskStatus::ok);
    ASSERT_EQ(file.sync(), DiskStatus::ok);
    ASSERT_EQ(file.write(0, bytes_of(std::string(2 * sector_bytes, 'n'))), DiskStatus::ok);
    disk.power_loss(draw_of(seed));
    const std::string now = text_of(disk.image("a")->live());
    ASSERT_EQ(now.size(), 2 * sector_bytes);
    std::string outcome;
    for (std::size_t sector = 0; sector < 2; ++sector) {
      const std::string part = now.substr(sector * sector_bytes, sector_bytes);
      const std::size_t fresh = part.find_first_not_of('n');
      const std::size_t prefix = fresh == std::string::npos ? sector_bytes : fresh;
      EXPECT_EQ(part.find_first_not_of('o', prefix), std::string::npos) << "new prefix, old suffix";
      outcome += prefix == 0 ? 'd' : prefix == sector_bytes ? 'k' : 't';
    }
    outcomes.insert(outcome);
    const SectorFates& fates = disk.stats().sectors;
    EXPECT_EQ(fates.kept, static_cast<std::uint64_t>(std::ranges::count(outcome, 'k')));
    EXPECT_EQ(fates.dropped, static_cast<std::uint64_t>(std::ranges::count(outcome, 'd')));
    EXPECT_EQ(fates.torn, static_cast<std::uint64_t>(std::ranges::count(outcome, 't')));
  }
  EXPECT_EQ(outcomes.size(), 9U);
}

TEST_F(DiskTest, ADecisionDoesNotDependOnOtherSectorsOrFiles) {
  const auto last_sector = [](bool crowded) {
    Disk disk;
    DiskHandle other;
    DiskHandle file;
    EXPECT_EQ(disk.open("b", {.create = true}, file), DiskStatus::ok);
    EXPECT_EQ(file.write(0, bytes_of(std::string(5120, 'o'))), DiskStatus::ok);
    EXPECT_EQ(file.sync(), DiskStatus::ok);
    if (crowded) {
      EXPECT_EQ(disk.open("a", {.create = true}, other), DiskStatus::ok);
      EXPECT_EQ(other.write(0, bytes_of(std::string(2048, 'x'))), DiskStatus::ok);
      EXPECT_EQ(file.write(0, bytes_of(std::string(4608, 'n'))), DiskStatus::ok);
    }
    EXPECT_EQ(file.write(4608, bytes_of(std::string(512, 'n'))), DiskStatus::ok);
    disk.power_loss(draw_of(7));
    return text_of(disk.image("b")->live()).substr(4608);
  };
  EXPECT_EQ(last_sector(false), last_sector(true));
}

TEST_F(DiskTest, APendingTruncationHappenedOrNot) {
  for (const bool happened : {false, true}) {
    const std::string name = happened ? "yes" : "no";
    DiskHandle file = open(name);
    ASSERT_EQ(file.write(0, bytes_of(std::string(1024, 'o'))), DiskStatus::ok);
    ASSERT_EQ(file.sync(), DiskStatus::ok);
    ASSERT_EQ(file.truncate(0), DiskStatus::ok);
    ASSERT_EQ(file.write(0, bytes_of(std::string(600, 'n'))), DiskStatus::ok);
    // Whole extension, all sectors kept.
    reboot(Script().set("truncate", happened, 2).set("size", 3, 4).set("mood", 0, 4).draw());
    EXPECT_EQ(live(name), happened ? std::string(600, 'n') : std::string(1024, 'o'));
  }
}

TEST_F(DiskTest, AnExtensionGetsAnyPartOfTheWay) {
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Disk disk;
    DiskHandle file;
    ASSERT_EQ(disk.open("a", {.create = true}, file), DiskStatus::ok);
    ASSERT_EQ(file.write(0, bytes_of("start")), DiskStatus::ok);
    ASSERT_EQ(file.sync(), DiskStatus::ok);
    ASSERT_EQ(file.write(5, bytes_of(std::string(2000, 'n'))), DiskStatus::ok);
    disk.power_loss(draw_of(seed));
    sizes.insert(disk.image("a")->size());
    EXPECT_EQ(text_of(disk.image("a")->live()).substr(0, 5), "start");
  }
  EXPECT_EQ(*sizes.begin(), 5U);
  EXPECT_EQ(*sizes.rbegin(), 2005U);
  EXPECT_GT(sizes.size(), 10U);
}

TEST_F(DiskTest, UnsyncedNamesMayVanishStayOrComeBack) {
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Disk disk;
    DiskHandle file;
    ASSERT_EQ(disk.open("removed", {.create = true}, file), DiskStatus::ok);
    ASSERT_EQ(file.sync(), DiskStatus::ok);
    ASSERT_EQ(disk.remove("removed", false), DiskStatus::ok);
    ASSERT_EQ(disk.open("new", {.create = true}, file), DiskStatus::ok);
    disk.power_loss(draw_of(seed));
    std::string outcome;
    for (const std::string& name : disk.files()) {
      outcome += name + " ";
    }
    outcomes.insert(outcome);
  }
  EXPECT_EQ(outcomes, (std::set<std::string>{"", "new ", "removed ", "new removed "}));
}

TEST_F(DiskTest, ANameUsedAgainIsOldOrAbsentOrNew) {
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Disk disk;
    DiskHandle file;
    ASSERT_EQ(disk.open("a", {.create = true}, file), DiskStatus::ok);
    ASSERT_EQ(file.write(0, bytes_of("old")), DiskStatus::ok);
    ASSERT_EQ(file.sync(), DiskStatus::ok);
    ASSERT_EQ(disk.remove("a", false), DiskStatus::ok);
    ASSERT_EQ(disk.open("a", {.create = true}, file), DiskStatus::ok);
    disk.power_loss(draw_of(seed));
    outcomes.insert(disk.image("a") == nullptr ? "absent" : text_of(disk.image("a")->live()));
  }
  EXPECT_EQ(outcomes, (std::set<std::string>{"", "absent", "old"}));
}

TEST_F(DiskTest, SyncingTheDirectorySettlesNames) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Disk disk;
    DiskHandle file;
    ASSERT_EQ(disk.open("removed", {.create = true}, file), DiskStatus::ok);
    ASSERT_EQ(file.sync(), DiskStatus::ok);
    ASSERT_EQ(disk.open("new", {.create = true}, file), DiskStatus::ok);
    ASSERT_EQ(disk.remove("removed", true), DiskStatus::ok);
    disk.power_loss(draw_of(seed));
    EXPECT_EQ(disk.files(), std::vector<std::string>{"new"});
  }
}

TEST_F(DiskTest, AProcessCrashKeepsTheCacheAndMakesHandlesStale) {
  DiskHandle file = open("a");
  ASSERT_EQ(file.write(0, bytes_of("cached")), DiskStatus::ok);
  ASSERT_EQ(file.lock(LockLevel::shared), DiskStatus::ok);
  ASSERT_EQ(file.lock(LockLevel::exclusive), DiskStatus::ok);
  disk_.process_crash();
  EXPECT_TRUE(file.stale());
  const std::uint64_t calls = disk_.stats().calls;
  std::string into(6, '?');
  std::size_t got = 1;
  std::uint64_t size = 1;
  bool reserved = false;
  EXPECT_EQ(file.write(0, bytes_of("broken")), DiskStatus::stale);
  EXPECT_EQ(file.read(0, std::as_writable_bytes(std::span(into)), got), DiskStatus::stale);
  EXPECT_EQ(file.truncate(0), DiskStatus::stale);
  EXPECT_EQ(file.sync(), DiskStatus::stale);
  EXPECT_EQ(file.size(size), DiskStatus::stale);
  EXPECT_EQ(file.lock(LockLevel::shared), DiskStatus::stale);
  EXPECT_EQ(file.unlock(LockLevel::none), DiskStatus::stale);
  EXPECT_EQ(file.reserved(reserved), DiskStatus::stale);
  EXPECT_EQ(disk_.stats().calls, calls);
  EXPECT_EQ(live("a"), "cached");
  EXPECT_EQ(disk_.image("a")->unsynced_sectors(), 1U);

  DiskHandle next = open("a");
  EXPECT_EQ(next.lock(LockLevel::shared), DiskStatus::ok);
  EXPECT_EQ(next.lock(LockLevel::exclusive), DiskStatus::ok) << "the old lock is gone";
  file.close();
  EXPECT_EQ(next.reserved(reserved), DiskStatus::ok);
  EXPECT_TRUE(reserved) << "closing a stale handle releases nothing";
}

TEST_F(DiskTest, DeleteOnCloseTakesTheNameAtOnce) {
  DiskHandle file;
  ASSERT_EQ(disk_.open("t", {.create = true, .delete_on_close = true}, file), DiskStatus::ok);
  EXPECT_EQ(live("t"), "(none)");
  EXPECT_EQ(file.write(0, bytes_of("x")), DiskStatus::ok);
  disk_.process_crash();
  file.close();
  EXPECT_EQ(live("t"), "(none)");
}

TEST_F(DiskTest, LosingTheDiskLeavesNothing) {
  DiskHandle file = open("a");
  ASSERT_EQ(file.write(0, bytes_of("kept")), DiskStatus::ok);
  ASSERT_EQ(file.sync(), DiskStatus::ok);
  disk_.lose_everything();
  EXPECT_TRUE(file.stale());
  EXPECT_TRUE(disk_.files().empty());
  DiskHandle again;
  EXPECT_EQ(disk_.open("a", {.create = true}, again), DiskStatus::off);
  disk_.power_on();
  EXPECT_EQ(disk_.open("a", {}, again), DiskStatus::not_found);
  EXPECT_EQ(file.write(0, bytes_of("late")), DiskStatus::stale);
  EXPECT_EQ(disk_.stats().disk_losses, 1U);
}

TEST_F(DiskTest, ADiskWithoutPowerRefusesPaths) {
  DiskHandle file = open("a");
  ASSERT_EQ(file.sync(), DiskStatus::ok);
  disk_.power_loss(draw_of(1));
  bool exists = true;
  DiskHandle again;
  EXPECT_EQ(disk_.open("a", {.create = true}, again), DiskStatus::off);
  EXPECT_EQ(disk_.exists("a", exists), DiskStatus::off);
  EXPECT_EQ(disk_.remove("a", true), DiskStatus::off);
  EXPECT_EQ(live("a"), "");
  disk_.power_on();
  EXPECT_EQ(disk_.open("a", {}, again), DiskStatus::ok);
}

TEST(DiskPowerCut, FailsThatCallAndAllLaterOnesAndReportsOnce) {
  int cuts = 0;
  DiskHooks hooks;
  hooks.on_power_cut = [&] { ++cuts; };
  Disk disk({}, hooks);
  DiskHandle file;
  ASSERT_EQ(disk.open("a", {.create = true}, file), DiskStatus::ok);
  disk.cut_power_after(2);
  disk.disarm_power_cut();
  ASSERT_EQ(file.write(0, bytes_of("1")), DiskStatus::ok);
  ASSERT_EQ(file.sync(), DiskStatus::ok);
  disk.cut_power_after(2);
  EXPECT_EQ(file.write(0, bytes_of("2")), DiskStatus::ok);
  EXPECT_EQ(cuts, 0);
  EXPECT_EQ(file.sync(), DiskStatus::power_cut);
  EXPECT_TRUE(disk.power_was_cut());
  EXPECT_EQ(file.sync(), DiskStatus::off);
  EXPECT_EQ(disk.remove("a", true), DiskStatus::off);
  EXPECT_EQ(cuts, 1);
  EXPECT_EQ(disk.stats().power_cuts, 1U);
  file.close();
  disk.power_loss(draw_of(3));
  disk.power_on();
  EXPECT_EQ(disk.open("a", {}, file), DiskStatus::ok) << "the cut is over";
}

TEST(DiskPowerCut, TheWriteThatIsCutMayLand) {
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Disk disk;
    DiskHandle file;
    ASSERT_EQ(disk.open("a", {.create = true}, file), DiskStatus::ok);
    ASSERT_EQ(file.write(0, bytes_of("old")), DiskStatus::ok);
    ASSERT_EQ(file.sync(), DiskStatus::ok);
    disk.cut_power_after(1);
    ASSERT_EQ(file.write(0, bytes_of("new")), DiskStatus::power_cut);
    ASSERT_EQ(text_of(disk.image("a")->live()), "old");
    disk.power_loss(draw_of(seed));
    outcomes.insert(text_of(disk.image("a")->live()));
  }
  EXPECT_EQ(outcomes, (std::set<std::string>{"new", "old"}));
}

TEST(DiskCost, EachCallIsChargedAndSyncsAreHashed) {
  Duration spent{};
  std::vector<std::uint64_t> hashes;
  DiskHooks hooks;
  hooks.on_cost = [&](Duration cost) { spent += cost; };
  hooks.on_sync = [&](std::string_view file, std::uint64_t hash) {
    EXPECT_EQ(file, "a");
    hashes.push_back(hash);
  };
  Disk disk({.read_cost = Duration(1), .write_cost = Duration(20), .sync_cost = Duration(300)},
            hooks);
  DiskHandle file;
  ASSERT_EQ(disk.open("a", {.create = true}, file), DiskStatus::ok);
  for (const char* text : {"one", "two", "one"}) {
    ASSERT_EQ(file.write(0, bytes_of(text)), DiskStatus::ok);
    ASSERT_EQ(file.sync(), DiskStatus::ok);
  }
  std::string into(3, '?');
  std::size_t got = 0;
  ASSERT_EQ(file.read(0, std::as_writable_bytes(std::span(into)), got), DiskStatus::ok);
  EXPECT_EQ(spent, Duration(3 * 320 + 1));
  ASSERT_EQ(hashes.size(), 3U);
  EXPECT_NE(hashes[0], hashes[1]);
  EXPECT_EQ(hashes[0], hashes[2]);
  EXPECT_EQ(disk.stats().bytes_written, 9U);
}

// https://www.sqlite.org/lockingv3.html, section 3.
TEST_F(DiskTest, LocksConflictAsInSqlite) {
  DiskHandle a = open("f");
  DiskHandle b = open("f");
  DiskHandle c = open("f");
  EXPECT_EQ(a.lock(LockLevel::shared), DiskStatus::ok);
  EXPECT_EQ(b.lock(LockLevel::shared), DiskStatus::ok);
  EXPECT_EQ(a.lock(LockLevel::reserved), DiskStatus::ok);
  EXPECT_EQ(b.lock(LockLevel::reserved), DiskStatus::busy);
  EXPECT_EQ(c.lock(LockLevel::shared), DiskStatus::ok) << "readers may join a reserved lock";
  EXPECT_EQ(c.unlock(LockLevel::none), DiskStatus::ok);
  EXPECT_EQ(a.lock(LockLevel::exclusive), DiskStatus::busy);
  EXPECT_EQ(c.lock(LockLevel::shared), DiskStatus::busy) << "pending keeps new readers out";
  EXPECT_EQ(b.unlock(LockLevel::none), DiskStatus::ok);
  EXPECT_EQ(a.lock(LockLevel::exclusive), DiskStatus::ok);
  EXPECT_EQ(c.lock(LockLevel::shared), DiskStatus::busy);
  EXPECT_EQ(a.unlock(LockLevel::shared), DiskStatus::ok);
  EXPECT_EQ(c.lock(LockLevel::shared), DiskStatus::ok);
  a.close();
  EXPECT_EQ(c.lock(LockLevel::exclusive), DiskStatus::ok) << "closing released a's lock";
}

}  // namespace
}  // namespace simnet
