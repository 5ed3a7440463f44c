#include "system/raft/reads.h"

#include <utility>

namespace raft {

void LeaderReads::ask(NodeId from, std::uint64_t id, Index commit) {
  asked_.push_back({from, id, commit, round_ + 1});
  wants_round_ = true;
}

void LeaderReads::settle(Index commit) {
  for (const AskedRead& read : std::exchange(early_, {})) {
    ask(read.from, read.id, commit);
  }
}

void LeaderReads::open_round() {
  ++round_;
  wants_round_ = false;
}

std::vector<AskedRead> LeaderReads::confirmed(std::uint64_t round) {
  auto end = asked_.begin();
  while (end != asked_.end() && end->round <= round) {
    ++end;
  }
  std::vector<AskedRead> reads(asked_.begin(), end);
  asked_.erase(asked_.begin(), end);
  return reads;
}

std::vector<AskedRead> LeaderReads::abandon() {
  std::vector<AskedRead> reads = std::exchange(asked_, {});
  reads.insert(reads.end(), early_.begin(), early_.end());
  early_.clear();
  wants_round_ = false;
  return reads;
}

std::uint64_t ForwardedReads::add(std::uint64_t id) {
  waiting_[next_] = {id, 0};
  return next_++;
}

bool ForwardedReads::take(std::uint64_t on_wire, std::uint64_t& id) {
  const auto it = waiting_.find(on_wire);
  if (it == waiting_.end()) {
    return false;
  }
  id = it->second.id;
  waiting_.erase(it);
  return true;
}

std::vector<std::uint64_t> ForwardedReads::age(std::uint32_t ticks_max) {
  std::vector<std::uint64_t> old;
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    if (++it->second.ticks >= ticks_max) {
      old.push_back(it->second.id);
      it = waiting_.erase(it);
    } else {
      ++it;
    }
  }
  return old;
}

std::vector<std::uint64_t> ForwardedReads::abandon() {
  std::vector<std::uint64_t> all;
  for (const auto& [on_wire, waiting] : waiting_) {
    all.push_back(waiting.id);
  }
  waiting_.clear();
  return all;
}

}  // namespace raft
