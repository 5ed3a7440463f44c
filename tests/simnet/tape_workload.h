// A small workload over TCP and UDP on a bad network, every choice of which is the tape's.
#pragma once

#include <string>
#include <vector>

#include "tests/simnet/link_support.h"

namespace support {

// One universe from its seed; what went through it is part of its digest.
class TapedRun {
 public:
  explicit TapedRun(std::uint64_t seed) : world(seed) {
    world.network().set_default_link(
        {.loss_ppm = 200'000, .duplicate_ppm = 200'000, .reorder_ppm = 200'000});
    receiver_ = &run_on(world, "receiver", [this](Host& h) { return receive(h, this); });
    sender_ = &run_on(world, "sender", [this](Host& h) { return send(h, this); });
    LinkRule fault = rule(*sender_, *receiver_);
    fault.short_ppm = 300'000;
    fault.flip_ppm = 100'000;
    world.network().add_rule(fault);
  }
  void run() { world.run_until(at(20s)); }

  World world;
  Transfer transfer;
  std::vector<Datagram> datagrams;

 private:
  static awaitable<void> receive(Host& host, TapedRun* run) {
    spawn(host, collect(host, 5, &run->datagrams));
    co_await receive_request(host, 1, &run->transfer);
  }
  // How much it sends is a choice, too.
  static awaitable<void> send(Host& host, TapedRun* run) {
    const std::uint64_t size = 1'000 + host.random("size") % 20'000;
    run->transfer.request = counted_bytes(size);
    std::vector<std::string> few(5, "datagram");
    co_await send_datagrams(host, udp_endpoint(*run->receiver_, 5), std::move(few), 100us);
    co_await send_request(host, endpoint_of(*run->receiver_, 1), &run->transfer, true);
  }

  Host* receiver_ = nullptr;
  Host* sender_ = nullptr;
};

}  // namespace support
