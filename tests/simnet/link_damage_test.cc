// What a link does to what it carries: resets, half-open connections, flipped bits, short
// reads and writes, reordering and duplicates; and what of it a stream hides.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "simnet/tcp.h"
#include "tests/simnet/link_support.h"

namespace simnet {
namespace {

using namespace support;

using Strings = std::vector<std::string>;

class LinkDamage : public LinkTest {
 protected:
  Network::RuleId always(std::uint32_t LinkRule::*ppm, bool checksum = true) {
    LinkRule fault = rule(a_, b_);
    fault.*ppm = kAlways_ppm;
    fault.checksum = checksum;
    return network().add_rule(fault);
  }
};

TEST_F(LinkDamage, AResetReachesBothEndsAtOnceAndNobodyElse) {
  Transfer hit;
  transfer(hit, "one", false);
  Transfer spared;
  spared.request = "two";
  spawn(b_, receive_request(b_, 2, &spared));
  spawn(c_, send_request(c_, endpoint_of(b_, 2), &spared, false));
  world_.run_until(at(10ms));
  ASSERT_EQ(hit.received, "one");
  EXPECT_EQ(network().reset_connections({a_.id()}, {b_.id()}), 1u);
  world_.run_until(at(1s));
  EXPECT_EQ(hit.sender_end, asio::error::connection_reset);
  EXPECT_EQ(hit.receiver_end, asio::error::connection_reset);
  EXPECT_EQ(hit.sender_end_at, at(10ms));
  EXPECT_EQ(hit.receiver_end_at, at(10ms));
  EXPECT_FALSE(spared.sender_end);
  EXPECT_FALSE(spared.receiver_end);
  EXPECT_EQ(network().statistics().resets, 1u);
}

TEST_F(LinkDamage, ConnectionsAreFoundFromEitherSideAndOnce) {
  Transfer call;
  transfer(call, "hello", false);
  world_.run_until(at(10ms));
  EXPECT_EQ(network().reset_connections({c_.id()}, {a_.id(), b_.id()}), 0u);
  EXPECT_EQ(network().reset_connections({a_.id(), b_.id()}, {a_.id(), b_.id()}), 1u);
  EXPECT_EQ(network().reset_connections({b_.id()}, {a_.id()}), 0u);
}

// A port whose connection was reset can be called again.
TEST_F(LinkDamage, AfterAResetThereCanBeANewConnection) {
  Transfer first;
  transfer(first, "first", false);
  world_.run_until(at(10ms));
  network().reset_connections({b_.id()}, {a_.id()});
  world_.run_until(at(11ms));
  Transfer second;
  transfer(second, "second");
  world_.run_until(at(20ms));
  EXPECT_EQ(second.received, "second");
  EXPECT_EQ(second.receiver_end, asio::error::eof);
}

TEST_F(LinkDamage, AMiddleboxResetsAtASegmentOfData) {
  const auto id = always(&LinkRule::reset_ppm);
  Transfer call;
  transfer(call, "hello", false);
  world_.run_until(at(1s));
  EXPECT_EQ(call.connected, error_code());
  EXPECT_EQ(call.received, "");
  EXPECT_EQ(call.sender_end, asio::error::connection_reset);
  EXPECT_EQ(call.receiver_end, asio::error::connection_reset);
  EXPECT_EQ(call.sender_end_at, at(3ms));
  network().remove_rule(id);
  Transfer again;
  transfer(again, "hello");
  world_.run_until(at(2s));
  EXPECT_EQ(again.received, "hello");
}

TEST_F(LinkDamage, TheForgetfulEndOfAHalfOpenConnectionKnowsAtOnce) {
  Transfer call;
  transfer(call, "hello", false);
  world_.run_until(at(10ms));
  EXPECT_EQ(network().half_open({b_.id()}, {a_.id()}), 1u);
  world_.run_until(at(1h));
  EXPECT_EQ(call.receiver_end, asio::error::connection_reset);
  EXPECT_EQ(call.receiver_end_at, at(10ms));
  EXPECT_FALSE(call.sender_end) << "who is silent learns nothing";
}

awaitable<void> speak_twice(Host& host, asio::ip::tcp::endpoint to, Transfer* call) {
  stream_socket socket(host.executor());
  co_await socket.async_connect(to, use_tuple);
  co_await write_all(socket, "one");
  co_await sleep_for(host, 1s);
  call->written = co_await write_all(socket, "two");
  error_code end;
  co_await read_to_end(socket, end);
  call->sender_end = end;
  call->sender_end_at = host.world().now();
}

TEST_F(LinkDamage, TheOtherEndOfAHalfOpenConnectionLearnsItWhenItSends) {
  Transfer call;
  spawn(b_, receive_request(b_, 1, &call));
  spawn(a_, speak_twice(a_, endpoint_of(b_, 1), &call));
  world_.run_until(at(500ms));
  ASSERT_EQ(call.received, "one");
  network().half_open({b_.id()}, {a_.id()});
  world_.run_until(at(10s));
  EXPECT_EQ(call.received, "one");
  EXPECT_EQ(call.written, error_code()) << "the kernel took the bytes";
  EXPECT_EQ(call.sender_end, asio::error::connection_reset);
  EXPECT_EQ(call.sender_end_at, at(1s + 2ms + 2ms)) << "connected at 2 ms, and a round trip";
}

TEST_F(LinkDamage, AFlipThatTheChecksumFindsIsALoss) {
  std::vector<Datagram> arrived;
  spawn(b_, collect(b_, 5, &arrived));
  const auto id = always(&LinkRule::flip_ppm);
  send(a_, Strings(20, "datagram"));
  world_.run_until(at(10ms));
  EXPECT_TRUE(arrived.empty());
  EXPECT_EQ(network().statistics().flipped, 20u);
  EXPECT_EQ(network().statistics().lost, 20u);
  network().remove_rule(id);
  LinkRule some = rule(a_, b_);
  some.flip_ppm = 300'000;
  network().add_rule(some);
  Transfer call;
  transfer(call, counted_bytes(200'000));
  world_.run_until(at(10min));
  EXPECT_TRUE(call.received == call.request) << "a stream stays intact";
  EXPECT_EQ(call.receiver_end, asio::error::eof);
  EXPECT_GT(network().statistics().retransmitted, 0u);
}

TEST_F(LinkDamage, WithoutAChecksumExactlyOneBitOfEachDatagramDiffers) {
  std::vector<Datagram> arrived;
  spawn(b_, collect(b_, 5, &arrived));
  always(&LinkRule::flip_ppm, false);
  const std::string sent = counted_bytes(100);
  send(a_, Strings(50, sent));
  world_.run_until(at(10ms));
  ASSERT_EQ(arrived.size(), 50u);
  std::set<std::string> different;
  for (const Datagram& datagram : arrived) {
    ASSERT_EQ(datagram.bytes.size(), sent.size());
    EXPECT_EQ(differing_bits(datagram.bytes, sent), 1);
    different.insert(datagram.bytes);
  }
  EXPECT_GT(different.size(), 10u) << "not always the same bit";
}

TEST_F(LinkDamage, WithoutAChecksumAStreamDeliversTheWrongBit) {
  Transfer call;
  spawn(b_, receive_request(b_, 1, &call));
  spawn(a_, speak_twice(a_, endpoint_of(b_, 1), &call));
  world_.run_until(at(500ms));
  always(&LinkRule::flip_ppm, false);
  world_.run_until(at(2s));
  ASSERT_EQ(call.received.size(), 6u);
  EXPECT_EQ(differing_bits(call.received, "onetwo"), 1);
  EXPECT_EQ(call.received.substr(0, 3), "one");
  EXPECT_FALSE(call.receiver_end);
}

// The sender's own bytes must not change with the packet's: a duplicate is made of them.
TEST_F(LinkDamage, AFlipChangesOneCopyOnly) {
  std::vector<Datagram> arrived;
  spawn(b_, collect(b_, 5, &arrived));
  always(&LinkRule::flip_ppm, false);
  always(&LinkRule::duplicate_ppm);
  const std::string sent = counted_bytes(64);
  send(a_, {sent});
  world_.run_until(at(1s));
  ASSERT_EQ(arrived.size(), 2u);
  EXPECT_EQ(differing_bits(arrived[0].bytes, sent) + differing_bits(arrived[1].bytes, sent), 1);
}

TEST_F(LinkDamage, ShortReadsAndWritesLoseNothing) {
  LinkRule fault = rule(a_, b_);
  fault.from.insert(b_.id());
  fault.to.insert(a_.id());
  fault.short_ppm = 700'000;
  network().add_rule(fault);
  Transfer call;
  transfer(call, counted_bytes(200'000));
  world_.run_until(at(10min));
  EXPECT_TRUE(call.received == call.request);
  EXPECT_EQ(call.receiver_end, asio::error::eof);
  EXPECT_GT(network().statistics().shortened, 20u);
}

awaitable<void> write_once(Host& host, asio::ip::tcp::endpoint to, std::size_t* moved) {
  stream_socket socket(host.executor());
  co_await socket.async_connect(to, use_tuple);
  const std::string bytes = counted_bytes(1'000);
  const auto [error, count] = co_await socket.async_write_some(asio::buffer(bytes), use_tuple);
  EXPECT_FALSE(error);
  *moved = count;
  co_await idle(host);
}

TEST_F(LinkDamage, AShortWriteMovesAPartOfItButSomething) {
  always(&LinkRule::short_ppm);
  Transfer call;
  std::size_t moved = 0;
  spawn(b_, receive_request(b_, 1, &call));
  spawn(a_, write_once(a_, endpoint_of(b_, 1), &moved));
  world_.run_until(at(1s));
  EXPECT_GT(moved, 0u);
  EXPECT_LT(moved, 1'000u);
  EXPECT_EQ(call.received, counted_bytes(1'000).substr(0, moved));
  EXPECT_EQ(call.reads, 1u) << "the way to the writer has no such fault";
}

// The fault of a read is that of the reader's link to its peer.
TEST_F(LinkDamage, AShortReadMovesAPartOfItButSomething) {
  LinkRule fault = rule(b_, a_);
  fault.short_ppm = kAlways_ppm;
  network().add_rule(fault);
  Transfer call;
  transfer(call, counted_bytes(1'000));
  world_.run_until(at(1s));
  EXPECT_EQ(call.received, call.request);
  EXPECT_GT(call.reads, 3u);
  EXPECT_EQ(network().statistics().sent, 5u) << "syn, its answer, data, two fins";
}

TEST_F(LinkDamage, DatagramsAreReordered) {
  std::vector<Datagram> arrived;
  spawn(b_, collect(b_, 5, &arrived));
  LinkRule fault = rule(a_, b_);
  fault.reorder_ppm = 500'000;
  network().add_rule(fault);
  Strings sent;
  for (int i = 100; i < 200; ++i) {
    sent.push_back(std::to_string(i));
  }
  send(a_, sent, 10us);
  world_.run_until(at(1s));
  Strings received = contents(arrived);
  EXPECT_FALSE(std::is_sorted(received.begin(), received.end()));
  std::sort(received.begin(), received.end());
  EXPECT_EQ(received, sent);
  EXPECT_GT(network().statistics().reordered, 20u);
  EXPECT_LT(network().statistics().reordered, 80u);
}

TEST_F(LinkDamage, DatagramsAreDoubled) {
  std::vector<Datagram> arrived;
  spawn(b_, collect(b_, 5, &arrived));
  always(&LinkRule::duplicate_ppm);
  send(a_, {"1", "2", "3"});
  world_.run_until(at(1s));
  Strings received = contents(arrived);
  std::sort(received.begin(), received.end());
  EXPECT_EQ(received, (Strings{"1", "1", "2", "2", "3", "3"}));
  EXPECT_EQ(network().statistics().duplicated, 3u);
}

TEST_F(LinkDamage, AStreamHidesOrderCopiesAndLoss) {
  LinkRule fault = rule(a_, b_);
  fault.from.insert(b_.id());
  fault.to.insert(a_.id());
  fault.reorder_ppm = fault.duplicate_ppm = 600'000;
  fault.loss_ppm = 200'000;
  fault.short_ppm = 500'000;
  network().add_rule(fault);
  Transfer call;
  transfer(call, counted_bytes(500'000));
  world_.run_until(at(1h));
  EXPECT_TRUE(call.received == call.request);
  EXPECT_EQ(call.receiver_end, asio::error::eof);
  EXPECT_GT(network().statistics().reordered, 5u);
  EXPECT_GT(network().statistics().duplicated, 5u);
}

}  // namespace
}  // namespace simnet
