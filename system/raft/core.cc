#include "system/raft/core.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "system/probe/probe.h"
#include "system/raft/impl.h"

namespace raft {
namespace {

Options checked(Options options) {
  if (options.id == kNobody || options.heartbeat_ticks == 0 ||
      options.election_ticks <= options.heartbeat_ticks || options.inflight_max == 0 ||
      !options.random) {
    throw std::invalid_argument("raft: impossible options");
  }
  return options;
}

}  // namespace

Core::Impl::Impl(Options options, Restored restored)
    : options_(checked(std::move(options))),
      log_(std::move(restored.snapshot), restored.log),
      hard_(restored.hard_state),
      handed_hard_(restored.hard_state),
      distrusted_up_to_(restored.distrusted_up_to),
      commit_(std::min(restored.applied, log_.last_index())),
      handed_(restored.applied),
      applied_(restored.applied),
      forwarded_reads_(options_.random()) {
  if (restored.applied < log_.snapshot().index || hard_.term < log_.last_term()) {
    throw std::invalid_argument("raft: the restored parts contradict each other");
  }
  if (restored.applied > log_.last_index()) {
    // What was applied was committed: the log lost it.
    probe::hit<"raft.log_shorter_than_the_state">();
    distrusted_up_to_ = std::max(distrusted_up_to_, restored.applied);
  }
  restart_election_clock();
}

Core::Core(Options options, Restored restored)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(restored))) {}
Core::~Core() = default;
Core::Core(Core&&) noexcept = default;
Core& Core::operator=(Core&&) noexcept = default;

void Core::tick() { impl_->tick(); }
void Core::step(Message message) { impl_->step(std::move(message)); }
std::optional<Core::Proposed> Core::propose(std::string data) {
  return impl_->propose(EntryKind::command, std::move(data));
}
std::optional<Core::Proposed> Core::change(const Configuration& next) {
  return impl_->change(next);
}
void Core::read_index(std::uint64_t id) { impl_->read_index(id); }
bool Core::transfer_leadership(NodeId to) { return impl_->transfer_leadership(to); }
void Core::campaign() { impl_->campaign(); }
void Core::report_snapshot(NodeId to, bool arrived) { impl_->report_snapshot(to, arrived); }
void Core::compact(Index index) { impl_->compact(index); }

bool Core::has_ready() const { return impl_->has_ready(); }
Ready Core::ready() { return impl_->ready(); }
void Core::advance() { impl_->advance(); }

NodeId Core::id() const { return impl_->options().id; }
Role Core::role() const { return impl_->role(); }
Term Core::term() const { return impl_->hard_state().term; }
NodeId Core::vote() const { return impl_->hard_state().vote; }
NodeId Core::leader() const { return impl_->leader(); }
Index Core::commit() const { return impl_->commit(); }
Index Core::applied() const { return impl_->applied(); }
Index Core::first_index() const { return impl_->log().first_index(); }
Index Core::last_index() const { return impl_->log().last_index(); }
std::optional<Term> Core::term_at(Index index) const { return impl_->log().term_at(index); }
const Configuration& Core::configuration() const { return impl_->log().configuration(); }
const SnapshotMark& Core::snapshot() const { return impl_->log().snapshot(); }
SnapshotMark Core::mark_at_applied() const { return impl_->mark_at_applied(); }
bool Core::leads_with_quorum() const { return impl_->leads_with_quorum(); }
bool Core::may_vote() const { return impl_->may_vote(); }
std::map<NodeId, Progress> Core::progress() const { return impl_->progress(); }

}  // namespace raft
