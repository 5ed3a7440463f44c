// The log in memory: what follows the snapshot, and how much of it is durable. Holds the
// configurations that its entries bring into force (thesis section 4.1), so that one is
// taken back together with its entry.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "system/raft/types.h"

namespace raft {

class Log {
 public:
  // `entries` are durable and ascend without a gap from snapshot.index + 1.
  // Errors: std::invalid_argument when they do not, or a configuration cannot be decoded.
  Log(SnapshotMark snapshot, const std::vector<Entry>& entries);

  const SnapshotMark& snapshot() const { return snapshot_; }
  Index first_index() const { return snapshot_.index + 1; }
  Index last_index() const { return snapshot_.index + entries_.size(); }
  Term last_term() const { return entries_.empty() ? snapshot_.term : entries_.back().term; }
  // Also of the snapshot's last entry; nothing outside.
  std::optional<Term> term_at(Index index) const;
  bool matches(Index index, Term term) const { return term_at(index) == term; }
  // Whether a log that ends like this is at least as new as ours (paper section 5.4.1).
  bool is_no_newer_than(Index last_index, Term last_term) const;
  // The latest entry up to `index` whose term is not above `term`; where the two logs can still
  // agree (paper section 5.3, end). At least the snapshot's.
  Index latest_at_or_below(Index index, Term term) const;

  void append(Entry entry);  // REQUIRES: entry.index == last_index() + 1
  // Takes a leader's entries over, the first of which follows an entry that matches.
  // Only a conflicting entry cuts the log: a late message must not (paper section 5.3).
  // False, and nothing done: they contradict an entry up to `commit`.
  bool merge(std::vector<Entry> entries, Index commit);
  // Forgets entries up to `index`. REQUIRES: index in the log, and durable.
  void compact(Index index);
  // The log is now the snapshot and nothing else.
  void install(SnapshotMark mark);

  // [from, to]. Errors: std::logic_error when they are not all in the log.
  std::vector<Entry> slice(Index from, Index to) const;
  // From `from` on, at least one and then as many as `bytes_max` of data hold.
  std::vector<Entry> batch(Index from, std::size_t bytes_max) const;

  Index saved() const { return saved_; }  // durable up to here
  bool has_unsaved() const { return taken_ < last_index(); }
  std::vector<Entry> take_unsaved();  // durable once confirm_saved() is called
  void confirm_saved() { saved_ = taken_; }

  const Configuration& configuration() const { return configurations_.rbegin()->second; }
  Index configuration_index() const { return configurations_.rbegin()->first; }
  // REQUIRES: index >= snapshot().index
  const Configuration& configuration_at(Index index) const;

 private:
  void cut_from(Index index);

  SnapshotMark snapshot_;
  std::deque<Entry> entries_;
  Index taken_ = 0;
  Index saved_ = 0;
  std::map<Index, Configuration> configurations_;  // the first is the snapshot's
};

}  // namespace raft
