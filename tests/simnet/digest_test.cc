#include "simnet/digest.h"

#include <gtest/gtest.h>

namespace simnet {
namespace {

Time at(int nanoseconds) { return Time(Duration(nanoseconds)); }

std::uint64_t digest_of(int time, std::uint32_t host, EventKind kind, std::uint64_t payload) {
  Digest digest;
  digest.fold(at(time), host, kind, payload);
  return digest.value();
}

TEST(Digest, EveryPartOfAnEventCounts) {
  const std::uint64_t base = digest_of(1, 2, EventKind::packet, 3);
  EXPECT_EQ(digest_of(1, 2, EventKind::packet, 3), base);
  EXPECT_NE(digest_of(0, 2, EventKind::packet, 3), base);
  EXPECT_NE(digest_of(1, 1, EventKind::packet, 3), base);
  EXPECT_NE(digest_of(1, 2, EventKind::timer, 3), base);
  EXPECT_NE(digest_of(1, 2, EventKind::packet, 4), base);
}

TEST(Digest, OrderCounts) {
  Digest forth;
  forth.fold(at(1), 1, EventKind::io, 1);
  forth.fold(at(1), 2, EventKind::io, 2);
  Digest back;
  back.fold(at(1), 2, EventKind::io, 2);
  back.fold(at(1), 1, EventKind::io, 1);
  EXPECT_NE(forth.value(), back.value());
  EXPECT_EQ(forth.events(), back.events());
}

TEST(Digest, CheckpointsShowWhereTwoRunsPart) {
  Digest left;
  Digest right;
  for (int i = 0; i < 5000; ++i) {
    left.fold(at(i), 1, EventKind::post, 0);
    right.fold(at(i), 1, EventKind::post, i == 2500 ? 1 : 0);
  }
  ASSERT_EQ(left.checkpoints().size(), 4u);
  ASSERT_EQ(right.checkpoints().size(), 4u);
  EXPECT_EQ(left.checkpoints()[1].value, right.checkpoints()[1].value);
  EXPECT_NE(left.checkpoints()[2].value, right.checkpoints()[2].value);
  EXPECT_NE(left.checkpoints()[3].value, right.checkpoints()[3].value);
  EXPECT_EQ(left.checkpoints()[1].events, 2048u);
  EXPECT_EQ(left.checkpoints()[1].at, at(2047));
}

}  // namespace
}  // namespace simnet
