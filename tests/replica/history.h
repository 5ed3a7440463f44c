// What clients did and were told. S9: an acknowledged write is in the log once, where it was said
// to be. A linearizable read sees every write that was acknowledged before it began, and no less
// than any read that ended before it began.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/replica/register_machine.h"

namespace replica_test {

class History {
 public:
  void acknowledged(const std::string& value, std::uint64_t index);
  // Certainly not committed, neither now nor later.
  void refused(const std::string& value) { refused_.push_back(value); }

  // What a read that begins now must at least have applied.
  std::uint64_t floor() const { return floor_; }
  void read(std::uint64_t floor_then, std::uint64_t applied);

  // Holds all against what the replicas have in the end.
  void check(const std::vector<Written>& log);

  std::uint64_t writes() const { return acknowledged_.size(); }
  std::uint64_t reads() const { return reads_; }
  const std::vector<std::string>& violations() const { return violations_; }

  bool stop = false;  // the clients end

 private:
  std::map<std::string, std::uint64_t> acknowledged_;  // with the index
  std::vector<std::string> refused_;
  std::uint64_t floor_ = 0;
  std::uint64_t reads_ = 0;
  std::vector<std::string> violations_;
};

}  // namespace replica_test
