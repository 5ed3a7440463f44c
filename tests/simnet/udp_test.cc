// UDP between hosts that fail: what arrives, whole, and what does not. The semantics of
// the socket itself are in tests/net.
#include "simnet/udp.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/simnet/link_support.h"

namespace simnet {
namespace {

using namespace support;

using Strings = std::vector<std::string>;

class Udp : public LinkTest {
 protected:
  // b_ keeps what comes to port 5, also after a restart.
  void listen() {
    b_.set_program([this](Host& host) {
      spawn(host, collect(host, 5, &arrived_));
      return std::shared_ptr<void>();
    });
    b_.stop(StopKind::process);
    b_.boot();
    world_.run_until(world_.now());
  }
  void block(Host& from, Host& to) {
    LinkRule cut = rule(from, to);
    cut.block = true;
    rules_.push_back(network().add_rule(cut));
  }

  std::vector<Datagram> arrived_;
  std::vector<Network::RuleId> rules_;
};

TEST_F(Udp, WhatIsNotLostArrivesOnceAndWhole) {
  listen();
  LinkRule fault = rule(a_, b_);
  fault.loss_ppm = 400'000;
  network().add_rule(fault);
  Strings sent;
  for (int i = 0; i < 500; ++i) {
    sent.push_back(std::to_string(i) + counted_bytes(static_cast<std::size_t>(i)));
  }
  send(a_, sent);
  world_.run_until(at(1s));
  EXPECT_EQ(network().statistics().sent, 500u);
  EXPECT_EQ(network().statistics().delivered, 500u - network().statistics().lost);
  EXPECT_EQ(arrived_.size() + network().statistics().lost, 500u);
  EXPECT_GT(arrived_.size(), 200u);
  EXPECT_LT(arrived_.size(), 400u);
  std::map<std::string, int> copies;
  for (const Datagram& datagram : arrived_) {
    ++copies[datagram.bytes];
  }
  for (const std::string& datagram : sent) {
    EXPECT_LE(copies[datagram], 1);
  }
  EXPECT_EQ(copies.size(), 500u) << "each that arrived is one of those sent";
}

TEST_F(Udp, TheLargestAndTheEmptyDatagramArrive) {
  listen();
  send(a_, {counted_bytes(kLargestDatagram_bytes), ""});
  world_.run_until(at(1s));
  ASSERT_EQ(arrived_.size(), 2u);
  EXPECT_TRUE(arrived_[0].bytes == counted_bytes(kLargestDatagram_bytes));
  EXPECT_EQ(arrived_[1].bytes, "");
  EXPECT_EQ(arrived_[0].sender.address(), asio::ip::address(a_.address()));
  EXPECT_EQ(arrived_[0].sender, arrived_[1].sender);
}

awaitable<void> read_late(Host& host, int buffer_bytes, std::vector<Datagram>* into) {
  const asio::ip::udp::endpoint here(asio::ip::udp::v4(), 5);
  datagram_socket socket(host.executor(), here);
  socket.set_option(asio::socket_base::receive_buffer_size(buffer_bytes));
  for (int round = 0; round < 2; ++round) {
    co_await sleep_for(host, 10ms);
    std::string buffer(1'000, '\0');
    error_code error;
    while (!error) {
      asio::ip::udp::endpoint sender;
      const std::size_t count = socket.receive_from(asio::buffer(buffer), sender, 0, error);
      if (!error) {
        into->push_back({host.world().now(), buffer.substr(0, count), sender});
      }
    }
    EXPECT_EQ(error, asio::error::would_block);
  }
}

TEST_F(Udp, WhatDoesNotFitIntoTheBufferIsDropped) {
  spawn(b_, read_late(b_, 1'000, &arrived_));
  const std::string big(400, 'b');
  send(a_, {big, big, big, "small", big}, 100us);
  world_.run_until(at(10ms));
  EXPECT_EQ(contents(arrived_), (Strings{big, big, "small"}));
  send(a_, {"again"});
  world_.run_until(at(20ms));
  ASSERT_EQ(arrived_.size(), 4u) << "what was read makes room";
  EXPECT_EQ(arrived_[3].bytes, "again");
}

TEST_F(Udp, WhatNobodyExpectsIsDroppedInSilence) {
  send(a_, {"early"});
  world_.run_until(at(10ms));
  listen();
  send(a_, {"in time"});
  spawn(a_, send_datagrams(a_, udp_endpoint(b_, 6), {"other port"}, 0ns));
  world_.run_until(at(20ms));
  EXPECT_EQ(contents(arrived_), Strings{"in time"});
  EXPECT_TRUE(world_.aborts().empty());
}

TEST_F(Udp, ACrashOfTheReceiverLosesWhatComesMeanwhile) {
  listen();
  send(a_, {"before"});
  world_.run_until(at(10ms));
  b_.stop_until(StopKind::process, at(20ms));
  send(a_, {"meanwhile"});
  world_.run_until(at(20ms));
  send(a_, {"afterwards"});
  world_.run_until(at(30ms));
  EXPECT_EQ(contents(arrived_), (Strings{"before", "afterwards"}));
  EXPECT_EQ(b_.incarnation(), 3u);
}

TEST_F(Udp, APortCanBeBoundAgainAtOnceAfterACrash) {
  listen();
  for (int i = 0; i < 5; ++i) {
    b_.stop(i % 2 == 0 ? StopKind::process : StopKind::power);
    b_.boot();
    world_.run_until(world_.now());
    send(a_, {std::to_string(i)});
    world_.run_until(world_.now() + 2ms);
  }
  EXPECT_EQ(contents(arrived_), (Strings{"0", "1", "2", "3", "4"}));
  EXPECT_TRUE(world_.aborts().empty());
}

// A restart is quicker than the packet: the port, not the process, is what it is sent to.
TEST_F(Udp, ADatagramUnderWayReachesTheNextIncarnation) {
  listen();
  send(a_, {"under way"});
  world_.run_until(at(500us));
  b_.stop(StopKind::process);
  b_.boot();
  world_.run_until(at(10ms));
  EXPECT_EQ(contents(arrived_), Strings{"under way"});
}

TEST_F(Udp, WhatWasReceivedAndNotReadDiesWithTheProcess) {
  spawn(b_, read_late(b_, 1'000, &arrived_));
  send(a_, {"unread"});
  world_.run_until(at(5ms));
  listen();
  send(a_, {"new"});
  world_.run_until(at(30ms));
  EXPECT_EQ(contents(arrived_), Strings{"new"});
}

TEST_F(Udp, ADarkMachineReceivesNothing) {
  listen();
  b_.stop_until(StopKind::power, at(20ms));
  send(a_, {"dark"});
  world_.run_until(at(20ms));
  send(a_, {"light"});
  world_.run_until(at(30ms));
  EXPECT_EQ(contents(arrived_), Strings{"light"});
}

TEST_F(Udp, WhatLeftBeforeThePowerWasLostArrives) {
  listen();
  send(a_, {"last words"});
  world_.run_until(at(500us));
  a_.stop(StopKind::power);
  world_.run_until(at(10ms));
  EXPECT_EQ(contents(arrived_), Strings{"last words"});
}

TEST_F(Udp, APartitionHitsWhatIsUnderWayInItsDirectionOnly) {
  listen();
  send(a_, {"cut"});
  world_.run_until(at(500us));
  block(a_, b_);
  block(b_, c_);
  send(c_, {"open"});
  world_.run_until(at(10ms));
  EXPECT_EQ(contents(arrived_), Strings{"open"});
  EXPECT_EQ(network().statistics().blocked, 1u);
  network().remove_rule(rules_[0]);
  send(a_, {"healed"});
  world_.run_until(at(20ms));
  EXPECT_EQ(contents(arrived_), (Strings{"open", "healed"})) << "nothing is sent again";
}

TEST_F(Udp, APausedProcessReadsLaterWhatItsKernelKept) {
  listen();
  b_.pause();
  send(a_, {"1", "2"}, 1ms);
  world_.run_until(at(10ms));
  EXPECT_TRUE(arrived_.empty());
  b_.resume();
  world_.run_until(at(11ms));
  EXPECT_EQ(contents(arrived_), (Strings{"1", "2"}));
}

}  // namespace
}  // namespace simnet
