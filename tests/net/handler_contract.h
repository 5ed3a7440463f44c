// How handlers are treated: when and where they run, whose memory their operations use,
// and what an operation may be started with besides a handler.
#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/strand.hpp>
#include <functional>

#include "tests/net/contract.h"
#include "tests/net/counting_allocator.h"

namespace contract {

template <class Machines>
class HandlerContract : public NetContract<Machines> {
 protected:
  // A handler that must find its operation's memory freed.
  auto counted(AllocatorUsage& usage, const Outcome& outcome) {
    return asio::bind_allocator(
        CountingAllocator<std::byte>(usage),
        [&usage, handler = outcome.handler()](error_code error, std::size_t bytes = 0) mutable {
          EXPECT_EQ(usage.live_bytes, 0u) << "freed before the handler is called";
          handler(error, bytes);
        });
  }

  void expect_used(const AllocatorUsage& usage, const Outcome& outcome) {
    this->finish(outcome);
    EXPECT_EQ(outcome.error(), kSuccess);
    EXPECT_GT(usage.allocations, 0u) << "the handler's allocator was not used";
    EXPECT_EQ(usage.live_bytes, 0u);
  }
};
TYPED_TEST_SUITE_P(HandlerContract);

// Starts, from inside a handler, operations that could complete at once.
TYPED_TEST_P(HandlerContract, NeverInsideTheInitiatingFunction) {
  auto pair = this->connect_pair();
  this->write_all(pair.left, "ready");
  this->pass_time();
  typename TypeParam::tcp::socket closed(this->machines_.right());
  typename TypeParam::steady_timer expired(this->machines_.right(), -1s);
  std::array<Outcome, 6> outcomes;
  bool started = false;
  char byte = 0;
  asio::post(this->machines_.right(), [&] {
    pair.right.async_read_some(asio::buffer(&byte, 1), outcomes[0].handler());
    pair.right.async_write_some(asio::buffer("x", 1), outcomes[1].handler());
    pair.right.async_read_some(asio::mutable_buffer(), outcomes[2].handler());
    pair.right.async_wait(asio::socket_base::wait_read, outcomes[3].handler());
    closed.async_read_some(asio::buffer(&byte, 1), outcomes[4].handler());
    expired.async_wait(outcomes[5].handler());
    started = true;
    for (const Outcome& outcome : outcomes) {
      EXPECT_FALSE(outcome.done());
    }
  });
  this->machines_.run_until([&] { return started; }, kPatience);
  for (const Outcome& outcome : outcomes) {
    this->finish(outcome);
  }
  EXPECT_EQ(byte, 'r');
}

TYPED_TEST_P(HandlerContract, ACancelledOperationIsToldLater) {
  auto pair = this->connect_pair();
  typename TypeParam::steady_timer timer(this->machines_.right(), 1h);
  char byte = 0;
  Outcome read;
  Outcome waited;
  bool cancelled = false;
  asio::post(this->machines_.right(), [&] {
    pair.right.async_read_some(asio::buffer(&byte, 1), read.handler());
    timer.async_wait(waited.handler());
    pair.right.cancel();
    timer.cancel();
    EXPECT_FALSE(read.done() || waited.done());
    cancelled = true;
  });
  this->finish(read, waited);
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(read.error(), asio::error::operation_aborted);
  EXPECT_EQ(waited.error(), asio::error::operation_aborted);
}

TYPED_TEST_P(HandlerContract, MoveOnlyHandlersWillDo) {
  auto pair = this->connect_pair();
  Outcome read;
  char byte = 0;
  pair.right.async_read_some(
      asio::buffer(&byte, 1),
      [owned = std::make_unique<int>(7), handler = read.handler()](
          error_code error, std::size_t bytes) mutable { handler(error, bytes + *owned); });
  this->write_all(pair.left, "x");
  this->finish(read);
  EXPECT_EQ(read.bytes(), 8u);
}

TYPED_TEST_P(HandlerContract, AHandlerIsGoneOnceCalled) {
  auto pair = this->connect_pair();
  auto owned = std::make_shared<int>();
  const std::weak_ptr<int> watched = owned;
  Outcome waited;
  {
    typename TypeParam::steady_timer timer(this->machines_.left(), 1h);
    timer.async_wait([owned = std::move(owned),
                      handler = waited.handler()](error_code error) mutable { handler(error); });
    EXPECT_FALSE(watched.expired());
  }
  this->finish(waited);
  EXPECT_TRUE(watched.expired());
}

TYPED_TEST_P(HandlerContract, HandlersRunInTheirStrand) {
  auto pair = this->connect_pair();
  auto strand = asio::make_strand(this->machines_.right());
  typename TypeParam::steady_timer timer(this->machines_.right(), 1ms);
  std::array<Outcome, 3> outcomes;
  const auto in_strand = [&](const Outcome& outcome) {
    return asio::bind_executor(strand, [&strand, handler = outcome.handler()](
                                           error_code error, std::size_t bytes = 0) mutable {
      EXPECT_TRUE(strand.running_in_this_thread());
      handler(error, bytes);
    });
  };
  char byte = 0;
  pair.right.async_read_some(asio::buffer(&byte, 1), in_strand(outcomes[0]));
  pair.right.async_write_some(asio::buffer("x", 1), in_strand(outcomes[1]));
  timer.async_wait(in_strand(outcomes[2]));
  this->write_all(pair.left, "y");
  for (const Outcome& outcome : outcomes) {
    this->finish(outcome);
    EXPECT_EQ(outcome.error(), kSuccess);
  }
}

TYPED_TEST_P(HandlerContract, AStrandIsOneAtATime) {
  auto strand = asio::make_strand(this->machines_.left());
  std::vector<int> order;
  int inside = 0;
  for (int i = 0; i < 10; ++i) {
    asio::post(strand, [&, i] {
      EXPECT_EQ(++inside, 1);
      order.push_back(i);
      asio::post(strand, [&, i] { order.push_back(100 + i); });
      --inside;
    });
  }
  EXPECT_TRUE(this->machines_.run_until([&] { return order.size() == 20; }, kPatience));
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end())) << "first in, first out";
}

TYPED_TEST_P(HandlerContract, PostedWorkRunsInItsOrder) {
  std::vector<int> order;
  for (int i = 0; i < 10; ++i) {
    asio::post(this->machines_.left(), [&order, i] { order.push_back(i); });
  }
  EXPECT_TRUE(order.empty());
  EXPECT_TRUE(this->machines_.run_until([&] { return order.size() == 10; }, kPatience));
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TYPED_TEST_P(HandlerContract, ReadsAndWritesUseTheHandlersAllocator) {
  auto pair = this->connect_pair();
  AllocatorUsage reading;
  AllocatorUsage writing;
  AllocatorUsage waiting;
  Outcome read;
  Outcome written;
  Outcome waited;
  char byte = 0;
  pair.right.async_read_some(asio::buffer(&byte, 1), this->counted(reading, read));
  EXPECT_GT(reading.live_bytes, 0u);
  pair.left.async_write_some(asio::buffer("x", 1), this->counted(writing, written));
  pair.left.async_wait(asio::socket_base::wait_write, this->counted(waiting, waited));
  this->expect_used(writing, written);
  this->expect_used(waiting, waited);
  this->expect_used(reading, read);
}

TYPED_TEST_P(HandlerContract, ConnectAndAcceptUseTheHandlersAllocator) {
  auto acceptor = this->listen_right();
  typename TypeParam::tcp::socket client(this->machines_.left());
  typename TypeParam::tcp::socket server(this->machines_.right());
  AllocatorUsage connecting;
  AllocatorUsage accepting;
  Outcome connected;
  Outcome accepted;
  acceptor.async_accept(server, this->counted(accepting, accepted));
  client.async_connect(acceptor.local_endpoint(), this->counted(connecting, connected));
  this->expect_used(connecting, connected);
  this->expect_used(accepting, accepted);
}

TYPED_TEST_P(HandlerContract, TimersUseTheHandlersAllocator) {
  typename TypeParam::steady_timer timer(this->machines_.left(), 1ms);
  AllocatorUsage usage;
  Outcome waited;
  timer.async_wait(this->counted(usage, waited));
  EXPECT_GT(usage.live_bytes, 0u);
  this->expect_used(usage, waited);
}

TYPED_TEST_P(HandlerContract, DatagramsUseTheHandlersAllocator) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  AllocatorUsage receiving;
  AllocatorUsage sending;
  Outcome received;
  Outcome sent;
  std::string text(10, '\0');
  typename TypeParam::udp::endpoint sender;
  right.async_receive_from(asio::buffer(text), sender, this->counted(receiving, received));
  left.async_send_to(asio::buffer("x", 1), right.local_endpoint(), this->counted(sending, sent));
  this->expect_used(sending, sent);
  this->expect_used(receiving, received);
}

TYPED_TEST_P(HandlerContract, DeferredOperationsStartWhenCalled) {
  auto pair = this->connect_pair();
  std::string text(5, '\0');
  auto read = pair.right.async_read_some(asio::buffer(text), asio::deferred);
  this->write_all(pair.left, "defer");
  this->pass_time();
  EXPECT_EQ(pair.right.available(), 5u) << "not started";
  Outcome done;
  std::move(read)(done.handler());
  this->finish(done);
  EXPECT_EQ(done.error(), kSuccess);
  EXPECT_EQ(text, "defer");

  typename TypeParam::steady_timer timer(this->machines_.left(), 1h);
  auto wait = timer.async_wait(asio::deferred);
  timer.expires_after(1ms);
  Outcome waited;
  std::move(wait)(waited.handler());
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess) << "the expiry counts when the wait starts";
}

TYPED_TEST_P(HandlerContract, DeferredOperationsChain) {
  auto pair = this->connect_pair();
  std::string text(4, '\0');
  Outcome done;
  auto chain = pair.left.async_write_some(
      asio::buffer("link", 4), asio::deferred([&](error_code error, std::size_t) {
        EXPECT_EQ(error, kSuccess);
        return pair.right.async_read_some(asio::buffer(text), asio::deferred);
      }));
  std::move(chain)(done.handler());
  this->finish(done);
  EXPECT_EQ(done.error(), kSuccess);
  EXPECT_EQ(text, "link");
}

REGISTER_TYPED_TEST_SUITE_P(HandlerContract, NeverInsideTheInitiatingFunction,
                            ACancelledOperationIsToldLater, MoveOnlyHandlersWillDo,
                            AHandlerIsGoneOnceCalled, HandlersRunInTheirStrand, AStrandIsOneAtATime,
                            PostedWorkRunsInItsOrder, ReadsAndWritesUseTheHandlersAllocator,
                            ConnectAndAcceptUseTheHandlersAllocator, TimersUseTheHandlersAllocator,
                            DatagramsUseTheHandlersAllocator, DeferredOperationsStartWhenCalled,
                            DeferredOperationsChain);

}  // namespace contract
