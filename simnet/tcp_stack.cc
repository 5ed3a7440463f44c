#include <utility>

#include "simnet/address.h"
#include "simnet/host.h"
#include "simnet/tcp.h"
#include "simnet/world.h"

namespace simnet {

TcpStack::~TcpStack() { reset(false); }

std::uint16_t TcpStack::ephemeral_port() {
  do {
    next_port_ = next_ephemeral_port(next_port_);
  } while (listeners_.contains(next_port_));
  return next_port_;
}

void TcpStack::keep(TcpEnd& end) {
  ends_.emplace(end.id(), &end);
  host_.world().network().ends().set(end.id(), &end);
}

void TcpStack::forget(TcpEnd& end) {
  EndTable& table = host_.world().network().ends();
  table.release(end.id());
  if (!end.connected()) {
    table.release_unused(end.peer_id());
  }
  ends_.erase(end.id());
}

TcpEndPtr TcpStack::make_end(std::uint32_t peer_host, asio::ip::tcp::endpoint local,
                             asio::ip::tcp::endpoint remote) {
  EndTable& table = host_.world().network().ends();
  const EndId id = table.reserve();
  const EndId peer = table.reserve();
  const TcpEndPtr end(new TcpEnd(*this, id, peer_host, peer));
  end->local = std::move(local);
  end->remote = std::move(remote);
  keep(*end);
  return end;
}

std::shared_ptr<TcpListener> TcpStack::listen(asio::ip::tcp::endpoint local, std::size_t backlog) {
  if (listeners_.contains(local.port())) {
    return nullptr;
  }
  auto listener = std::make_shared<TcpListener>(*this, local, backlog);
  listeners_.emplace(local.port(), listener.get());
  return listener;
}

bool TcpStack::receive(std::uint32_t from, const Packet& segment) {
  if (segment.type == Packet::Type::syn) {
    return receive_syn(from, segment);
  }
  TcpEnd* end = host_.world().network().ends().find(segment.destination);
  return end != nullptr ? end->receive(segment) : answer_reset(from, segment);
}

TcpListener* TcpStack::listener_for(const Packet& syn) const {
  const auto found = listeners_.find(syn.port);
  if (found == listeners_.end() ||
      found->second->backlog_.size() >= found->second->backlog_limit_) {
    return nullptr;
  }
  const auto address = found->second->local().address();
  const bool fits = address.is_unspecified() || address.is_loopback() == syn.loopback;
  return fits ? found->second : nullptr;
}

bool TcpStack::receive_syn(std::uint32_t from, const Packet& syn) {
  EndTable& table = host_.world().network().ends();
  if (table.find(syn.destination) != nullptr || !waits_for_answer(syn.source)) {
    return true;  // a duplicate, or one so late that its handshake would fail
  }
  TcpListener* listener = listener_for(syn);
  if (listener == nullptr || !table.reserved(syn.destination)) {
    return answer_reset(from, syn);
  }
  const TcpEndPtr end(new TcpEnd(*this, syn.destination, from, syn.source));
  const TcpEnd& caller = *table.find(syn.source);
  end->local = caller.remote;
  end->remote = caller.local;
  keep(*end);
  end->accept_from_syn();
  listener->backlog_.push_back(end);
  listener->serve();
  return true;
}

// What the third packet of a handshake finds out.
bool TcpStack::waits_for_answer(EndId source) const {
  const TcpEnd* caller = host_.world().network().ends().find(source);
  return caller != nullptr && !caller->connected();
}

bool TcpStack::answer_reset(std::uint32_t to, const Packet& segment) {
  if (segment.type == Packet::Type::reset) {
    return true;
  }
  Packet reset;
  reset.type = Packet::Type::reset;
  reset.source = segment.destination;
  reset.destination = segment.source;
  Network& network = host_.world().network();
  network.send(network.link(host_.id(), to), std::move(reset));
  return false;
}

void TcpStack::acknowledged(const Packet& segment) {
  if (TcpEnd* found = host_.world().network().ends().find(segment.source)) {
    const TcpEndPtr end(found);
    end->acknowledged(segment.sequence);
  }
}

void TcpStack::unanswered(const Packet& segment) {
  if (TcpEnd* found = host_.world().network().ends().find(segment.source)) {
    const TcpEndPtr end(found);
    end->unanswered(segment.sequence);
  }
  if (segment.type != Packet::Type::syn_ack) {
    return;
  }
  if (TcpEnd* found = host_.world().network().ends().find(segment.destination)) {
    const TcpEndPtr caller(found);
    caller->connect_unanswered();
  }
}

void TcpStack::break_connection(Network& network, EndId a, EndId b) {
  for (const EndId id : {a, b}) {
    if (TcpEnd* found = network.ends().find(id)) {
      const TcpEndPtr end(found);
      end->drop(asio::error::connection_reset);
    }
  }
}

std::vector<TcpEndPtr> TcpStack::ends() const {
  std::vector<TcpEndPtr> all;
  for (const auto& [id, end] : ends_) {
    all.push_back(end);
  }
  return all;
}

void TcpStack::reset(bool say_so) {
  EndTable& table = host_.world().network().ends();
  for (const auto& [id, end] : std::exchange(ends_, {})) {
    if (say_so) {
      end->send_reset();
    }
    end->vanish();
    table.release(id);
    if (!end->connected()) {
      table.release_unused(end->peer_id());
    }
  }
  for (const auto& [port, listener] : std::exchange(listeners_, {})) {
    listener->stack_ = nullptr;
  }
}

}  // namespace simnet
