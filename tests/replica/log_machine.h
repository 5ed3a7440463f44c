// A disk with a log on it, whose process crashes and whose power goes as the test says.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "simnet/disk.h"
#include "simnet/random.h"
#include "simnet/vfs.h"
#include "system/replica/log.h"

namespace replica_test {

inline raft::Entry command(raft::Index index, raft::Term term, std::string data = "data") {
  return {index, term, raft::EntryKind::command, std::move(data) + std::to_string(index)};
}

inline const raft::Configuration kInitial{{1, 2, 3}, {4}};

class LogMachine {
 public:
  LogMachine() { vfs_.add_disk("n", disk_); }

  // Opens and recovers. Errors: store::Error.
  raft::Restored open(raft::Index applied = 0) {
    log_.emplace(file(), kInitial);
    return log_->recover(applied);
  }
  replica::Log& log() { return *log_; }
  void close() { log_.reset(); }
  // Runs SQL against the file of a log that is closed.
  void tamper(const char* sql) {
    store::Database database(file());
    database.execute(sql);
  }

  // What still runs of the process reaches the disk no more.
  void crash() {
    disk_.process_crash();
    close();
    disk_.set_faults({});
  }
  void lose_power(std::uint64_t seed) {
    disk_.power_loss([seed](std::string_view purpose, std::uint64_t a, std::uint64_t b) {
      return simnet::StreamKey(seed).child(purpose).child(a).at(b);
    });
    close();
    disk_.disarm_power_cut();
    disk_.power_on();
  }
  void fail_one_call_after(std::uint64_t spare) {
    simnet::DiskFaults faults;
    faults.io_error = {.spare = spare, .fail = 1};
    disk_.set_faults(faults);
  }
  simnet::Disk& disk() { return disk_; }

 private:
  env::DatabaseFile file() const { return {"/n/log.db", vfs_.name()}; }

  simnet::Disk disk_;
  simnet::Vfs vfs_{"replica-log-test"};
  std::optional<replica::Log> log_;
};

}  // namespace replica_test
