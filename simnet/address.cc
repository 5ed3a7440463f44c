#include "simnet/address.h"

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {

HostId host_at(const Host& from, const boost::asio::ip::address& address) {
  if (!address.is_v4()) {
    return 0;
  }
  if (address.is_loopback() || address.is_unspecified()) {
    return from.id();  // Linux connects 0.0.0.0 to the host itself
  }
  const std::uint32_t number = address.to_v4().to_uint();
  const HostId host = number & 0xffffffU;
  const bool exists = host != 0 && host <= from.world().hosts().size();
  return (number >> 24) == 10 && exists ? host : 0;
}

bool is_own_address(const Host& host, const boost::asio::ip::address& address) {
  return address.is_unspecified() || host_at(host, address) == host.id();
}

}  // namespace simnet
