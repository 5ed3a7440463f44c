// Handing leadership over (thesis section 3.10).
#include <utility>

#include "system/probe/probe.h"
#include "system/raft/impl.h"

namespace raft {

bool Core::Impl::transfer_leadership(NodeId to) {
  if (!leads() || transferee_ != kNobody || to == options_.id ||
      !log_.configuration().is_voter(to)) {
    return false;
  }
  transferee_ = to;
  transfer_ticks_ = 0;
  appends_due_ = true;
  hand_over_if_caught_up(to, peers_.at(to));
  return true;
}

void Core::Impl::hand_over_if_caught_up(NodeId to, const Peer& peer) {
  if (to == transferee_ && peer.match() == log_.last_index()) {
    probe::hit<"raft.leadership_transferred">();
    Message message;
    message.kind = MessageKind::timeout_now;
    message.to = to;
    send(std::move(message));
  }
}

}  // namespace raft
