#include "simnet/udp.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "simnet/address.h"
#include "simnet/host.h"
#include "simnet/prefetch.h"
#include "simnet/world.h"

namespace simnet {
namespace {

constexpr std::size_t kTask_bytes = 256;  // a receive with its handler

DatagramPlace& place_of_task(IoTask& task) { return *static_cast<DatagramPlace*>(task.details()); }

}  // namespace

UdpPort::~UdpPort() {
  cancel();
  if (stack_ != nullptr) {
    stack_->known_ = {};
    stack_->ports_.erase(local_.port());
  }
}

error_code UdpPort::send(PayloadPtr bytes, const asio::ip::udp::endpoint& to) {
  if (bytes->size() > kLargestDatagram_bytes) {
    return asio::error::message_size;
  }
  if (stack_ == nullptr) {
    return {};
  }
  const Ipv4Endpoint target = Ipv4Endpoint::of(to);
  Network& network = stack_->host().world().network();
  if (latest_link_ == nullptr || latest_to_ != target) {
    Host& host = stack_->host();
    const HostId id = host_at(host, to.address());
    if (id == 0) {
      return asio::error::host_unreachable;
    }
    latest_to_ = target;
    latest_link_ = &network.link(host.id(), id);
  }
  Packet packet;
  packet.type = Packet::Type::datagram;
  packet.loopback = target.loopback();
  packet.source_port = number_;
  packet.port = target.port;
  packet.bytes = std::move(bytes);
  network.send(*latest_link_, std::move(packet));
  return {};
}

void UdpPort::start_receive(IoTaskPtr task) {
  receives_.add(std::move(task));
  if (waiting_.empty()) {
    return;
  }
  error_code error;
  const std::size_t bytes = receive_now(place_of_task(receives_.front()), error);
  complete(receives_.take(), error, bytes);
}

void UdpPort::start_wait(IoTaskPtr task) {
  if (waiting_.empty()) {
    waits_.add(std::move(task));
  } else {
    complete(std::move(task), {});
  }
}

std::size_t UdpPort::receive_now(const DatagramPlace& into, error_code& error) {
  if (waiting_.empty()) {
    error = asio::error::would_block;
    return 0;
  }
  error = {};
  const Datagram datagram = waiting_.pop_front();
  waiting_bytes_ -= datagram.bytes->size();
  return put(datagram, into);
}

std::size_t UdpPort::put(const Datagram& datagram, const DatagramPlace& into) {
  if (into.sender != nullptr) {
    datagram.sender.store(*into.sender);
  }
  std::size_t done = 0;
  for (std::size_t i = 0; i < into.count && done < datagram.bytes->size(); ++i) {
    const std::size_t size = std::min(into.buffers[i].size(), datagram.bytes->size() - done);
    std::memcpy(into.buffers[i].data(), datagram.bytes->view().data() + done, size);
    done += size;
  }
  return done;
}

void UdpPort::arrived(Datagram&& datagram) {
  if (peer_ && peer_v4_ != datagram.sender) {
    return;
  }
  if (!receives_.empty()) {  // then nothing waits
    IoTaskPtr task = receives_.take();
    const std::size_t bytes = put(datagram, place_of_task(*task));
    complete(std::move(task), {}, bytes);
    return;
  }
  if (waiting_bytes_ + datagram.bytes->size() > limit_bytes_) {
    return;
  }
  waiting_bytes_ += datagram.bytes->size();
  waiting_.push_back(std::move(datagram));
  waits_.fail_all({});
}

void UdpPort::cancel() {
  receives_.fail_all(asio::error::operation_aborted);
  waits_.fail_all(asio::error::operation_aborted);
}

void UdpPort::cancel(const IoTask* task) {
  for (IoRing* ring : {&receives_, &waits_}) {
    if (IoTaskPtr found = ring->take(task)) {
      complete(std::move(found), asio::error::operation_aborted);
      return;
    }
  }
}

std::unique_ptr<UdpPort> UdpStack::bind(asio::ip::udp::endpoint local) {
  for (bool any = local.port() == 0; any; any = ports_.contains(local.port())) {
    next_port_ = next_ephemeral_port(next_port_);
    local.port(next_port_);
  }
  if (ports_.contains(local.port())) {
    return nullptr;
  }
  auto port = std::make_unique<UdpPort>(*this, local);
  ports_.emplace(local.port(), port.get());
  return port;
}

void UdpStack::receive(std::uint32_t from, Packet&& packet) {
  UdpPort*& known = known_[packet.port % known_.size()];
  if (known == nullptr || known->number_ != packet.port) {
    const auto found = ports_.find(packet.port);
    if (found == ports_.end()) {
      return;
    }
    known = found->second;
  }
  if (!known->any_address_ && known->loopback_ != packet.loopback) {
    return;
  }
  const std::uint32_t sender =
      packet.loopback ? std::uint32_t{INADDR_LOOPBACK} : address_of(from).to_uint();
  known->arrived({std::move(packet.bytes), {sender, packet.source_port}});
}

void UdpStack::warm(std::uint16_t number, unsigned step) const {
  const UdpPort* port = known_[number % known_.size()];
  if (port == nullptr) {
    return;
  }
  if (step == 1) {
    prefetch(port, sizeof(UdpPort));
    return;
  }
  if (step == 2) {
    prefetch(port->latest_link_, sizeof(Link));
  }
  if (!port->receives_.empty()) {
    const IoTask& waits = port->receives_.front();
    if (step == 2) {
      prefetch(&waits, kTask_bytes);
    } else {
      waits.warm_waiting();
    }
  }
}

void UdpStack::reset() {
  known_ = {};
  for (const auto& [number, port] : std::exchange(ports_, {})) {
    port->stack_ = nullptr;
  }
}

}  // namespace simnet
