// Elections (paper section 5.2 and 5.4.1), with pre-vote (thesis section 9.6).
#include <utility>

#include "system/probe/probe.h"
#include "system/raft/impl.h"

namespace raft {

// Each round waits for another while, so that split votes end (paper section 5.2).
void Core::Impl::restart_election_clock() {
  elapsed_ticks_ = 0;
  timeout_ticks_ = options_.election_ticks +
                   static_cast<std::uint32_t>(options_.random() % options_.election_ticks);
}

void Core::Impl::become_follower(Term term, NodeId leader) {
  if (term != hard_.term) {
    hard_ = {term, kNobody};
  }
  // A follower that only learns of a term does not wait longer for it: a candidate
  // that cannot win would otherwise hold up one that can.
  if (role_ != Role::follower || leader != kNobody) {
    restart_election_clock();
  }
  role_ = Role::follower;
  leader_ = leader;
  peers_.clear();
  appends_due_ = false;
  transferee_ = kNobody;
  snapshots_to_send_.clear();
  for (const AskedRead& read : leader_reads_.abandon()) {
    probe::hit<"raft.read_lost_with_leadership">();
    answer_read(read, true);
  }
  abandon_forwarded_reads();
}

// A leader is alive as far as this node knows.
bool Core::Impl::in_lease() const {
  return leads() || (leader_ != kNobody && elapsed_ticks_ < options_.election_ticks);
}

// A server whose own removal is in its log but not committed may be the only one that can still
// win; it does not count itself then (thesis section 4.2.2).
bool Core::Impl::may_campaign() const {
  const bool being_removed =
      log_.configuration_index() > commit_ &&
      log_.configuration_at(log_.configuration_index() - 1).is_voter(options_.id);
  return may_vote() && !leads() && (log_.configuration().is_voter(options_.id) || being_removed);
}

void Core::Impl::campaign() {
  if (may_campaign()) {
    start_election(true);
  }
}

// Asks first whether an election could be won, so that a node that was cut off does not come
// back with a term that ends a good leader's (thesis section 9.6).
void Core::Impl::start_pre_vote() {
  role_ = Role::pre_candidate;
  ask_for_votes(MessageKind::pre_vote, hard_.term + 1, false);
}

void Core::Impl::start_election(bool force) {
  role_ = Role::candidate;
  leader_ = kNobody;
  abandon_forwarded_reads();
  hard_ = {hard_.term + 1, options_.id};
  restart_election_clock();
  ask_for_votes(MessageKind::vote, hard_.term, force);
}

void Core::Impl::ask_for_votes(MessageKind kind, Term term, bool force) {
  for (const NodeId voter : voters()) {
    if (voter == options_.id) {
      continue;
    }
    Message message;
    message.kind = kind;
    message.to = voter;
    message.term = term;
    message.log_index = log_.last_index();
    message.log_term = log_.last_term();
    message.force = force;
    send(std::move(message));
  }
  votes_ = {{options_.id, true}};
  judge_votes();
}

void Core::Impl::judge_votes() {
  switch (count_votes(voters(), votes_)) {
    case Verdict::open:
      return;
    case Verdict::lost:
      probe::hit_if<"raft.pre_vote_lost">(role_ == Role::pre_candidate);
      probe::hit_if<"raft.vote_lost">(role_ == Role::candidate);
      become_follower(hard_.term, kNobody);
      return;
    case Verdict::won:
      role_ == Role::pre_candidate ? start_election(false) : become_leader();
  }
}

// The voter's own view of the configuration plays no part: the candidate's may be newer, and it
// asks voters only (thesis section 4.1).
void Core::Impl::on_pre_vote(const Message& message) {
  const bool granted = may_vote() && message.term > hard_.term &&
                       log_.is_no_newer_than(message.log_index, message.log_term);
  probe::hit_if<"raft.pre_vote_refused">(!granted);
  Message reply;
  reply.kind = MessageKind::pre_vote_reply;
  reply.to = message.from;
  reply.term = granted ? message.term : hard_.term;
  reply.reject = !granted;
  if (reply.term != 0) {
    send(std::move(reply));
  }
}

void Core::Impl::on_vote(const Message& message) {
  const bool free = hard_.vote == message.from || (hard_.vote == kNobody && leader_ == kNobody);
  const bool granted =
      may_vote() && free && log_.is_no_newer_than(message.log_index, message.log_term);
  if (granted) {
    hard_.vote = message.from;
    restart_election_clock();
  }
  probe::hit_if<"raft.vote_refused_without_trust">(!may_vote());
  probe::hit_if<"raft.vote_refused_given_away">(may_vote() && !free);
  probe::hit_if<"raft.vote_refused_to_old_log">(may_vote() && free && !granted);
  Message reply;
  reply.kind = MessageKind::vote_reply;
  reply.to = message.from;
  reply.reject = !granted;
  send(std::move(reply));
}

void Core::Impl::on_vote_answer(const Message& message, Role asked_as) {
  const bool pre_vote_granted = asked_as == Role::pre_candidate && !message.reject;
  const Term term_asked_for = pre_vote_granted ? hard_.term + 1 : hard_.term;
  if (role_ != asked_as || message.term != term_asked_for) {
    return;
  }
  votes_.emplace(message.from, !message.reject);
  judge_votes();
}

// Leadership is handed to this node: no lease and no pre-vote stand in the way
// (thesis sections 3.10 and 4.2.3).
void Core::Impl::on_timeout_now() {
  if (may_campaign()) {
    probe::hit<"raft.leadership_handed_to_this_node">();
    start_election(true);
  }
}

}  // namespace raft
