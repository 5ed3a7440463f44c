#include "simnet/tcp.h"

#include <utility>

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {

std::shared_ptr<TcpEnd> TcpStack::make_end(std::uint32_t peer_host) {
  const EndId id = host_.world().next_end_id();
  const EndId peer = host_.world().next_end_id();
  auto end = std::make_shared<TcpEnd>(*this, id, peer_host, peer);
  ends_.emplace(id, end);
  return end;
}

std::shared_ptr<TcpListener> TcpStack::listen(std::uint16_t port) {
  if (listeners_.contains(port)) {
    return nullptr;
  }
  auto listener = std::make_shared<TcpListener>(*this, port);
  listeners_.emplace(port, listener.get());
  return listener;
}

bool TcpStack::receive(std::uint32_t from, const Segment& segment) {
  if (segment.type == Segment::Type::syn) {
    return receive_syn(from, segment);
  }
  const auto found = ends_.find(segment.destination);
  if (found == ends_.end()) {
    return answer_reset(from, segment);
  }
  const auto end = found->second;
  return end->receive(segment);
}

bool TcpStack::receive_syn(std::uint32_t from, const Segment& segment) {
  if (ends_.contains(segment.destination) || !waits_for_answer(from, segment.source)) {
    return true;  // a duplicate, or one so late that its handshake would fail
  }
  const auto found = listeners_.find(segment.port);
  if (found == listeners_.end()) {
    return answer_reset(from, segment);
  }
  TcpListener& listener = *found->second;
  if (listener.backlog_.size() >= TcpListener::kBacklog) {
    return answer_reset(from, segment);
  }
  auto end = std::make_shared<TcpEnd>(*this, segment.destination, from, segment.source);
  ends_.emplace(segment.destination, end);
  end->accept_from_syn();
  listener.backlog_.push_back(std::move(end));
  if (listener.wait_ && listener.wait_->context() != nullptr) {
    HostContext* context = listener.wait_->context();
    complete(*context, std::move(listener.wait_), {});
  }
  return true;
}

// What the third packet of a handshake finds out.
bool TcpStack::waits_for_answer(std::uint32_t from, EndId source) const {
  const auto& ends = host_.world().host(from).tcp().ends_;
  const auto found = ends.find(source);
  return found != ends.end() && !found->second->connected_;
}

bool TcpStack::answer_reset(std::uint32_t to, const Segment& segment) {
  if (segment.type == Segment::Type::reset) {
    return true;
  }
  Segment reset{Segment::Type::reset, segment.destination, segment.source, 0, 0, nullptr};
  host_.world().network().send(host_, to, std::move(reset));
  return false;
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
  return found == ends.end() ? 0 : found->second->unread_bytes();
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
