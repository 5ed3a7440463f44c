// What the driver takes out and confirms, and the part of the log it has no more use for.
#include <algorithm>
#include <utility>

#include "system/raft/impl.h"

namespace raft {

bool Core::Impl::has_ready() const {
  return hard_ != handed_hard_ || log_.has_unsaved() || snapshot_to_install_ ||
         !messages_.empty() || commit_ > handed_ || !reads_.empty() ||
         !snapshots_to_send_.empty() || appends_due_ || leader_reads_.wants_round();
}

// Appends and read rounds leave here and not where they are asked for, so that everything that was
// asked since the last Ready shares them.
Ready Core::Impl::ready() {
  if (appends_due_) {
    flush_appends();
  }
  if (leader_reads_.wants_round()) {
    open_read_round();
  }
  Ready ready;
  if (hard_ != handed_hard_) {
    ready.hard_state = handed_hard_ = hard_;  // before any message that rests on it
  }
  ready.entries = log_.take_unsaved();
  ready.snapshot_to_install = std::exchange(snapshot_to_install_, std::nullopt);
  ready.messages = std::exchange(messages_, {});
  if (commit_ > handed_) {
    ready.committed = log_.slice(handed_ + 1, commit_);
    handed_ = commit_;
  }
  ready.reads = std::exchange(reads_, {});
  ready.snapshots_to_send = std::exchange(snapshots_to_send_, {});
  return ready;
}

void Core::Impl::advance() {
  log_.confirm_saved();
  applied_ = handed_;
  if (leads()) {
    advance_commit();
  }
}

void Core::Impl::compact(Index index) {
  // A log that lost what was applied may get it back and be cut again before that is durable.
  index = std::min({index, applied_, commit_, log_.saved()});
  if (index > log_.snapshot().index) {
    log_.compact(index);
  }
}

SnapshotMark Core::Impl::mark_at_applied() const {
  const Index index = std::clamp(applied_, log_.snapshot().index, log_.last_index());
  return {index, *log_.term_at(index), log_.configuration_at(index)};
}

}  // namespace raft
