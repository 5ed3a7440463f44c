#include <algorithm>
#include <cstring>
#include <utility>

#include "simnet/host.h"
#include "simnet/tcp.h"
#include "simnet/world.h"

namespace simnet {
namespace {

const ReadBuffers& read_buffers(IoTask& task) { return *static_cast<ReadBuffers*>(task.details()); }
const WriteBytes& write_bytes(IoTask& task) { return *static_cast<WriteBytes*>(task.details()); }

}  // namespace

TcpEnd::TcpEnd(TcpStack& stack, EndId id, std::uint32_t peer_host, EndId peer_id)
    : stack_(&stack),
      link_(&stack.host().world().network().link(stack.host().id(), peer_host)),
      id_(id),
      peer_id_(peer_id),
      peer_host_(peer_host) {}

World& TcpEnd::world() const { return stack_->host().world(); }

// ---- The service's side -----------------------------------------------------

void TcpEnd::start_connect(IoTaskPtr task) {
  connect_.add(std::move(task));
  send(Packet::Type::syn);
}

void TcpEnd::start_read(IoTaskPtr task) {
  reads_.add(std::move(task));
  continue_read();
}

void TcpEnd::start_write(IoTaskPtr task) {
  writes_.add(std::move(task));
  continue_write();
}

void TcpEnd::start_wait_read(IoTaskPtr task) {
  wait_reads_.add(std::move(task));
  continue_read();
}

void TcpEnd::start_wait_write(IoTaskPtr task) {
  wait_writes_.add(std::move(task));
  continue_write();
}

std::size_t TcpEnd::read_now(const ReadBuffers& into, error_code& error) {
  error = {};
  if (into.empty()) {
    return 0;
  }
  if (unread_bytes_ > 0) {
    return consume(into);
  }
  if (received_fin_ || no_receive_) {
    error = asio::error::eof;
  } else {
    error = error_ ? tell_error(asio::error::eof) : error_code(asio::error::would_block);
  }
  return 0;
}

std::size_t TcpEnd::write_now(const WriteBytes& from, error_code& error) {
  error = write_error();
  if (error_) {
    error = tell_error(asio::error::broken_pipe);
  }
  if (error || !from.bytes || from.bytes->size() == 0) {
    return 0;
  }
  const std::size_t sent = send_part(from);
  if (sent == 0) {
    error = asio::error::would_block;
  }
  return sent;
}

error_code TcpEnd::shutdown(bool receive, bool send_side) {
  if (stack_ == nullptr || error_ || !connected_) {
    return asio::error::not_connected;
  }
  if (receive) {
    no_receive_ = true;
    continue_read();
  }
  if (send_side && !sent_fin_) {
    sent_fin_ = true;
    send(Packet::Type::fin);
    continue_write();
  }
  return {};
}

void TcpEnd::close(bool with_reset) {
  const TcpEndPtr keep(this);
  fail_all(asio::error::operation_aborted);
  closed_ = true;
  if (stack_ == nullptr) {
    return;
  }
  if (!connected_) {  // an answer to the syn will be answered by a reset
    drop(asio::error::operation_aborted);
  } else if (unread_bytes_ > 0 || with_reset) {
    send_reset();
    drop(asio::error::operation_aborted);
  } else {
    shutdown(false, true);
    forget_if_done();
  }
}

void TcpEnd::cancel() {
  const TcpEndPtr keep(this);
  fail_all(asio::error::operation_aborted);
}

void TcpEnd::cancel(const IoTask* task) {
  const TcpEndPtr keep(this);
  for (IoRing* ring : {&connect_, &reads_, &writes_, &wait_reads_, &wait_writes_, &wait_errors_}) {
    if (IoTaskPtr found = ring->take(task)) {
      complete(std::move(found), asio::error::operation_aborted);
      return;
    }
  }
}

void TcpEnd::abort(error_code error) {
  const TcpEndPtr keep(this);
  if (stack_ != nullptr) {
    send_reset();
  }
  received_.clear();
  consumed_ = 0;
  unread_bytes_ = 0;
  received_fin_ = false;
  aborted_ = true;
  drop(error);
}

// ---- Inside ---------------------------------------------------------------------

void TcpEnd::send(Packet::Type type, PayloadPtr bytes) {
  Packet segment;
  segment.type = type;
  segment.loopback = remote.address().is_loopback();
  segment.source = id_;
  segment.destination = peer_id_;
  segment.sequence = next_send_++;
  if (type == Packet::Type::syn) {
    segment.source_port = local.port();
    segment.port = remote.port();
  }
  segment.bytes = std::move(bytes);
  unacknowledged_bytes_ += segment.size();
  unacknowledged_.push_back({segment, world().now()});
  world().network().send(*link_, std::move(segment));
}

void TcpEnd::send_reset() {
  Packet segment;
  segment.type = Packet::Type::reset;
  segment.source = id_;
  segment.destination = peer_id_;
  world().network().send(*link_, std::move(segment));
}

void TcpEnd::continue_read() {
  while (!reads_.empty()) {
    const ReadBuffers& into = read_buffers(reads_.front());
    error_code error;
    const std::size_t bytes = read_now(into, error);
    if (error == asio::error::would_block) {
      break;
    }
    complete(reads_.take(), error, bytes);
  }
  while (!wait_reads_.empty() && readable()) {
    complete(wait_reads_.take(), {});
  }
}

std::size_t TcpEnd::consume(const ReadBuffers& into) {
  const std::size_t before = unread_bytes_;
  std::size_t limit = 0;
  for (std::size_t i = 0; i < into.count; ++i) {
    limit += into.buffers[i].size();
  }
  limit = std::min(limit, unread_bytes_);
  if (stack_ != nullptr) {
    limit = world().network().shorten(*link_, limit);
  }
  std::size_t done = 0;
  for (std::size_t i = 0; i < into.count && done < limit; ++i) {
    const std::size_t room = std::min(into.buffers[i].size(), limit - done);
    done += consume(asio::mutable_buffer(into.buffers[i].data(), room));
  }
  announce_window(before);
  return done;
}

std::size_t TcpEnd::consume(asio::mutable_buffer into) {
  std::size_t done = 0;
  while (done < into.size() && unread_bytes_ > 0) {
    const Payload& first = *received_.front();
    const std::size_t size = std::min(into.size() - done, first.size() - consumed_);
    std::memcpy(static_cast<char*>(into.data()) + done, first.view().data() + consumed_, size);
    done += size;
    consumed_ += size;
    unread_bytes_ -= size;
    if (consumed_ == first.size()) {
      received_.pop_front();
      consumed_ = 0;
    }
  }
  return done;
}

// Only a full window stops a writer, and none empties without passing its half; any
// other writer goes on at an acknowledgement.
void TcpEnd::announce_window(std::size_t before) {
  if (stack_ == nullptr || !stack_->powered()) {
    return;
  }
  Network& network = world().network();
  const TcpEnd* writer = network.ends().find(peer_id_);
  const std::size_t window =
      writer == nullptr ? kWindow_bytes : std::min(kWindow_bytes, writer->send_limit_bytes_);
  const std::size_t half = std::max<std::size_t>(window / 2, 1);
  if (before < half || unread_bytes_ >= half) {
    return;
  }
  const Duration way = network.conditions(*link_).latency_base;
  world().at(world().now() + way, [&network, id = peer_id_] {
    if (TcpEnd* peer = network.ends().find(id)) {
      const TcpEndPtr end(peer);
      end->window_opened();
    }
  });
}

std::size_t TcpEnd::window_left() const {
  const TcpEnd* peer = world().network().ends().find(peer_id_);
  const std::size_t used = unacknowledged_bytes_ + (peer != nullptr ? peer->held_bytes() : 0);
  return used >= send_limit_bytes_ ? 0 : send_limit_bytes_ - used;
}

error_code TcpEnd::write_error() const {
  if (error_ || stack_ == nullptr) {
    return error_ ? error_ : error_code(asio::error::connection_reset);
  }
  return sent_fin_ ? error_code(asio::error::broken_pipe) : error_code();
}

std::size_t TcpEnd::send_part(const WriteBytes& from) {
  const std::size_t window = std::min(window_left(), from.bytes->size());
  if (window == 0 || !connected_) {
    return 0;
  }
  const std::size_t size = world().network().shorten(*link_, window);
  send(Packet::Type::data, size == from.bytes->size()
                               ? from.bytes
                               : Payload::copy_of(from.bytes->view().substr(0, size)));
  return size;
}

void TcpEnd::continue_write() {
  while (!writes_.empty()) {
    error_code error;
    const std::size_t bytes = write_now(write_bytes(writes_.front()), error);
    if (error == asio::error::would_block) {
      break;
    }
    complete(writes_.take(), error, bytes);
  }
  while (!wait_writes_.empty() && (write_error() || (connected_ && window_left() > 0))) {
    complete(wait_writes_.take(), {});
  }
}

void TcpEnd::fail_all(error_code error) {
  connect_.fail_all(error);
  reads_.fail_all(error);
  writes_.fail_all(error);
  wait_reads_.fail_all(error);
  wait_writes_.fail_all(error);
  wait_errors_.fail_all(error);
}

void TcpEnd::forget_if_done() {
  if (closed_ && stack_ != nullptr && unacknowledged_.empty()) {
    drop(asio::error::operation_aborted);
  }
}

}  // namespace simnet
