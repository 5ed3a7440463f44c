// The faults of disk_faults.h, one by one, below SQLite.

#include "simnet/disk_faults.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "tests/simnet/disk_support.h"

namespace simnet {
namespace {

using DiskFaultsTest = DiskTest;
constexpr std::uint32_t kAlways = 1'000'000;

std::string read_all(DiskHandle& file) {
  std::uint64_t size = 0;
  std::size_t got = 0;
  if (file.size(size) != DiskStatus::ok) {
    return "(no size)";
  }
  std::string into(size, '?');
  return file.read(0, std::as_writable_bytes(std::span(into)), got) == DiskStatus::ok ? into
                                                                                      : "(error)";
}

// By sector: how many bits of `seen` are not as in `truth`.
std::vector<int> wrong_bits(const std::string& seen, const std::string& truth) {
  std::vector<int> bits(truth.size() / 512);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    bits[i / 512] += std::popcount(static_cast<unsigned char>(seen[i] ^ truth[i]));
  }
  return bits;
}

TEST_F(DiskFaultsTest, LyingSyncLosesWhatItAcknowledged) {
  DiskFaults faults;
  faults.lying_sync = true;
  disk_.set_faults(faults);
  DiskHandle file = open("a");
  ASSERT_EQ(file.write(0, bytes_of("data")), DiskStatus::ok);
  EXPECT_EQ(file.sync(), DiskStatus::ok);
  EXPECT_EQ(disk_.stats().lied_syncs, 1U);
  EXPECT_EQ(disk_.image("a")->unsynced_sectors(), 1U);
  reboot(Script().draw());  // no step of the directory happened
  EXPECT_EQ(live("a"), "(none)");
}

TEST_F(DiskFaultsTest, CountedAndDrawnErrors) {
  DiskHandle file = open("a");
  DiskFaults faults;
  faults.io_error = {.spare = 1, .fail = 2};
  disk_.set_faults(faults);
  EXPECT_EQ(file.write(0, bytes_of("1234")), DiskStatus::ok);
  EXPECT_EQ(file.write(0, bytes_of("5")), DiskStatus::io_error);
  EXPECT_EQ(file.sync(), DiskStatus::io_error);
  EXPECT_EQ(file.sync(), DiskStatus::ok);
  EXPECT_EQ(live("a"), "1234");

  faults.io_error = {};
  faults.no_space = {.fail = 1};
  disk_.set_faults(faults);
  EXPECT_EQ(file.write(0, bytes_of("abcd")), DiskStatus::ok) << "does not extend the file";
  EXPECT_EQ(file.write(2, bytes_of("long")), DiskStatus::no_space);
  EXPECT_EQ(file.write(2, bytes_of("long")), DiskStatus::ok);

  faults.no_space = {};
  faults.io_error = {.permille = 200};
  faults.draw = draw_of(5);
  disk_.set_faults(faults);
  int failed = 0;
  for (int i = 0; i < 1000; ++i) {
    failed += file.write(0, bytes_of("x")) == DiskStatus::io_error ? 1 : 0;
  }
  EXPECT_GT(failed, 150);
  EXPECT_LT(failed, 250);
  EXPECT_EQ(disk_.stats().injected_errors, 3U + static_cast<std::uint64_t>(failed));
}

TEST_F(DiskFaultsTest, AnIoErrorStrikesPathsToo) {
  DiskHandle file = open("a");
  DiskFaults faults;
  faults.io_error = {.fail = 4};
  disk_.set_faults(faults);
  DiskHandle other;
  bool exists = false;
  std::uint64_t size = 0;
  EXPECT_EQ(disk_.open("b", {.create = true}, other), DiskStatus::io_error);
  EXPECT_EQ(disk_.remove("a", true), DiskStatus::io_error);
  EXPECT_EQ(disk_.exists("a", exists), DiskStatus::io_error);
  EXPECT_EQ(file.size(size), DiskStatus::io_error);
  EXPECT_EQ(file.lock(LockLevel::shared), DiskStatus::ok);
  EXPECT_EQ(disk_.files(), std::vector<std::string>{"a"});
}

TEST_F(DiskFaultsTest, TheDiskIsFullAtItsCapacity) {
  DiskHandle a = open("a");
  DiskHandle b = open("b");
  DiskFaults faults;
  faults.capacity_bytes = 1000;
  disk_.set_faults(faults);
  ASSERT_EQ(a.write(0, bytes_of(std::string(600, 'a'))), DiskStatus::ok);
  EXPECT_EQ(b.write(0, bytes_of(std::string(401, 'b'))), DiskStatus::no_space);
  EXPECT_EQ(b.write(0, bytes_of(std::string(400, 'b'))), DiskStatus::ok);
  EXPECT_EQ(disk_.bytes_used(), 1000U);
  EXPECT_EQ(a.write(0, bytes_of("rewritten")), DiskStatus::ok);
  EXPECT_EQ(a.write(600, bytes_of("x")), DiskStatus::no_space);
  ASSERT_EQ(b.truncate(0), DiskStatus::ok);
  EXPECT_EQ(a.write(600, bytes_of("x")), DiskStatus::ok) << "truncating made room";
}

TEST(DiskSlowness, CostsAreMultipliedAndStallsAdded) {
  Duration spent{};
  DiskHooks hooks;
  hooks.on_cost = [&](Duration cost) { spent += cost; };
  Disk disk({.write_cost = Duration(100)}, hooks);
  DiskHandle file;
  ASSERT_EQ(disk.open("a", {.create = true}, file), DiskStatus::ok);
  DiskFaults faults;
  faults.cost_permille = 2500;
  disk.set_faults(faults);
  ASSERT_EQ(file.write(0, bytes_of("x")), DiskStatus::ok);
  EXPECT_EQ(spent, Duration(250));
  faults.stall_permille = 100;
  faults.stall = Duration(1'000'000);
  faults.draw = draw_of(3);
  disk.set_faults(faults);
  spent = {};
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(file.write(0, bytes_of("x")), DiskStatus::ok);
  }
  const std::uint64_t stalls = disk.stats().stalls;
  EXPECT_GT(stalls, 60U);
  EXPECT_LT(stalls, 140U);
  EXPECT_EQ(spent, Duration(250'000 + static_cast<std::int64_t>(stalls) * 1'000'000));
  disk.set_faults_enabled(false);
  spent = {};
  ASSERT_EQ(file.write(0, bytes_of("x")), DiskStatus::ok);
  EXPECT_EQ(spent, Duration(100));
}

// The content, of 20 sectors, before and after the second sync.
class WriteFaultsTest : public DiskTest {
 protected:
  static constexpr std::size_t kBytes = 20 * 512;

  // Writes 'o' soundly and 'n' under `faults`.
  DiskHandle strike(DiskFaults faults) {
    DiskHandle file = open("a");
    EXPECT_EQ(file.write(0, bytes_of(std::string(kBytes, 'o'))), DiskStatus::ok);
    EXPECT_EQ(file.sync(), DiskStatus::ok);
    faults.draw = draw_of(5);
    disk_.set_faults(faults);
    std::string fresh(kBytes, 'n');
    for (std::size_t i = 0; i < 20; ++i) {
      fresh[i * 512] = static_cast<char>('A' + i);  // no two sectors alike
    }
    EXPECT_EQ(file.write(0, bytes_of(fresh)), DiskStatus::ok);
    EXPECT_EQ(read_all(file), fresh) << "what is not synced comes from the cache";
    EXPECT_EQ(file.sync(), DiskStatus::ok);
    truth_ = fresh;
    return file;
  }

  std::string truth_;
};

TEST_F(WriteFaultsTest, ALostWriteLeavesTheOldContentUntilSwitchedOff) {
  DiskFaults faults;
  faults.lost_write_ppm = kAlways / 2;
  DiskHandle file = strike(faults);
  const std::string now = read_all(file);
  std::size_t lost = 0;
  for (std::size_t sector = 0; sector < 20; ++sector) {
    const bool old = now[sector * 512 + 1] == 'o';
    EXPECT_EQ(now.substr(sector * 512, 512),
              old ? std::string(512, 'o') : truth_.substr(sector * 512, 512));
    lost += old ? 1U : 0U;
  }
  EXPECT_GT(lost, 2U);
  EXPECT_LT(lost, 18U);
  EXPECT_EQ(disk_.stats().lost_writes, lost);
  EXPECT_EQ(live("a"), truth_) << "the true bytes";
  disk_.set_faults_enabled(false);
  EXPECT_EQ(read_all(file), truth_);
  disk_.set_faults_enabled(true);
  EXPECT_EQ(read_all(file), now);
  disk_.set_observed(true);
  EXPECT_EQ(read_all(file), truth_);
  disk_.set_observed(false);
  disk_.set_faults({});
  EXPECT_EQ(read_all(file), truth_);
  disk_.set_faults({.damage_stays = true, .draw = {}});
  EXPECT_EQ(read_all(file), now) << "new writes are sound, old damage shows";
  reboot(draw_of(1));
  DiskHandle again = open("a", false);
  EXPECT_EQ(read_all(again), now) << "damage is on the medium";
  ASSERT_EQ(again.write(0, bytes_of(truth_)), DiskStatus::ok);
  ASSERT_EQ(again.sync(), DiskStatus::ok);
  EXPECT_EQ(read_all(again), truth_) << "a sound write mends it";
}

TEST_F(WriteFaultsTest, ATornWriteIsNewThenOld) {
  DiskFaults faults;
  faults.torn_write_ppm = kAlways;
  DiskHandle file = strike(faults);
  const std::string now = read_all(file);
  for (std::size_t sector = 0; sector < 20; ++sector) {
    const std::string part = now.substr(sector * 512, 512);
    const std::size_t prefix = part.find('o');
    ASSERT_NE(prefix, std::string::npos);
    EXPECT_GT(prefix, 0U);
    EXPECT_EQ(part.substr(0, prefix), truth_.substr(sector * 512, prefix));
    EXPECT_EQ(part.find_first_not_of('o', prefix), std::string::npos);
  }
  EXPECT_EQ(disk_.stats().torn_writes, 20U);
  disk_.set_faults({});
  EXPECT_EQ(read_all(file), truth_);
}

TEST_F(WriteFaultsTest, AMisdirectedWriteLandsElsewhere) {
  DiskFaults faults;
  faults.misdirected_write_ppm = kAlways / 5;
  DiskHandle file = strike(faults);
  const std::string now = read_all(file);
  std::size_t old = 0;
  std::size_t foreign = 0;
  for (std::size_t sector = 0; sector < 20; ++sector) {
    const std::string part = now.substr(sector * 512, 512);
    const auto home = static_cast<std::size_t>(part[0] - 'A');
    old += part[0] == 'o' ? 1U : 0U;
    foreign += home < 20 && home != sector ? 1U : 0U;
  }
  EXPECT_GT(disk_.stats().misdirected_writes, 0U);
  EXPECT_GT(foreign, 0U);
  EXPECT_GE(disk_.stats().misdirected_writes, old);
  disk_.set_faults({});
  EXPECT_EQ(read_all(file), truth_);
}

TEST_F(WriteFaultsTest, ASectorThatIsTruncatedAwayTakesItsDamageAlong) {
  DiskFaults faults;
  faults.lost_write_ppm = kAlways;
  DiskHandle file = strike(faults);
  ASSERT_EQ(file.truncate(700), DiskStatus::ok);
  ASSERT_EQ(file.truncate(2048), DiskStatus::ok);
  EXPECT_EQ(read_all(file), std::string(700, 'o') + std::string(2048 - 700, '\0'));
}

TEST_F(DiskFaultsTest, RotFlipsOneBitOfASectorForGood) {
  DiskHandle file = open("a");
  std::string truth(200 * 512, 'x');
  for (std::size_t i = 0; i < truth.size(); ++i) {
    truth[i] = static_cast<char>(i / 512);
  }
  ASSERT_EQ(file.write(0, bytes_of(truth)), DiskStatus::ok);
  DiskFaults faults;
  faults.bit_rot_ppm = kAlways / 10;
  faults.draw = draw_of(9);
  disk_.set_faults(faults);
  EXPECT_EQ(read_all(file), truth) << "not on the medium yet";
  ASSERT_EQ(file.sync(), DiskStatus::ok);
  const std::string rotten = read_all(file);
  const std::vector<int> first = wrong_bits(rotten, truth);
  EXPECT_EQ(std::ranges::max(first), 1);
  EXPECT_GT(std::ranges::count(first, 1), 5);
  EXPECT_LT(std::ranges::count(first, 1), 40);
  EXPECT_EQ(read_all(file), rotten) << "reading again heals nothing";
  std::string part(100, '?');
  std::size_t got = 0;
  for (std::size_t at = 50; at < truth.size() - 100; at += 777) {
    ASSERT_EQ(file.read(at, std::as_writable_bytes(std::span(part)), got), DiskStatus::ok);
    EXPECT_EQ(part, rotten.substr(at, 100)) << "however it is read";
  }
  for (std::size_t i = 0; i < truth.size(); i += 512) {
    truth[i] = static_cast<char>(truth[i] + 1);
  }
  ASSERT_EQ(file.write(0, bytes_of(truth)), DiskStatus::ok);
  ASSERT_EQ(file.sync(), DiskStatus::ok);
  const std::vector<int> second = wrong_bits(read_all(file), truth);
  EXPECT_GT(std::ranges::count(second, 1), 5);
  EXPECT_NE(second, first) << "other content has a new chance";
  disk_.set_faults_enabled(false);
  EXPECT_EQ(read_all(file), truth);
}

TEST_F(DiskFaultsTest, ALatentErrorRefusesTheSectorAndNoOther) {
  DiskHandle file = open("a");
  std::string content(100 * 512, 'x');
  for (std::size_t i = 0; i < 100; ++i) {
    content[i * 512] = static_cast<char>(i);
  }
  ASSERT_EQ(file.write(0, bytes_of(content)), DiskStatus::ok);
  ASSERT_EQ(file.sync(), DiskStatus::ok);
  DiskFaults faults;
  faults.latent_error_ppm = kAlways / 10;
  faults.draw = draw_of(9);
  disk_.set_faults(faults);
  const auto refused = [&] {
    std::string which;
    std::string into(10, '?');
    std::size_t got = 0;
    for (std::size_t i = 0; i < 100; ++i) {
      const auto bytes = std::as_writable_bytes(std::span(into));
      which += file.read(i * 512 + 100, bytes, got) == DiskStatus::ok ? '.' : 'x';
    }
    return which;
  };
  const std::string first = refused();
  const auto count = std::count(first.begin(), first.end(), 'x');
  EXPECT_GT(count, 2);
  EXPECT_LT(count, 25);
  EXPECT_EQ(refused(), first);
  EXPECT_EQ(read_all(file), "(error)");
  disk_.set_faults({});
  EXPECT_EQ(read_all(file), content);
}

TEST_F(DiskFaultsTest, WhatAFailedSyncLeavesBehind) {
  for (const FailedSync kind : {FailedSync::stays_dirty, FailedSync::clean, FailedSync::reverted}) {
    const std::string name = "f" + std::to_string(static_cast<int>(kind));
    DiskHandle file = open(name);
    ASSERT_EQ(file.write(0, bytes_of(std::string(600, 'o'))), DiskStatus::ok);
    ASSERT_EQ(file.sync(), DiskStatus::ok);
    ASSERT_EQ(file.write(0, bytes_of(std::string(700, 'n'))), DiskStatus::ok);
    DiskFaults faults;
    faults.sync_error = {.fail = 1};
    faults.failed_sync = kind;
    disk_.set_faults(faults);
    EXPECT_EQ(file.sync(), DiskStatus::io_error);
    const std::string seen = read_all(file);
    const std::string reverted = std::string(600, 'o') + std::string(100, '\0');
    EXPECT_EQ(seen, kind == FailedSync::reverted ? reverted : std::string(700, 'n'));
    EXPECT_EQ(file.sync(), DiskStatus::ok) << "the second one reports success";
    reboot(draw_of(1));
    EXPECT_EQ(live(name), kind == FailedSync::stays_dirty ? std::string(700, 'n') : reverted);
  }
}

// What strikes one kind of fault depends on no other kind.
TEST_F(DiskFaultsTest, OneFaultMovesNoOther) {
  const auto lost = [](std::uint32_t rot, std::uint32_t stall) {
    Disk disk;
    DiskHandle file;
    DiskFaults faults;
    faults.lost_write_ppm = kAlways / 3;
    faults.bit_rot_ppm = rot;
    faults.stall_permille = stall;
    faults.draw = draw_of(4);
    disk.set_faults(faults);
    EXPECT_EQ(disk.open("a", {.create = true}, file), DiskStatus::ok);
    EXPECT_EQ(file.write(0, bytes_of(std::string(50 * 512, 'n'))), DiskStatus::ok);
    EXPECT_EQ(file.sync(), DiskStatus::ok);
    faults = {.damage_stays = true, .draw = draw_of(4)};
    disk.set_faults(faults);
    return read_all(file);
  };
  EXPECT_EQ(lost(0, 0), lost(kAlways / 2, 500));
}

}  // namespace
}  // namespace simnet
