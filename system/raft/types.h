// The nouns of Raft: ids, terms, entries, configurations and what must be durable.
// Source of the rules: D. Ongaro, J. Ousterhout, "In Search of an Understandable
// Consensus Algorithm (Extended Version)", 2014 (here: "paper"), and D. Ongaro,
// "Consensus: Bridging Theory and Practice", PhD thesis, 2014 (here: "thesis").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace raft {

using NodeId = std::uint64_t;  // from 1; 0: nobody
using Term = std::uint64_t;    // from 1; 0: before the first election
using Index = std::uint64_t;   // from 1; 0: before the first entry

inline constexpr NodeId kNobody = 0;

enum class EntryKind : std::uint8_t {
  command,        // opaque to the core; goes to the state machine
  no_op,          // the first entry of a leader's term (paper section 8)
  configuration,  // data: encode(Configuration); in force once appended (thesis 4.1)
};

struct Entry {
  Index index = 0;
  Term term = 0;
  EntryKind kind = EntryKind::command;
  std::string data;
  bool operator==(const Entry&) const = default;
};

// Who takes part. Both lists ascend; nobody is in both. Learners get the log, never stand for
// election and never count (thesis 4.2.1). One that is asked for its vote gives it: the candidate's
// configuration may be newer (thesis 4.1).
struct Configuration {
  std::vector<NodeId> voters;
  std::vector<NodeId> learners;
  bool operator==(const Configuration&) const = default;

  bool is_voter(NodeId id) const;
  bool is_learner(NodeId id) const;
  bool contains(NodeId id) const { return is_voter(id) || is_learner(id); }
};

// "v1,2,3;l4,5". Errors of decode: std::invalid_argument.
std::string encode(const Configuration& configuration);
Configuration decode_configuration(std::string_view text);

// Durable before any message of the same Ready leaves (paper figure 2, "persistent state").
struct HardState {
  Term term = 0;
  NodeId vote = kNobody;  // in `term`
  bool operator==(const HardState&) const = default;
};

// What a snapshot stands for: everything up to and including `index` (paper section 7).
struct SnapshotMark {
  Index index = 0;
  Term term = 0;
  Configuration configuration;  // in force at `index`
  bool operator==(const SnapshotMark&) const = default;
};

}  // namespace raft
