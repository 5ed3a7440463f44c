// What a link does to time and to connecting: bandwidth, clogs, refused and hanging
// connects; how rules add up; the loopback link.
#include <gtest/gtest.h>

#include "simnet/tcp.h"
#include "tests/simnet/link_support.h"

namespace simnet {
namespace {

using namespace support;

using Strings = std::vector<std::string>;
using Times = std::vector<Time>;

// With its headers it takes 1,000 bytes of the wire.
std::string kilobyte() { return std::string(1'000 - kHeader_bytes, 'x'); }

class LinkFaults : public LinkTest {
 protected:
  LinkFaults() { spawn(b_, collect(b_, 5, &arrived_)); }
  // The destructor of the world ends the processes; they refer to this.
  ~LinkFaults() override { b_.stop(StopKind::process); }

  std::vector<Datagram> arrived_;
};

TEST_F(LinkFaults, PacketsQueueForTheWire) {
  LinkOptions options = exact_link();
  options.bandwidth_bytes_per_s = 1'000'000;
  network().set_default_link(options);
  send(a_, Strings(3, kilobyte()));
  world_.run_until(at(1s));
  EXPECT_EQ(times(arrived_), (Times{at(2ms), at(3ms), at(4ms)}));
}

TEST_F(LinkFaults, AWireThatWasIdleOwesNothing) {
  LinkRule slow = rule(a_, b_);
  slow.bandwidth_bytes_per_s = 1'000'000;
  network().add_rule(slow);
  send(a_, Strings(2, kilobyte()), 10ms);
  world_.run_until(at(1s));
  EXPECT_EQ(times(arrived_), (Times{at(2ms), at(12ms)}));
}

TEST_F(LinkFaults, TheLowestBandwidthCounts) {
  LinkRule slow = rule(a_, b_);
  slow.bandwidth_bytes_per_s = 500'000;
  LinkRule slower = slow;
  slower.bandwidth_bytes_per_s = 100'000;
  network().add_rule(slow);
  const auto id = network().add_rule(slower);
  network().add_rule(slow);
  send(a_, {kilobyte()});
  world_.run_until(at(20ms));
  EXPECT_EQ(times(arrived_), Times{at(11ms)});
  network().remove_rule(id);
  send(a_, {kilobyte()});
  world_.run_until(at(40ms));
  ASSERT_EQ(arrived_.size(), 2u);
  EXPECT_EQ(arrived_[1].at, at(23ms));
}

TEST_F(LinkFaults, BandwidthIsOfOneLinkAndOneDirection) {
  LinkRule slow = rule(a_, b_);
  slow.bandwidth_bytes_per_s = 1'000;
  LinkRule back = rule(b_, c_);
  back.bandwidth_bytes_per_s = 1'000;
  network().add_rule(slow);
  network().add_rule(back);
  send(c_, {kilobyte()});
  world_.run_until(at(10ms));
  EXPECT_EQ(times(arrived_), Times{at(1ms)});
}

TEST_F(LinkFaults, AStreamTakesTheTimeOfItsBytes) {
  LinkRule slow = rule(a_, b_);
  slow.bandwidth_bytes_per_s = 100'000;
  network().add_rule(slow);
  Transfer done;
  transfer(done, counted_bytes(200'000));
  world_.run_until(at(1min));
  EXPECT_TRUE(done.received == done.request);
  EXPECT_EQ(done.receiver_end, asio::error::eof);
  EXPECT_GE(done.receiver_end_at, at(2s));
  EXPECT_LT(done.receiver_end_at, at(2'100ms));
}

TEST_F(LinkFaults, AClogHoldsInOrderUntilItEnds) {
  LinkRule clog = rule(a_, b_);
  clog.clog = true;
  const auto id = network().add_rule(clog);
  send(a_, {"1", "2", "3"}, 1ms);
  world_.run_until(at(50ms));
  EXPECT_TRUE(arrived_.empty());
  EXPECT_EQ(network().statistics().clogged, 3u);
  network().remove_rule(id);
  send(a_, {"4"});
  world_.run_until(at(60ms));
  EXPECT_EQ(contents(arrived_), (Strings{"1", "2", "3", "4"}));
  EXPECT_EQ(times(arrived_), (Times{at(50ms), at(50ms), at(50ms), at(51ms)}));
}

TEST_F(LinkFaults, AClogHitsWhatIsUnderWayAndOneDirectionOnly) {
  send(a_, {"under way"});
  send(c_, {"of another"});
  world_.run_until(at(500us));
  LinkRule clog = rule(a_, b_);
  clog.clog = true;
  network().add_rule(clog);
  world_.run_until(at(50ms));
  EXPECT_EQ(contents(arrived_), Strings{"of another"});
}

TEST_F(LinkFaults, OfTwoClogsTheLastToEndReleases) {
  LinkRule clog = rule(a_, b_);
  clog.clog = true;
  const auto first = network().add_rule(clog);
  clog.from.insert(c_.id());
  const auto second = network().add_rule(clog);
  send(a_, {"1", "2"});
  send(c_, {"3"}, 1ms);
  world_.run_until(at(10ms));
  network().remove_rule(first);
  world_.run_until(at(20ms));
  EXPECT_TRUE(arrived_.empty());
  network().remove_rule(second);
  world_.run_until(at(30ms));
  EXPECT_EQ(contents(arrived_), (Strings{"1", "2", "3"}));
  EXPECT_EQ(times(arrived_), Times(3, at(20ms)));
}

TEST_F(LinkFaults, APartitionAtTheReleaseLosesWhatWasHeld) {
  LinkRule clog = rule(a_, b_);
  clog.clog = true;
  LinkRule block = rule(a_, b_);
  block.block = true;
  const auto clogged = network().add_rule(clog);
  send(a_, {"held"});
  world_.run_until(at(10ms));
  const auto blocked = network().add_rule(block);
  network().remove_rule(clogged);
  world_.run_until(at(20ms));
  network().remove_rule(blocked);
  send(a_, {"later"});
  world_.run_until(at(30ms));
  EXPECT_EQ(contents(arrived_), Strings{"later"});
  EXPECT_EQ(network().statistics().blocked, 1u);
}

TEST_F(LinkFaults, APartitionDuringAClogLosesOnlyWhatArrivesMeanwhile) {
  LinkRule clog = rule(a_, b_);
  clog.clog = true;
  LinkRule block = rule(a_, b_);
  block.block = true;
  const auto clogged = network().add_rule(clog);
  send(a_, {"1"});
  world_.run_until(at(10ms));
  const auto blocked = network().add_rule(block);
  send(a_, {"2"});
  world_.run_until(at(20ms));
  network().remove_rule(blocked);
  send(a_, {"3"});
  world_.run_until(at(30ms));
  network().remove_rule(clogged);
  world_.run_until(at(40ms));
  EXPECT_EQ(contents(arrived_), (Strings{"1", "3"}));
}

TEST_F(LinkFaults, AStreamGoesOnAfterAClog) {
  Transfer done;
  transfer(done, counted_bytes(300'000));
  world_.run_until(at(3500us));
  LinkRule clog = rule(a_, b_);
  clog.clog = true;
  const auto id = network().add_rule(clog);
  world_.run_until(at(5s));
  EXPECT_FALSE(done.receiver_end);
  EXPECT_LT(done.received.size(), done.request.size());
  network().remove_rule(id);
  world_.run_until(at(30s));
  EXPECT_TRUE(done.received == done.request);
  EXPECT_EQ(done.receiver_end, asio::error::eof);
}

TEST_F(LinkFaults, RefuseHitsConnectsAndNothingElse) {
  Transfer before;
  transfer(before, "before", false);
  world_.run_until(at(10ms));
  LinkRule refuse = rule(a_, b_);
  refuse.refuse = true;
  const auto id = network().add_rule(refuse);
  Transfer during;
  transfer(during, "during");
  send(a_, {"datagram"});
  world_.run_until(at(20ms));
  EXPECT_EQ(before.received, "before");
  EXPECT_FALSE(before.sender_end);
  EXPECT_EQ(during.connected, asio::error::connection_refused);
  EXPECT_EQ(during.connected_at, at(12ms));
  EXPECT_EQ(contents(arrived_), Strings{"datagram"});
  network().remove_rule(id);
  spawn(a_, send_request(a_, endpoint_of(b_, 1), &during, true));
  world_.run_until(at(30ms));
  EXPECT_EQ(during.received, "during");
}

TEST_F(LinkFaults, AHangingConnectTimesOut) {
  LinkRule hang = rule(a_, b_);
  hang.hang = true;
  network().add_rule(hang);
  Transfer call;
  transfer(call, "hello");
  world_.run_until(at(kUserTimeout - 1ms));
  EXPECT_FALSE(call.connected);
  world_.run_until(at(kUserTimeout + kLongestRetransmit + 10ms));
  EXPECT_EQ(call.connected, asio::error::timed_out);
  EXPECT_EQ(call.received, "");
}

TEST_F(LinkFaults, AConnectSurvivesAHangThatEndsInTime) {
  Transfer before;
  transfer(before, "before", false);
  world_.run_until(at(10ms));
  LinkRule hang = rule(a_, b_);
  hang.hang = true;
  const auto id = network().add_rule(hang);
  Transfer call;
  transfer(call, "hello");
  world_.run_until(at(10s));
  EXPECT_FALSE(call.connected);
  EXPECT_FALSE(before.sender_end) << "what is connected does not hang";
  network().remove_rule(id);
  world_.run_until(at(20s));
  EXPECT_EQ(call.connected, error_code());
  EXPECT_EQ(call.received, "hello");
}

TEST_F(LinkFaults, RulesAddUpToAMillionPpm) {
  LinkRule part = rule(a_, b_);
  part.extra_latency = 3ms;
  part.loss_ppm = part.duplicate_ppm = part.reorder_ppm = 600'000;
  part.reset_ppm = part.flip_ppm = part.short_ppm = 600'000;
  network().add_rule(part);
  part.loss_ppm = UINT32_MAX;
  const auto second = network().add_rule(part);
  const LinkConditions both = network().conditions(network().link(a_.id(), b_.id()));
  for (const std::uint32_t ppm : {both.loss_ppm, both.duplicate_ppm, both.reorder_ppm,
                                  both.reset_ppm, both.flip_ppm, both.short_ppm}) {
    EXPECT_EQ(ppm, 1'000'000u);
  }
  EXPECT_EQ(both.latency_base, 7ms);
  EXPECT_TRUE(both.checksum);
  network().remove_rule(second);
  const LinkConditions one = network().conditions(network().link(a_.id(), b_.id()));
  EXPECT_EQ(one.loss_ppm, 600'000u);
  EXPECT_EQ(one.latency_base, 4ms);
  EXPECT_EQ(network().conditions(network().link(b_.id(), a_.id())).loss_ppm, 0u);
}

TEST_F(LinkFaults, OnlyARuleThatFlipsCanTakeTheChecksumAway) {
  LinkRule none = rule(a_, b_);
  none.checksum = false;
  network().add_rule(none);
  EXPECT_TRUE(network().conditions(network().link(a_.id(), b_.id())).checksum);
  none.flip_ppm = 1;
  network().add_rule(none);
  LinkRule with = rule(a_, b_);
  with.flip_ppm = 1;
  network().add_rule(with);
  EXPECT_FALSE(network().conditions(network().link(a_.id(), b_.id())).checksum);
}

TEST_F(LinkFaults, AHostReachesItselfWhateverTheNetworkIsLike) {
  LinkRule cut;
  cut.from = {a_.id(), c_.id()};
  cut.to = {b_.id()};
  cut.block = true;
  network().add_rule(cut);
  send(b_, {"own"});
  world_.run_until(at(1ms));
  EXPECT_EQ(times(arrived_), Times{at(10us)});
  LinkOptions slow = exact_link();
  slow.latency_base = 5ms;
  network().set_loopback(slow);
  send(b_, {"own"});
  world_.run_until(at(10ms));
  ASSERT_EQ(arrived_.size(), 2u);
  EXPECT_EQ(arrived_[1].at, at(6ms));
}

}  // namespace
}  // namespace simnet
