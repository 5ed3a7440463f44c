// Addresses: host number n, from 1, is 10.x.y.z with n = x * 65536 + y * 256 + z.
// 127.0.0.0/8 is the host itself. IPv4 only.
#pragma once

#include <netinet/in.h>

#include <boost/asio/ip/address.hpp>
#include <cstdint>

namespace simnet {

class Host;
using HostId = std::uint32_t;  // from 1, in the order of creation

// Address and port as what they are: Asio's endpoint tells and compares them by copies.
struct Ipv4Endpoint {
  std::uint32_t address = 0;  // 0 with port 0 for an endpoint that is no IPv4
  std::uint16_t port = 0;
  bool operator==(const Ipv4Endpoint&) const = default;

  template <class Endpoint>
  static Ipv4Endpoint of(const Endpoint& endpoint) {
    if (endpoint.data()->sa_family != AF_INET) {
      return {};
    }
    const auto& raw = *reinterpret_cast<const sockaddr_in*>(endpoint.data());
    return {ntohl(raw.sin_addr.s_addr), ntohs(raw.sin_port)};
  }
  template <class Endpoint>
  void store(Endpoint& endpoint) const {
    auto& raw = *reinterpret_cast<sockaddr_in*>(endpoint.data());
    raw = {};
    raw.sin_family = AF_INET;
    raw.sin_addr.s_addr = htonl(address);
    raw.sin_port = htons(port);
    endpoint.resize(sizeof raw);
  }
  bool loopback() const { return address >> 24 == 127; }
};

inline boost::asio::ip::address_v4 address_of(HostId host) {
  return boost::asio::ip::address_v4((std::uint32_t{10} << 24) | host);
}
// The host that `address` means when `from` uses it; 0 for none.
HostId host_at(const Host& from, const boost::asio::ip::address& address);
// Whether a socket of `host` may be bound to `address`.
bool is_own_address(const Host& host, const boost::asio::ip::address& address);

// The dynamic ports of RFC 6335, section 6, in order, over and over. `last`: 0 before the first.
constexpr std::uint16_t next_ephemeral_port(std::uint16_t last) {
  constexpr std::uint16_t kFirst = 49152;
  return last < kFirst || last == 65535 ? kFirst : static_cast<std::uint16_t>(last + 1);
}

}  // namespace simnet
