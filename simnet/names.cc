#include "simnet/names.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address_v4.hpp>

#include "simnet/world.h"

namespace simnet {
namespace {

namespace asio = boost::asio;
constexpr Purpose kLatency("dns latency");

std::optional<asio::ip::address> numeric(std::string_view name) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(std::string(name), error);
  return error ? std::nullopt : std::optional(address);
}

}  // namespace

const Names::Cached* Names::cached(HostId asking, std::string_view name) const {
  const auto cache = caches_.find(asking);
  if (cache == caches_.end()) {
    return nullptr;
  }
  const auto found = cache->second.find(name);
  if (found == cache->second.end()) {
    return nullptr;
  }
  const auto faults = faults_.find(asking);
  const bool stale = faults != faults_.end() && faults->second.stale > 0;
  return stale || found->second.until > world_.now() ? &found->second : nullptr;
}

Names::Addresses Names::from_zone(std::string_view name) const {
  if (const auto found = zone_.find(name); found != zone_.end()) {
    return found->second;
  }
  const Host* host = world_.find(name);
  return host != nullptr ? Addresses{address_of(host->id())} : Addresses{};
}

Names::Answer Names::look_up(HostId asking, std::string_view name) {
  if (const auto address = numeric(name)) {
    return {{}, {*address}};
  }
  if (name == "localhost") {
    return {{}, {asio::ip::address_v4::loopback()}};
  }
  if (const Cached* known = cached(asking, name)) {
    return {{}, known->addresses};
  }
  const auto faults = faults_.find(asking);
  if (faults != faults_.end() && faults->second.fail > 0) {
    return {asio::error::host_not_found_try_again, {}};
  }
  Addresses addresses = from_zone(name);
  if (addresses.empty()) {
    return {asio::error::host_not_found, {}};
  }
  caches_[asking].insert_or_assign(std::string(name),
                                   Cached{addresses, world_.now() + options_.time_to_live});
  return {{}, std::move(addresses)};
}

Duration Names::latency(HostId asking, std::string_view name) {
  if (numeric(name) || name == "localhost" || cached(asking, name) != nullptr) {
    return {};
  }
  const Label label{kLatency, place_of(0, asking), 0, queries_[asking]++};
  const auto bound = static_cast<std::uint64_t>(options_.latency_jitter.count()) + 1;
  return options_.latency_base +
         Duration(static_cast<std::int64_t>(world_.tape().below(label, bound)));
}

}  // namespace simnet
