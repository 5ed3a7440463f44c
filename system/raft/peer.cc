#include "system/raft/peer.h"

#include <algorithm>

#include "system/probe/probe.h"

namespace raft {

bool Peer::ready_for_append(std::size_t inflight_max) const {
  return state_ == State::replicate ? inflight_.size() < inflight_max : may_probe();
}

void Peer::sent_append(Index last, bool has_entries) {
  empty_due = false;
  if (state_ == State::probe) {
    probe_sent_ = true;
  } else if (has_entries) {
    inflight_.push_back(last);
    next_ = last + 1;
  }
}

void Peer::matched(Index index, Index first_index) {
  match_ = std::max(match_, index);
  next_ = state_ == State::replicate ? std::max(next_, match_ + 1) : match_ + 1;
  if (state_ != State::snapshot || next_ >= first_index) {
    state_ = State::replicate;
  }
  while (!inflight_.empty() && inflight_.front() <= match_) {
    inflight_.pop_front();
  }
}

void Peer::rejected(Index index, Index agreed) {
  const bool old = state_ == State::probe ? index != next_ - 1 : index < match_;
  if (state_ == State::snapshot || old) {
    return;
  }
  probe::hit_if<"raft.logs_compared_by_term">(agreed + 1 < index);  // else one step back
  // It may have lost what it once acknowledged; it says so itself.
  match_ = std::min(match_, agreed);
  become_probe(std::clamp<Index>(agreed + 1, 1, std::max<Index>(index, 1)));
}

void Peer::lost(Index last) {
  if (state_ != State::snapshot && last < match_) {
    probe::hit<"raft.acknowledged_entries_lost">();
    match_ = last;
    become_probe(last + 1);
  }
}

void Peer::resume() {
  probe_sent_ = false;
  empty_due = true;
}

void Peer::sent_snapshot(Index index) {
  state_ = State::snapshot;
  snapshot_index_ = index;
  inflight_.clear();
}

void Peer::snapshot_reported(bool arrived) {
  if (state_ == State::snapshot) {
    become_probe(arrived ? std::max(match_, snapshot_index_) + 1 : match_ + 1);
    probe_sent_ = true;  // its acknowledgement or a heartbeat's reply goes on from here
  }
}

void Peer::become_probe(Index next) {
  state_ = State::probe;
  next_ = next;
  probe_sent_ = false;
  inflight_.clear();
}

}  // namespace raft
