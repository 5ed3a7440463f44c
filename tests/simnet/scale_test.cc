// Many of everything: hosts of one world, timers of one host. Nothing here is timed.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/simnet/link_support.h"

namespace simnet {
namespace {

using namespace support;

constexpr std::size_t kHosts = 10'000;
constexpr std::size_t kTimers = 100'000;

// Greets the next host of the ring and waits for the greeting of the one before.
awaitable<void> greet(Host& host, std::vector<HostId>* heard) {
  const asio::ip::udp::endpoint here(asio::ip::udp::v4(), 1);
  datagram_socket socket(host.executor(), here);
  const auto next = static_cast<HostId>(host.id() % kHosts + 1);
  const std::string bytes = std::to_string(host.id());
  const asio::ip::udp::endpoint to(address_of(next), 1);
  co_await socket.async_send_to(asio::buffer(bytes), to, use_tuple);
  std::array<char, 16> buffer;
  asio::ip::udp::endpoint sender;
  const auto [error, count] =
      co_await socket.async_receive_from(asio::buffer(buffer), sender, use_tuple);
  EXPECT_FALSE(error);
  EXPECT_EQ(sender.address().to_v4().to_uint() & 0xffffffU,
            std::stoul(std::string(buffer.data(), count)));
  (*heard)[host.id() - 1] = static_cast<HostId>(std::stoul(std::string(buffer.data(), count)));
}

std::uint64_t run_ring(std::vector<HostId>& heard) {
  World world(1);
  heard.assign(kHosts, 0);
  for (std::size_t i = 1; i <= kHosts; ++i) {
    run_on(world, "host-" + std::to_string(i), [&](Host& h) { return greet(h, &heard); });
  }
  world.run_until(at(1s));
  EXPECT_EQ(world.statistics().boots, kHosts);
  EXPECT_EQ(world.network().statistics().delivered, kHosts);
  EXPECT_TRUE(world.aborts().empty());
  return world.digest().value();
}

TEST(Scale, TenThousandHostsGreetEachOther) {
  std::vector<HostId> heard;
  const std::uint64_t digest = run_ring(heard);
  for (std::size_t i = 0; i < kHosts; ++i) {
    ASSERT_EQ(heard[i], i == 0 ? kHosts : i) << "host " << i + 1;
  }
  EXPECT_EQ(run_ring(heard), digest);
}

class Timers : public ::testing::Test {
 protected:
  Timers() : host_(world_.add_host({"host", "here"})) {
    host_.set_program([](Host&) { return std::shared_ptr<void>(); });
    host_.boot();
    world_.run_until(at(0ns));
  }
  ~Timers() override { timers_.clear(); }

  // From an hour on, 1 us apart.
  void start() {
    for (std::size_t i = 0; i < kTimers; ++i) {
      timers_.push_back(
          std::make_unique<steady_timer>(host_.executor(), 1h + std::chrono::microseconds(i)));
      timers_.back()->async_wait([this](error_code error) { ++(error ? aborted_ : fired_); });
    }
  }

  World world_{1};
  Host& host_;
  std::vector<std::unique_ptr<steady_timer>> timers_;
  std::size_t fired_ = 0;
  std::size_t aborted_ = 0;
};

// What a queue may keep of the cancelled: a sweep comes once half of it is.
constexpr std::size_t kLeft = 4'096;

TEST_F(Timers, CancelledOnesDoNotStayInTheQueue) {
  start();
  EXPECT_GE(world_.queue().size(), kTimers);
  for (const auto& timer : timers_) {
    timer->cancel();
  }
  world_.run_until(world_.now());
  EXPECT_EQ(aborted_, kTimers);
  EXPECT_LT(world_.queue().size(), kLeft);
  world_.run_until(at(2h));
  EXPECT_EQ(fired_, 0u);
  EXPECT_EQ(world_.queue().size(), 0u);
}

TEST_F(Timers, NeitherDoThoseThatAreSetAnewAgainAndAgain) {
  steady_timer timer(host_.executor());
  for (std::size_t i = 0; i < kTimers; ++i) {
    timer.expires_after(1h);
    timer.async_wait([this](error_code error) { ++(error ? aborted_ : fired_); });
    if (i % 100 == 0) {
      world_.run_until(world_.now() + 1us);
      ASSERT_LT(world_.queue().size(), kLeft);
    }
  }
  world_.run_until(at(2h));
  EXPECT_EQ(fired_, 1u);
  EXPECT_EQ(aborted_, kTimers - 1);
}

TEST_F(Timers, NorThoseOfAProcessThatCrashed) {
  start();
  host_.stop(StopKind::process);
  EXPECT_LT(world_.queue().size(), kLeft);
  world_.run_until(at(2h));
  EXPECT_EQ(fired_ + aborted_, 0u);
}

TEST_F(Timers, TheRestFiresWhenMostWereCancelled) {
  start();
  for (std::size_t i = 0; i < kTimers; ++i) {
    if (i % 10 != 3) {
      timers_[i]->cancel();
    }
  }
  world_.run_until(at(1h + 50ms));
  EXPECT_EQ(fired_, kTimers / 20);
  world_.run_until(at(2h));
  EXPECT_EQ(fired_, kTimers / 10);
  EXPECT_EQ(aborted_, kTimers - kTimers / 10);
}

}  // namespace
}  // namespace simnet
