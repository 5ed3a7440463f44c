// A host's UDP: datagrams may be lost, doubled, late and out of order, but each arrives
// whole or not at all. A port belongs to one socket. What arrives and is not read waits
// in the socket's buffer; what does not fit is dropped, as is what no socket expects.
//
// Limits: no ICMP, so a sender never learns that nobody listens; no multicast or
// broadcast; fragments are not modelled: the loss of a datagram does not depend on its
// size.
#pragma once

#include <array>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <map>
#include <optional>

#include "simnet/address.h"
#include "simnet/fifo.h"
#include "simnet/io_task.h"
#include "simnet/packet.h"
#include "simnet/tcp.h"

namespace simnet {

class Host;
class UdpStack;
struct Link;

// RFC 768 and 791: 65,535 less the headers of IP and UDP.
inline constexpr std::size_t kLargestDatagram_bytes = 65'507;
inline constexpr int kDatagramBuffer_bytes = 208 * 1024;  // Linux' default rmem

// Where a receive puts a datagram and its sender. Limit: what the first kCount buffers do
// not hold is cut off.
struct DatagramPlace : ReadBuffers {
  asio::ip::udp::endpoint* sender = nullptr;  // may be null
};

// A bound port. Owned by the service's socket.
class UdpPort {
 public:
  UdpPort(UdpStack& stack, asio::ip::udp::endpoint local)
      : stack_(&stack),
        number_(local.port()),
        any_address_(local.address().is_unspecified()),
        loopback_(local.address().is_loopback()),
        local_(local) {}
  ~UdpPort();
  UdpPort(const UdpPort&) = delete;
  UdpPort& operator=(const UdpPort&) = delete;

  const asio::ip::udp::endpoint& local() const { return local_; }
  void connect(std::optional<asio::ip::udp::endpoint> peer) {
    peer_ = peer;
    peer_v4_ = peer ? Ipv4Endpoint::of(*peer) : Ipv4Endpoint();
  }
  const std::optional<asio::ip::udp::endpoint>& peer() const { return peer_; }
  void set_buffer_limit(std::size_t bytes) { limit_bytes_ = bytes; }

  // Hands the datagram to the network. Error: message_size, host_unreachable.
  error_code send(PayloadPtr bytes, const asio::ip::udp::endpoint& to);
  void start_receive(IoTaskPtr task);  // REQUIRES: details() is a DatagramPlace
  void start_wait(IoTaskPtr task);
  // At once; would_block when nothing has come. What does not fit is cut off.
  std::size_t receive_now(const DatagramPlace& into, error_code& error);
  std::size_t available() const { return waiting_.empty() ? 0 : waiting_.front().bytes->size(); }
  void cancel();
  void cancel(const IoTask* task);

 private:
  friend class UdpStack;
  struct Datagram {
    PayloadPtr bytes;
    Ipv4Endpoint sender;
  };
  void arrived(Datagram&& datagram);
  static std::size_t put(const Datagram& datagram, const DatagramPlace& into);

  UdpStack* stack_;  // null after a crash
  IoRing receives_;
  // Of the latest send: whoever talks to one peer is not looked up again.
  Link* latest_link_ = nullptr;
  Ipv4Endpoint latest_to_;
  const std::uint16_t number_;
  const bool any_address_;  // bound to all of the host's, and if not:
  const bool loopback_;
  Ipv4Endpoint peer_v4_;  // of peer_; none: from anybody
  std::size_t limit_bytes_ = kDatagramBuffer_bytes;
  std::size_t waiting_bytes_ = 0;
  Fifo<Datagram> waiting_;
  IoRing waits_;
  const asio::ip::udp::endpoint local_;
  std::optional<asio::ip::udp::endpoint> peer_;
};

class UdpStack {
 public:
  explicit UdpStack(Host& host) : host_(host) {}
  Host& host() const { return host_; }
  // Port 0: any free one. Null when the port is taken.
  std::unique_ptr<UdpPort> bind(asio::ip::udp::endpoint local);
  void receive(std::uint32_t from, Packet&& packet);
  // Task::warm for a datagram that will come to `port`, from step 1 on.
  void warm(std::uint16_t port, unsigned step) const;
  // The process is gone.
  void reset();

 private:
  friend class UdpPort;
  Host& host_;
  std::uint16_t next_port_ = 0;
  // Of those that a datagram came for, one per remainder of the number.
  std::array<UdpPort*, 4> known_{};
  std::map<std::uint16_t, UdpPort*> ports_;
};

}  // namespace simnet
