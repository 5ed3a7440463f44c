// UDP: whole datagrams or none, and who sent them.
//
// Both machines are taken to be on a network that loses and duplicates nothing unless a
// fault says so; kOrderedDatagrams tells whether it also keeps their order.
#pragma once

#include <algorithm>
#include <array>

#include "tests/net/contract.h"

namespace contract {

template <class Machines>
class DatagramFixture : public NetContract<Machines> {
 protected:
  using endpoint = typename Machines::udp::endpoint;
  using socket = typename Machines::udp::socket;

  void send_to(socket& from, std::string_view text, const endpoint& to) {
    Outcome sent;
    from.async_send_to(asio::buffer(text), to, sent.handler());
    this->finish(sent);
    EXPECT_EQ(sent.error(), kSuccess);
    EXPECT_EQ(sent.bytes(), text.size());
  }

  std::string receive(socket& at, endpoint* from = nullptr) {
    std::string text(1000, '\0');
    endpoint sender;
    Outcome received;
    at.async_receive_from(asio::buffer(text), sender, received.handler());
    this->finish(received);
    EXPECT_EQ(received.error(), kSuccess);
    if (from != nullptr) {
      *from = sender;
    }
    return text.substr(0, received.bytes());
  }
};
template <class Machines>
class DatagramContract : public DatagramFixture<Machines> {};
TYPED_TEST_SUITE_P(DatagramContract);

TYPED_TEST_P(DatagramContract, ADatagramTellsItsSender) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  EXPECT_NE(left.local_endpoint().port(), 0);
  typename TypeParam::udp::endpoint sender;
  this->send_to(left, "hello", right.local_endpoint());
  EXPECT_EQ(this->receive(right, &sender), "hello");
  EXPECT_EQ(sender, left.local_endpoint());
  this->send_to(right, "and back", sender);
  EXPECT_EQ(this->receive(left, &sender), "and back");
  EXPECT_EQ(sender, right.local_endpoint());
}

TYPED_TEST_P(DatagramContract, AReceiverMayWaitFirst) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  std::string text(10, '\0');
  typename TypeParam::udp::endpoint sender;
  Outcome received;
  right.async_receive_from(asio::buffer(text), sender, received.handler());
  this->pass_time();
  EXPECT_FALSE(received.done());
  this->send_to(left, "x", right.local_endpoint());
  this->finish(received);
  EXPECT_EQ(received.bytes(), 1u);
  EXPECT_EQ(sender, left.local_endpoint());
}

TYPED_TEST_P(DatagramContract, SendingBindsThePort) {
  using udp = typename TypeParam::udp;
  auto right = this->bind_udp_right();
  typename udp::socket left(this->machines_.left(), udp::v4());
  EXPECT_EQ(left.local_endpoint().port(), 0);
  this->send_to(left, "x", right.local_endpoint());
  const auto port = left.local_endpoint().port();
  EXPECT_NE(port, 0);
  typename udp::endpoint sender;
  this->receive(right, &sender);
  EXPECT_EQ(sender, typename udp::endpoint(this->machines_.left_address(), port));
}

TYPED_TEST_P(DatagramContract, SynchronousFormsDoNotBlock) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  right.non_blocking(true);
  std::string text(10, '\0');
  typename TypeParam::udp::endpoint sender;
  error_code error;
  EXPECT_EQ(right.receive_from(asio::buffer(text), sender, 0, error), 0u);
  EXPECT_EQ(error, asio::error::would_block);
  EXPECT_EQ(left.send_to(asio::buffer("now", 3), right.local_endpoint(), 0, error), 3u);
  EXPECT_EQ(error, kSuccess);
  EXPECT_EQ(left.send_to(asio::buffer("two", 3), right.local_endpoint()), 3u);
  this->pass_time();
  EXPECT_EQ(right.receive_from(asio::buffer(text), sender, 0, error), 3u);
  EXPECT_EQ(error, kSuccess);
  EXPECT_EQ(sender, left.local_endpoint());
  EXPECT_EQ(right.receive_from(asio::buffer(text), sender), 3u);
}

// Linux drops the tail and Asio does not tell (other systems: message_size).
TYPED_TEST_P(DatagramContract, WhatDoesNotFitIsLost) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  this->send_to(left, "longer than that", right.local_endpoint());
  this->send_to(left, "next", right.local_endpoint());
  this->pass_time();
  std::array<std::string, 2> got;
  for (std::string& text : got) {
    text.resize(6);
    Outcome received;
    typename TypeParam::udp::endpoint sender;
    right.async_receive_from(asio::buffer(text), sender, received.handler());
    this->finish(received);
    EXPECT_EQ(received.error(), kSuccess);
    text.resize(received.bytes());
  }
  std::sort(got.begin(), got.end());
  EXPECT_EQ(got, (std::array<std::string, 2>{"longer", "next"}));
}

TYPED_TEST_P(DatagramContract, EmptyDatagramsArrive) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  std::string text(10, '\0');
  typename TypeParam::udp::endpoint sender;
  Outcome received;
  right.async_receive_from(asio::buffer(text), sender, received.handler());
  this->send_to(left, "", right.local_endpoint());
  this->finish(received);
  EXPECT_EQ(received.error(), kSuccess);
  EXPECT_EQ(received.bytes(), 0u);
  EXPECT_EQ(sender, left.local_endpoint());
}

TYPED_TEST_P(DatagramContract, ADatagramHasALargestSize) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  // 65,535 less the headers of UDP and IPv4 (RFC 768, RFC 791).
  const std::string largest(65'507, 'l');
  const std::string larger(65'508, 'l');
  this->send_to(left, largest, right.local_endpoint());
  std::string text(70'000, '\0');
  typename TypeParam::udp::endpoint sender;
  Outcome received;
  right.async_receive_from(asio::buffer(text), sender, received.handler());
  this->finish(received);
  EXPECT_EQ(received.bytes(), largest.size());
  Outcome refused;
  left.async_send_to(asio::buffer(larger), right.local_endpoint(), refused.handler());
  this->finish(refused);
  EXPECT_EQ(refused.error(), asio::error::message_size);
  error_code error;
  left.send_to(asio::buffer(larger), right.local_endpoint(), 0, error);
  EXPECT_EQ(error, asio::error::message_size);
}

TYPED_TEST_P(DatagramContract, BuffersAreGatheredAndScattered) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  const std::array<asio::const_buffer, 2> parts = {asio::buffer("ab", 2), asio::buffer("cde", 3)};
  Outcome sent;
  left.async_send_to(parts, right.local_endpoint(), sent.handler());
  std::string first(1, '\0');
  std::string second(9, '\0');
  const std::array<asio::mutable_buffer, 2> into = {asio::buffer(first), asio::buffer(second)};
  typename TypeParam::udp::endpoint sender;
  Outcome received;
  right.async_receive_from(into, sender, received.handler());
  this->finish(sent, received);
  EXPECT_EQ(sent.bytes(), 5u);
  EXPECT_EQ(received.bytes(), 5u);
  EXPECT_EQ(first + second.substr(0, 4), "abcde");
}

TYPED_TEST_P(DatagramContract, AllArriveAndPerhapsInOrder) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  std::vector<std::string> sent;
  std::vector<std::string> received;
  for (char c = 'a'; c < 'k'; ++c) {
    sent.emplace_back(1, c);
    this->send_to(left, sent.back(), right.local_endpoint());
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    received.push_back(this->receive(right));
  }
  if (!TypeParam::kOrderedDatagrams) {
    std::sort(received.begin(), received.end());
  }
  EXPECT_EQ(received, sent);
}

TYPED_TEST_P(DatagramContract, AvailableAndWait) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  EXPECT_EQ(right.available(), 0u);
  Outcome waited;
  right.async_wait(asio::socket_base::wait_read, waited.handler());
  this->pass_time();
  EXPECT_FALSE(waited.done());
  this->send_to(left, "first", right.local_endpoint());
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess);
  EXPECT_EQ(right.available(), 5u);
  this->send_to(left, "more!", right.local_endpoint());
  this->pass_time();
  EXPECT_EQ(right.available(), 5u) << "the size of the next datagram";
  Outcome writable;
  right.async_wait(asio::socket_base::wait_write, writable.handler());
  this->finish(writable);
  EXPECT_EQ(writable.error(), kSuccess);
}

REGISTER_TYPED_TEST_SUITE_P(DatagramContract, ADatagramTellsItsSender, AReceiverMayWaitFirst,
                            SendingBindsThePort, SynchronousFormsDoNotBlock, WhatDoesNotFitIsLost,
                            EmptyDatagramsArrive, ADatagramHasALargestSize,
                            BuffersAreGatheredAndScattered, AllArriveAndPerhapsInOrder,
                            AvailableAndWait);

}  // namespace contract
