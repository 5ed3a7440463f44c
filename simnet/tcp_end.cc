#include "simnet/tcp.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {

TcpEnd::TcpEnd(TcpStack& stack, EndId id, std::uint32_t peer_host, EndId peer_id)
    : stack_(&stack), id_(id), peer_host_(peer_host), peer_id_(peer_id) {}

World& TcpEnd::world() const { return stack_->host().world(); }

// ---- The service's side -----------------------------------------------------

void TcpEnd::start_connect(std::uint16_t port, IoTaskPtr task) {
  connect_ = std::move(task);
  send(Segment::Type::syn, nullptr, port);
}

void TcpEnd::start_read(asio::mutable_buffer into, IoTaskPtr task) {
  if (task->context() == nullptr) {
    return;  // the host is ending
  }
  read_into_ = into;
  read_ = std::move(task);
  continue_read();
}

void TcpEnd::start_write(asio::const_buffer from, IoTaskPtr task) {
  if (task->context() == nullptr) {
    return;
  }
  write_from_ = from;
  write_ = std::move(task);
  continue_write();
}

void TcpEnd::shutdown_send() {
  if (stack_ != nullptr && !sent_fin_ && !error_) {
    sent_fin_ = true;
    send(Segment::Type::fin);
  }
}

void TcpEnd::close() {
  const auto keep = shared_from_this();
  fail_all(asio::error::operation_aborted);
  closed_ = true;
  if (stack_ == nullptr) {
    return;
  }
  if (!connected_) {  // an answer to the syn will be answered by a reset
    drop(asio::error::operation_aborted);
  } else if (consumed_ < received_.size()) {
    send_reset();
    drop(asio::error::operation_aborted);
  } else {
    shutdown_send();
    forget_if_done();
  }
}

void TcpEnd::cancel() {
  const auto keep = shared_from_this();
  fail_all(asio::error::operation_aborted);
}

void TcpEnd::cancel(const IoTask* task) {
  const auto keep = shared_from_this();
  for (IoTaskPtr* pending : {&connect_, &read_, &write_}) {
    if (pending->get() == task) {
      finish(*pending, asio::error::operation_aborted);
    }
  }
}

void TcpEnd::abort(error_code error) {
  const auto keep = shared_from_this();
  if (stack_ != nullptr) {
    send_reset();
  }
  received_.clear();
  consumed_ = 0;
  received_fin_ = false;
  drop(error);
}

// ---- The stack's side ---------------------------------------------------------

void TcpEnd::accept_from_syn() {
  next_receive_ = 1;  // the syn was number 0
  connected_ = true;
  send(Segment::Type::syn_ack);
}

bool TcpEnd::receive(const Segment& segment) {
  const auto keep = shared_from_this();
  if (segment.type == Segment::Type::reset) {
    drop(connect_ ? asio::error::connection_refused : asio::error::connection_reset);
    return true;
  }
  if (segment.sequence < next_receive_ || !early_.emplace(segment.sequence, segment).second) {
    return true;  // a duplicate
  }
  early_bytes_ += segment.bytes ? segment.bytes->size() : 0;
  while (stack_ != nullptr && !early_.empty() && early_.begin()->first == next_receive_) {
    const Segment next = std::move(early_.begin()->second);
    early_.erase(early_.begin());
    early_bytes_ -= next.bytes ? next.bytes->size() : 0;
    ++next_receive_;
    if (closed_ && next.type == Segment::Type::data) {  // nobody will read it
      send_reset();
      drop(asio::error::connection_reset);
      return false;
    }
    take_in_order(next);
  }
  return true;
}

void TcpEnd::take_in_order(const Segment& segment) {
  switch (segment.type) {
    case Segment::Type::syn_ack:
      connected_ = true;
      finish(connect_, {});
      break;
    case Segment::Type::data:
      received_.append(*segment.bytes);
      continue_read();
      break;
    case Segment::Type::fin:
      received_fin_ = true;
      continue_read();
      forget_if_done();
      break;
    case Segment::Type::syn:
    case Segment::Type::reset:
      break;
  }
}

void TcpEnd::acknowledged(std::uint64_t sequence) {
  const auto found =
      std::find_if(unacknowledged_.begin(), unacknowledged_.end(),
                   [&](const Unacknowledged& u) { return u.segment.sequence == sequence; });
  if (found == unacknowledged_.end()) {
    return;
  }
  if (found->segment.bytes) {
    unacknowledged_bytes_ -= found->segment.bytes->size();
  }
  unacknowledged_.erase(found);
  continue_write();
  forget_if_done();
}

void TcpEnd::unanswered(std::uint64_t sequence) {
  for (Unacknowledged& entry : unacknowledged_) {
    if (entry.segment.sequence != sequence || entry.waiting) {
      continue;
    }
    entry.waiting = true;
    const Duration wait = std::min<Duration>(kLongestRetransmit,
                                             kFirstRetransmit * (1LL << std::min(entry.tries, 10)));
    world().at(world().now() + wait, EventKind::world, stack_->host().id(), sequence,
               [end = weak_from_this(), sequence] {
                 if (const auto self = end.lock()) {
                   self->retransmit(sequence);
                 }
               });
  }
}

void TcpEnd::retransmit(std::uint64_t sequence) {
  if (stack_ == nullptr) {
    return;
  }
  for (Unacknowledged& entry : unacknowledged_) {
    if (entry.segment.sequence != sequence) {
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
    world().network().send(stack_->host(), peer_host_, entry.segment);
    return;
  }
}

void TcpEnd::drop(error_code error) {
  const auto keep = shared_from_this();
  if (!error_) {
    error_ = error;
  }
  if (stack_ != nullptr) {
    TcpStack* stack = std::exchange(stack_, nullptr);
    stack->forget(id_);
  }
  unacknowledged_.clear();
  unacknowledged_bytes_ = 0;
  early_.clear();
  early_bytes_ = 0;
  fail_all(error_);
}

// ---- Inside ---------------------------------------------------------------------

void TcpEnd::send(Segment::Type type, std::shared_ptr<const std::string> bytes,
                  std::uint16_t port) {
  Segment segment{type, id_, peer_id_, next_send_++, port, std::move(bytes)};
  if (segment.bytes) {
    unacknowledged_bytes_ += segment.bytes->size();
  }
  unacknowledged_.push_back({segment, world().now(), 0, false});
  world().network().send(stack_->host(), peer_host_, std::move(segment));
}

void TcpEnd::send_reset() {
  Segment segment{Segment::Type::reset, id_, peer_id_, 0, 0, nullptr};
  world().network().send(stack_->host(), peer_host_, std::move(segment));
}

void TcpEnd::continue_read() {
  if (!read_) {
    return;
  }
  if (read_into_.size() == 0) {
    finish(read_, {});
  } else if (consumed_ < received_.size()) {
    finish(read_, {}, consume(read_into_));
  } else if (received_fin_) {
    finish(read_, asio::error::eof);
  } else if (error_) {
    finish(read_, error_);
  }
}

std::size_t TcpEnd::consume(asio::mutable_buffer into) {
  const std::size_t unread = received_.size() - consumed_;
  const std::size_t size = std::min(into.size(), unread);
  std::memcpy(into.data(), received_.data() + consumed_, size);
  consumed_ += size;
  if (consumed_ == received_.size() || consumed_ >= kWindow_bytes) {
    received_.erase(0, consumed_);
    consumed_ = 0;
  }
  if (unread >= kWindow_bytes / 2 && unread - size < kWindow_bytes / 2) {
    announce_window();
  }
  return size;
}

// Only a full window stops a writer, and none empties without passing its half; any
// other writer goes on at an acknowledgement.
void TcpEnd::announce_window() {
  if (stack_ == nullptr || !stack_->powered()) {
    return;
  }
  Host& peer = world().host(peer_host_);
  world().at(world().now() + world().network().base_latency(stack_->host(), peer),
             [&peer, id = peer_id_] { peer.tcp().window_opened(id); });
}

std::size_t TcpEnd::window_left() const {
  const std::size_t unread = stack_->unread_at(peer_host_, peer_id_);
  const std::size_t used = unacknowledged_bytes_ + unread;
  return used >= kWindow_bytes ? 0 : kWindow_bytes - used;
}

void TcpEnd::continue_write() {
  if (!write_) {
    return;
  }
  if (error_ || stack_ == nullptr) {
    finish(write_, error_ ? error_ : error_code(asio::error::connection_reset));
  } else if (sent_fin_) {
    finish(write_, asio::error::broken_pipe);
  } else if (write_from_.size() == 0) {
    finish(write_, {});
  } else if (const std::size_t window = window_left(); window > 0) {
    const std::size_t size = std::min(window, write_from_.size());
    send(Segment::Type::data,
         std::make_shared<const std::string>(static_cast<const char*>(write_from_.data()), size));
    finish(write_, {}, size);
  }
}

void TcpEnd::finish(IoTaskPtr& task, error_code error, std::size_t bytes) {
  if (!task) {
    return;
  }
  if (HostContext* context = task->context()) {
    complete(*context, std::move(task), error, bytes);
  } else {
    task.reset();
  }
}

void TcpEnd::fail_all(error_code error) {
  finish(connect_, error);
  finish(read_, error);
  finish(write_, error);
}

void TcpEnd::forget_if_done() {
  if (closed_ && stack_ != nullptr && unacknowledged_.empty()) {
    drop(asio::error::operation_aborted);
  }
}

}  // namespace simnet
