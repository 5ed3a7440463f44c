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
  if (consumed_ < received_.size() || next_send_ == 0) {
    send_reset();
    drop(asio::error::operation_aborted);
    return;
  }
  shutdown_send();
  forget_if_done();
}

void TcpEnd::cancel() { fail_all(asio::error::operation_aborted); }

void TcpEnd::cancel(const IoTask* task) {
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
  drop(error);
}

// ---- The stack's side ---------------------------------------------------------

void TcpEnd::accept_from_syn() {
  next_receive_ = 1;  // the syn was number 0
  send(Segment::Type::syn_ack);
}

void TcpEnd::receive(const Segment& segment) {
  const auto keep = shared_from_this();
  if (segment.type == Segment::Type::reset) {
    drop(connect_ ? asio::error::connection_refused : asio::error::connection_reset);
    return;
  }
  if (segment.sequence < next_receive_) {
    return;  // a duplicate
  }
  early_.emplace(segment.sequence, segment);
  while (stack_ != nullptr && !early_.empty() && early_.begin()->first == next_receive_) {
    const Segment next = std::move(early_.begin()->second);
    early_.erase(early_.begin());
    ++next_receive_;
    take_in_order(next);
  }
}

void TcpEnd::take_in_order(const Segment& segment) {
  switch (segment.type) {
    case Segment::Type::syn_ack:
      finish(connect_, {});
      break;
    case Segment::Type::data:
      if (closed_) {  // nobody will read it
        send_reset();
        drop(asio::error::connection_reset);
        return;
      }
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
    const Duration wait =
        std::min<Duration>(kLongestRetransmit, kFirstRetransmit * (1LL << std::min(entry.tries, 10)));
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
  early_.clear();
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
    const std::size_t size = std::min(read_into_.size(), received_.size() - consumed_);
    std::memcpy(read_into_.data(), received_.data() + consumed_, size);
    consumed_ += size;
    if (consumed_ == received_.size()) {
      const bool was_full = received_.size() >= kWindow_bytes / 2;
      received_.clear();
      consumed_ = 0;
      if (was_full && stack_ != nullptr) {
        Host& peer = world().host(peer_host_);
        world().at(world().now() + world().network().base_latency(stack_->host(), peer),
                   [&peer, id = peer_id_] { peer.tcp().window_opened(id); });
      }
    }
    finish(read_, {}, size);
  } else if (received_fin_) {
    finish(read_, asio::error::eof);
  } else if (error_) {
    finish(read_, error_);
  }
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

// ---- Listener ---------------------------------------------------------------------

TcpListener::~TcpListener() {
  cancel();
  if (stack_ != nullptr) {
    stack_->listeners_.erase(port_);
    for (const auto& end : backlog_) {
      end->abort(asio::error::connection_reset);
    }
  }
}

void TcpListener::start_wait(IoTaskPtr task) {
  HostContext* context = task->context();
  if (context == nullptr) {
    return;
  }
  if (!backlog_.empty()) {
    complete(*context, std::move(task), {});
    return;
  }
  wait_ = std::move(task);
}

void TcpListener::cancel() {
  if (wait_ && wait_->context() != nullptr) {
    HostContext* context = wait_->context();
    complete(*context, std::move(wait_), asio::error::operation_aborted);
  }
}

std::shared_ptr<TcpEnd> TcpListener::take() {
  if (backlog_.empty()) {
    return nullptr;
  }
  auto end = std::move(backlog_.front());
  backlog_.pop_front();
  return end;
}

// ---- Stack --------------------------------------------------------------------------

std::shared_ptr<TcpEnd> TcpStack::make_end(std::uint32_t peer_host) {
  const EndId id = host_.world().next_end_id();
  const EndId peer = host_.world().next_end_id();
  auto end = std::make_shared<TcpEnd>(*this, id, peer_host, peer);
  ends_.emplace(id, end);
  return end;
}

std::unique_ptr<TcpListener> TcpStack::listen(std::uint16_t port) {
  if (listeners_.contains(port)) {
    return nullptr;
  }
  auto listener = std::make_unique<TcpListener>(*this, port);
  listeners_.emplace(port, listener.get());
  return listener;
}

void TcpStack::receive(std::uint32_t from, const Segment& segment) {
  if (segment.type == Segment::Type::syn) {
    receive_syn(from, segment);
    return;
  }
  const auto found = ends_.find(segment.destination);
  if (found == ends_.end()) {
    answer_reset(from, segment);
    return;
  }
  const auto end = found->second;
  end->receive(segment);
}

void TcpStack::receive_syn(std::uint32_t from, const Segment& segment) {
  if (ends_.contains(segment.destination)) {
    return;  // a duplicate
  }
  const auto found = listeners_.find(segment.port);
  if (found == listeners_.end()) {
    answer_reset(from, segment);
    return;
  }
  TcpListener& listener = *found->second;
  if (listener.backlog_.size() >= TcpListener::kBacklog) {
    answer_reset(from, segment);
    return;
  }
  auto end = std::make_shared<TcpEnd>(*this, segment.destination, from, segment.source);
  ends_.emplace(segment.destination, end);
  end->accept_from_syn();
  listener.backlog_.push_back(std::move(end));
  if (listener.wait_ && listener.wait_->context() != nullptr) {
    HostContext* context = listener.wait_->context();
    complete(*context, std::move(listener.wait_), {});
  }
}

void TcpStack::answer_reset(std::uint32_t to, const Segment& segment) {
  if (segment.type == Segment::Type::reset) {
    return;
  }
  Segment reset{Segment::Type::reset, segment.destination, segment.source, 0, 0, nullptr};
  host_.world().network().send(host_, to, std::move(reset));
}

void TcpStack::acknowledged(const Segment& segment) {
  if (const auto found = ends_.find(segment.source); found != ends_.end()) {
    const auto end = found->second;
    end->acknowledged(segment.sequence);
  }
}

void TcpStack::unanswered(const Segment& segment) {
  if (const auto found = ends_.find(segment.source); found != ends_.end()) {
    const auto end = found->second;
    end->unanswered(segment.sequence);
  }
}

void TcpStack::window_opened(EndId id) {
  if (const auto found = ends_.find(id); found != ends_.end()) {
    const auto end = found->second;
    end->window_opened();
  }
}

std::size_t TcpStack::unread_at(std::uint32_t peer_host, EndId peer) const {
  const auto& ends = host_.world().host(peer_host).tcp().ends_;
  const auto found = ends.find(peer);
  return found == ends.end() ? 0 : found->second->received_.size() - found->second->consumed_;
}

void TcpStack::reset(bool say_so) {
  const auto ends = std::exchange(ends_, {});
  for (const auto& [id, end] : ends) {
    if (say_so) {
      end->send_reset();
    }
    end->vanish();
  }
  for (const auto& [port, listener] : std::exchange(listeners_, {})) {
    listener->stack_ = nullptr;
  }
}

}  // namespace simnet
