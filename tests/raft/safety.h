// S20 as an observer: what Raft promises (paper figure 3), judged from what nodes made
// durable, handed out and answered. It keeps its own books and asks no node for an opinion.
//
// Log matching is checked by induction: a pair of index and term names one entry and one
// predecessor for ever, so two logs that share a pair share everything before it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "system/raft/core.h"

namespace raft_tests {

using raft::Entry;
using raft::HardState;
using raft::Index;
using raft::NodeId;
using raft::Term;

// What a toy state machine holds: a hash over every entry applied.
struct State {
  Index applied = 0;
  std::uint64_t hash = 0;
  bool operator==(const State&) const = default;
};

State apply(State state, const Entry& entry);

class Safety {
 public:
  void saved_hard_state(NodeId node, const HardState& before, const HardState& now);
  // What leaves must rest on what is durable (paper section 5.2; figure 2, "before responding").
  void sent(const HardState& durable, const raft::Message& message);
  void saved_entry(NodeId node, Term previous_term, const Entry& entry);
  void elected(const raft::Core& leader);
  // `node` hands `entry` to its state machine, which then is in `state`.
  void applied(NodeId node, Term in_term, const Entry& entry, const State& state);
  void installed(NodeId node, const raft::SnapshotMark& mark, const State& state);
  // What a read asked now must see.
  Index read_floor() const { return committed_.size(); }
  void read_answered(NodeId node, Index floor, Index index);

  // What was broken first; empty: nothing.
  const std::string& violation() const { return violation_; }
  Index committed() const { return committed_.size(); }

 private:
  struct Known {
    Term previous_term = 0;
    Entry entry;
  };
  struct Committed {
    Term term = 0;
    Term in_term = 0;  // of the node that said so first: no older than the leader's that did it
    std::uint64_t state_hash = 0;
  };

  void broken(const std::string& what, NodeId node, Index index, Term term);

  std::map<Term, NodeId> leaders_;
  std::map<std::pair<Index, Term>, Known> known_;
  std::vector<Committed> committed_;  // of index i + 1
  std::string violation_;
};

}  // namespace raft_tests
