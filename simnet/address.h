// Addresses: host number n, from 1, is 10.x.y.z with n = x * 65536 + y * 256 + z.
// 127.0.0.0/8 is the host itself. IPv4 only.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>

namespace simnet {

class Host;
using HostId = std::uint32_t;  // from 1, in the order of creation

inline boost::asio::ip::address_v4 address_of(HostId host) {
  return boost::asio::ip::address_v4((std::uint32_t{10} << 24) | host);
}
// The host that `address` means when `from` uses it; 0 for none.
HostId host_at(const Host& from, const boost::asio::ip::address& address);
// Whether a socket of `host` may be bound to `address`.
bool is_own_address(const Host& host, const boost::asio::ip::address& address);

}  // namespace simnet
