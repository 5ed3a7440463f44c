// Linearizable reads without writing to the log (thesis section 6.4).
#include <utility>

#include "system/probe/probe.h"
#include "system/raft/impl.h"

namespace raft {

void Core::Impl::read_index(std::uint64_t id) {
  if (leads()) {
    ask_read(options_.id, id);
    return;
  }
  if (leader_ == kNobody) {
    probe::hit<"raft.read_without_leader">();
    reads_.push_back({id, 0, true});
    return;
  }
  Message message;
  message.kind = MessageKind::read_index;
  message.to = leader_;
  message.read_id = forwarded_reads_.add(id);
  send(std::move(message));
}

void Core::Impl::on_read_index(const Message& message) {
  if (leads()) {
    ask_read(message.from, message.read_id);
  } else {
    probe::hit<"raft.read_asked_of_a_follower">();
    answer_read({message.from, message.read_id, 0, 0}, true);
  }
}

void Core::Impl::on_read_index_reply(const Message& message) {
  std::uint64_t id = 0;
  if (forwarded_reads_.take(message.read_id, id)) {
    reads_.push_back({id, message.log_index, message.reject});
  }
}

// A leader's commit index says nothing about older terms before an entry of its own is
// committed (thesis section 6.4, step 1).
void Core::Impl::ask_read(NodeId from, std::uint64_t id) {
  if (own_term_committed()) {
    leader_reads_.ask(from, id, commit_);
  } else {
    probe::hit<"raft.read_before_own_entry">();
    leader_reads_.ask_early(from, id);
  }
}

// One round of heartbeats answers every read asked before it (thesis section 6.4, step 3).
void Core::Impl::open_read_round() {
  leader_reads_.open_round();
  send_heartbeats();
  answer_confirmed_reads();
}

void Core::Impl::answer_confirmed_reads() {
  std::vector<std::uint64_t> rounds;
  for (const NodeId voter : voters()) {
    const auto peer = peers_.find(voter);
    const bool counts = peer != peers_.end() && peer->second.counts;
    const std::uint64_t round = counts ? peer->second.read_round : 0;
    rounds.push_back(voter == options_.id ? leader_reads_.round() : round);
  }
  for (const AskedRead& read : leader_reads_.confirmed(reached_by_majority(std::move(rounds)))) {
    answer_read(read, false);
  }
}

void Core::Impl::answer_read(const AskedRead& read, bool failed) {
  if (read.from == options_.id) {
    reads_.push_back({read.id, read.index, failed});
    return;
  }
  Message reply;
  reply.kind = MessageKind::read_index_reply;
  reply.to = read.from;
  reply.read_id = read.id;
  reply.log_index = read.index;
  reply.reject = failed;
  send(std::move(reply));
}

void Core::Impl::abandon_forwarded_reads() {
  for (const std::uint64_t id : forwarded_reads_.abandon()) {
    reads_.push_back({id, 0, true});
  }
}

}  // namespace raft
