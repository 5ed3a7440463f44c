// Crashes of a machine that runs books.h on a simulated disk: one experiment, and tallies
// of many.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "simnet/vfs.h"
#include "tests/vfs/books.h"

namespace vfs_tests {

simnet::Draw draw_of(std::uint64_t seed);

// How a database is run, and on what.
struct LabSetup {
  std::string journal_mode = "TRUNCATE";
  std::string synchronous = "FULL";
  std::string locking_mode = "EXCLUSIVE";
  std::uint32_t sector_bytes = 512;
  simnet::DiskFaults faults;  // while the workload runs; `draw` is filled in

  std::string pragmas() const;
  // Not with a write-ahead log: wal_savepoint_test.cc says why.
  bool savepoints() const { return journal_mode != "WAL"; }
};

// A disk with a database on it and the VFS to reach it.
class Lab {
 public:
  static constexpr const char* kPath = "/h/books.db";

  explicit Lab(const LabSetup& setup, std::uint64_t seed);

  simnet::Disk& disk() { return disk_; }
  Progress run(const Books& books);
  // The power comes back; write faults have stopped, but their damage is there.
  void lose_power(std::uint64_t seed);

 private:
  LabSetup setup_;
  simnet::Disk disk_;
  simnet::Vfs vfs_{"crash-lab"};
};

struct Tally {
  std::uint64_t experiments = 0;
  std::array<std::uint64_t, kSymptoms> of{};
  std::array<std::string, kSymptoms> first;
  simnet::SectorFates sectors;
  std::uint64_t cut_again = 0;  // during recovery

  std::uint64_t count(Symptom symptom) const { return of[static_cast<std::size_t>(symptom)]; }
  std::uint64_t broken() const { return experiments - count(Symptom::none); }
  void add(const Verdict& verdict, const std::string& where);
  std::string text() const;
};

// How many disk calls the workload makes when nothing happens.
std::uint64_t calls_of(const Books& books, const LabSetup& setup);

// Runs the workload and cuts the power at its call-th disk call; one time in four again
// during the recovery. The draws are `seed`'s.
void cut_power(const Books& books, const LabSetup& setup, std::uint64_t call, std::uint64_t seed,
               Tally& tally);

// `cuts` of them over workloads of every shape, spread evenly over their calls.
Tally cut_power_often(const LabSetup& setup, std::uint64_t cuts, std::uint64_t seed);

}  // namespace vfs_tests
