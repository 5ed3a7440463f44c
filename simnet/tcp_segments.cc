// An end's dealings with the network: what arrives, what is acknowledged, what is sent
// again, and how the connection is lost.
#include <algorithm>
#include <utility>

#include "simnet/host.h"
#include "simnet/tcp.h"
#include "simnet/world.h"

namespace simnet {

void TcpEnd::accept_from_syn() {
  next_receive_ = 1;  // the syn was number 0
  connected_ = true;
  send(Packet::Type::syn_ack);
}

bool TcpEnd::receive(const Packet& segment) {
  const TcpEndPtr keep(this);
  if (segment.type == Packet::Type::reset) {
    if (!connect_.empty()) {
      drop(asio::error::connection_refused);
    } else {
      drop(received_fin_ ? asio::error::broken_pipe : asio::error::connection_reset);
    }
    return true;
  }
  if (segment.sequence < next_receive_) {
    return true;  // a duplicate
  }
  if (segment.sequence > next_receive_) {
    if (early_.emplace(segment.sequence, segment).second) {
      early_bytes_ += segment.size();
    }
    return true;
  }
  Packet next = segment;
  for (;;) {
    ++next_receive_;
    if (closed_ && next.type == Packet::Type::data) {  // nobody will read it
      send_reset();
      drop(asio::error::connection_reset);
      return false;
    }
    take_in_order(next);
    if (stack_ == nullptr || early_.empty() || early_.begin()->first != next_receive_) {
      return true;
    }
    next = std::move(early_.begin()->second);
    early_.erase(early_.begin());
    early_bytes_ -= next.size();
  }
}

void TcpEnd::take_in_order(const Packet& segment) {
  switch (segment.type) {
    case Packet::Type::syn_ack:
      connected_ = true;
      if (IoTaskPtr waiting = connect_.take()) {
        complete(std::move(waiting), {});
      }
      acknowledged(kSyn);
      break;
    case Packet::Type::data:
      if (!no_receive_) {
        unread_bytes_ += segment.size();
        received_.push_back(segment.bytes);
      }
      continue_read();
      break;
    case Packet::Type::fin:
      received_fin_ = true;
      continue_read();
      forget_if_done();
      break;
    case Packet::Type::syn:
    case Packet::Type::reset:
    case Packet::Type::datagram:
      break;
  }
}

void TcpEnd::acknowledged(std::uint64_t sequence) {
  if (unacknowledged_.empty()) {
    return;
  }
  if (!connected_) {  // only the answer ends a syn; a repeated one is repeated until then
    if (unacknowledged_.front().tries > 0) {
      unanswered(sequence);
    }
    return;
  }
  std::size_t freed = 0;
  if (unacknowledged_.front().segment.sequence == sequence) {
    freed = unacknowledged_.pop_front().segment.size();
  } else {
    for (Unacknowledged& entry : unacknowledged_) {
      if (entry.segment.sequence == sequence && !entry.received) {
        entry.received = true;
        freed = entry.segment.size();
        entry.segment.bytes = nullptr;
      }
    }
  }
  while (!unacknowledged_.empty() && unacknowledged_.front().received) {
    unacknowledged_.pop_front();
  }
  unacknowledged_bytes_ -= freed;
  continue_write();
  forget_if_done();
}

void TcpEnd::unanswered(std::uint64_t sequence) {
  for (Unacknowledged& entry : unacknowledged_) {
    if (entry.segment.sequence != sequence || entry.waiting || entry.received) {
      continue;
    }
    entry.waiting = true;
    const Duration wait = std::min<Duration>(kLongestRetransmit,
                                             kFirstRetransmit * (1LL << std::min(entry.tries, 10)));
    world().at(world().now() + wait, EventKind::world, stack_->host().id(), sequence,
               [self = TcpEndPtr(this), sequence] { self->retransmit(sequence); });
    return;
  }
}

void TcpEnd::retransmit(std::uint64_t sequence) {
  if (stack_ == nullptr) {
    return;
  }
  for (Unacknowledged& entry : unacknowledged_) {
    if (entry.segment.sequence != sequence || entry.received) {
      continue;
    }
    if (world().now() - entry.first_sent >= kUserTimeout) {
      send_reset();
      drop(asio::error::timed_out);
      return;
    }
    entry.waiting = false;
    ++entry.tries;
    world().network().count_retransmission();
    world().network().send(*link_, Packet(entry.segment));
    return;
  }
}

void TcpEnd::drop(error_code error) {
  const TcpEndPtr keep(this);
  if (!error_) {
    error_ = error;
  }
  if (stack_ != nullptr) {
    TcpStack* stack = std::exchange(stack_, nullptr);
    stack->forget(*this);
  }
  unacknowledged_.clear();
  unacknowledged_bytes_ = 0;
  early_.clear();
  early_bytes_ = 0;
  error_told_ = error_told_ || !connect_.empty() || !reads_.empty() || !writes_.empty();
  for (IoRing* ring : {&wait_reads_, &wait_writes_, &wait_errors_}) {
    ring->fail_all({});  // what they waited for is an operation that does not block
  }
  fail_all(error_);
}

error_code TcpEnd::tell_error(error_code afterwards) {
  return std::exchange(error_told_, true) && !aborted_ ? afterwards : error_;
}

}  // namespace simnet
