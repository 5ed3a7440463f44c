// What arrives, by term first (paper section 5.1), and the passing of time.
#include <utility>

#include "system/probe/probe.h"
#include "system/raft/impl.h"

namespace raft {
namespace {

bool is_from_leader(MessageKind kind) {
  return kind == MessageKind::append || kind == MessageKind::heartbeat ||
         kind == MessageKind::snapshot;
}

bool asks_for_vote(MessageKind kind) {
  return kind == MessageKind::pre_vote || kind == MessageKind::vote;
}

}  // namespace

void Core::Impl::step(Message message) {
  const bool ours = message.to == options_.id && message.from != options_.id;
  if (!ours || !is_well_formed(message)) {
    return;
  }
  if (message.term > hard_.term && !enter_newer_term(message)) {
    return;
  }
  const bool granted_pre_vote =
      message.kind == MessageKind::pre_vote_reply && !message.reject;  // of a term to be
  if (message.term < hard_.term && !granted_pre_vote) {
    answer_older_term(message);
    return;
  }
  dispatch(std::move(message));
}

// False: the message is to be ignored.
bool Core::Impl::enter_newer_term(const Message& message) {
  // Who hears from a leader helps nobody to disturb it (thesis sections 4.2.3 and 6.4.1).
  if (asks_for_vote(message.kind) && !message.force && in_lease()) {
    probe::hit<"raft.candidate_ignored_in_lease">();
    return false;
  }
  const bool about_a_term_to_be = message.kind == MessageKind::pre_vote ||
                                  (message.kind == MessageKind::pre_vote_reply && !message.reject);
  if (!about_a_term_to_be) {
    probe::hit_if<"raft.leader_met_newer_term">(leads());
    become_follower(message.term, is_from_leader(message.kind) ? message.from : kNobody);
  }
  return true;
}

// Tells a leader or candidate of the past about the present; all else is dropped (paper
// section 5.1). A leader must hear of it even when it is this node alone that is ahead:
// it is not followed otherwise (thesis section 9.6 keeps terms from running ahead, a transfer
// that failed does not).
void Core::Impl::answer_older_term(const Message& message) {
  Message reply;
  reply.to = message.from;
  reply.reject = true;
  if (is_from_leader(message.kind)) {
    probe::hit<"raft.past_leader_told">();
    reply.kind = MessageKind::append_reply;
  } else if (message.kind == MessageKind::vote) {
    probe::hit<"raft.past_candidate_told">();
    reply.kind = MessageKind::vote_reply;
  } else if (message.kind == MessageKind::pre_vote) {
    reply.kind = MessageKind::pre_vote_reply;
  } else {
    return;
  }
  send(std::move(reply));
}

void Core::Impl::dispatch(Message message) {
  switch (message.kind) {
    case MessageKind::pre_vote:
      return on_pre_vote(message);
    case MessageKind::pre_vote_reply:
      return on_vote_answer(message, Role::pre_candidate);
    case MessageKind::vote:
      return on_vote(message);
    case MessageKind::vote_reply:
      return on_vote_answer(message, Role::candidate);
    case MessageKind::append:
      return on_append(std::move(message));
    case MessageKind::append_reply:
      return on_append_reply(message);
    case MessageKind::heartbeat:
      return on_heartbeat(message);
    case MessageKind::heartbeat_reply:
      return on_heartbeat_reply(message);
    case MessageKind::snapshot:
      return on_snapshot(message);
    case MessageKind::timeout_now:
      return on_timeout_now();
    case MessageKind::read_index:
      return on_read_index(message);
    case MessageKind::read_index_reply:
      return on_read_index_reply(message);
  }
}

void Core::Impl::send(Message message) {
  message.from = options_.id;
  if (message.term == 0) {
    message.term = hard_.term;
  }
  messages_.push_back(std::move(message));
}

void Core::Impl::tick() {
  for (const std::uint64_t id : forwarded_reads_.age(options_.election_ticks)) {
    probe::hit<"raft.forwarded_read_unanswered">();
    reads_.push_back({id, 0, true});
  }
  leads() ? tick_leading() : tick_waiting();
}

void Core::Impl::tick_waiting() {
  if (++elapsed_ticks_ < timeout_ticks_) {
    return;
  }
  probe::hit_if<"raft.election_without_majority">(role_ == Role::candidate);
  restart_election_clock();
  leader_ = kNobody;
  abandon_forwarded_reads();
  if (may_campaign()) {
    start_pre_vote();
  }
}

void Core::Impl::tick_leading() {
  for (auto& [id, peer] : peers_) {
    ++peer.silent_ticks;
  }
  // Check-quorum: a leader that is cut off stops being one (thesis section 6.2).
  if (!heard_from_majority()) {
    probe::hit<"raft.check_quorum_stepped_down">();
    become_follower(hard_.term, kNobody);
    return;
  }
  if (transferee_ != kNobody && ++transfer_ticks_ >= options_.election_ticks) {
    probe::hit<"raft.transfer_timed_out">();
    transferee_ = kNobody;  // it did not take over in time (thesis section 3.10)
  }
  if (++heartbeat_elapsed_ticks_ >= options_.heartbeat_ticks) {
    heartbeat_elapsed_ticks_ = 0;
    send_heartbeats();
  }
}

}  // namespace raft
