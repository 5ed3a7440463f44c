// The name service. Every host is known by its own name; more names and other addresses
// can be given, also while the world runs. Each host has a resolver with a cache: an
// answer is good for its time to live. Faults, per asking host: no answer can be had
// (host_not_found_try_again), or what is in the cache never expires.
//
// Limits: queries are not packets; a partition does not stop them, only the faults do.
#pragma once

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simnet/address.h"
#include "simnet/time.h"

namespace simnet {

class World;

struct NameOptions {
  Duration latency_base = std::chrono::microseconds(300);
  Duration latency_jitter = std::chrono::microseconds(700);
  Duration time_to_live = std::chrono::seconds(30);
};

class Names {
 public:
  using Addresses = std::vector<boost::asio::ip::address>;

  explicit Names(World& world) : world_(world) {}

  void set_options(const NameOptions& options) { options_ = options; }
  // Replaces what the name stands for; no addresses: the name is unknown. What hosts
  // have in their caches stays there.
  void set(const std::string& name, Addresses addresses) { zone_[name] = std::move(addresses); }

  // Faults. Counted: as many calls with false take them back.
  void fail(HostId asking, bool on) { count(faults_[asking].fail, on); }
  void go_stale(HostId asking, bool on) { count(faults_[asking].stale, on); }

  struct Answer {
    boost::system::error_code error;
    Addresses addresses;
  };
  // What the resolver of `asking` would say now. Numeric addresses need no service.
  Answer look_up(HostId asking, std::string_view name);
  // How long the answer takes: nothing when it is numeric or in the cache.
  Duration latency(HostId asking, std::string_view name);
  // The host was started anew.
  void forget_cache(HostId asking) { caches_.erase(asking); }

 private:
  struct Faults {
    int fail = 0;
    int stale = 0;
  };
  struct Cached {
    Addresses addresses;
    Time until;
  };
  static void count(int& faults, bool on) { faults = on ? faults + 1 : std::max(faults - 1, 0); }
  const Cached* cached(HostId asking, std::string_view name) const;
  Addresses from_zone(std::string_view name) const;

  World& world_;
  NameOptions options_;
  std::map<std::string, Addresses, std::less<>> zone_;
  std::map<HostId, Faults> faults_;
  std::map<HostId, std::map<std::string, Cached, std::less<>>> caches_;
  std::map<HostId, std::uint64_t> queries_;
};

}  // namespace simnet
