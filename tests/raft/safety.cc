#include "tests/raft/safety.h"

namespace raft_tests {

State apply(State state, const Entry& entry) {
  auto mix = [&](std::uint64_t word) { state.hash = (state.hash ^ word) * 0x100000001b3u + 1; };
  mix(entry.index);
  mix(entry.term);
  mix(static_cast<std::uint64_t>(entry.kind));
  for (const char c : entry.data) {
    mix(static_cast<unsigned char>(c));
  }
  state.applied = entry.index;
  return state;
}

void Safety::broken(const std::string& what, NodeId node, Index index, Term term) {
  if (violation_.empty()) {
    violation_ = what + ": node " + std::to_string(node) + ", index " + std::to_string(index) +
                 ", term " + std::to_string(term);
  }
}

void Safety::saved_hard_state(NodeId node, const HardState& before, const HardState& now) {
  const bool vote_changed =
      now.term == before.term && before.vote != raft::kNobody && now.vote != before.vote;
  if (now.term < before.term || vote_changed) {
    broken("term or vote went back", node, 0, now.term);
  }
}

void Safety::sent(const HardState& durable, const raft::Message& message) {
  if (message.kind == raft::MessageKind::pre_vote ||
      message.kind == raft::MessageKind::pre_vote_reply) {
    return;  // of a term to be
  }
  const bool votes = message.kind == raft::MessageKind::vote_reply && !message.reject;
  const bool vote_kept = durable.term > message.term || durable.vote == message.to;
  if (durable.term < message.term || (votes && !vote_kept)) {
    broken("sent before it was durable", message.from, 0, message.term);
  }
}

void Safety::saved_entry(NodeId node, Term previous_term, const Entry& entry) {
  const auto [it, is_new] =
      known_.try_emplace({entry.index, entry.term}, Known{previous_term, entry});
  if (!is_new && (it->second.previous_term != previous_term || it->second.entry != entry)) {
    broken("log matching", node, entry.index, entry.term);
  }
}

void Safety::elected(const raft::Core& leader) {
  const auto [it, is_new] = leaders_.emplace(leader.term(), leader.id());
  if (it->second != leader.id()) {
    broken("election safety", leader.id(), 0, leader.term());
  }
  for (Index index = committed_.size(); is_new && index >= leader.first_index(); --index) {
    const Committed& entry = committed_[index - 1];
    if (entry.in_term < leader.term() && leader.term_at(index) != entry.term) {
      broken("leader completeness", leader.id(), index, leader.term());
    }
  }
}

void Safety::applied(NodeId node, Term in_term, const Entry& entry, const State& state) {
  if (entry.index == committed_.size() + 1) {
    committed_.push_back({entry.term, in_term, state.hash});
  }
  if (entry.index == 0 || entry.index > committed_.size()) {
    broken("a gap before what was handed out", node, entry.index, entry.term);
  } else if (committed_[entry.index - 1].term != entry.term ||
             committed_[entry.index - 1].state_hash != state.hash) {
    broken("state machine safety", node, entry.index, entry.term);
  }
}

void Safety::installed(NodeId node, const raft::SnapshotMark& mark, const State& state) {
  const bool known = mark.index > 0 && mark.index <= committed_.size();
  if (!known || state.applied != mark.index || committed_[mark.index - 1].term != mark.term ||
      committed_[mark.index - 1].state_hash != state.hash) {
    broken("snapshot of what nobody committed", node, mark.index, mark.term);
  }
}

void Safety::read_answered(NodeId node, Index floor, Index index) {
  if (index < floor) {
    broken("stale read: acknowledged before was " + std::to_string(floor), node, index, 0);
  }
}

}  // namespace raft_tests
