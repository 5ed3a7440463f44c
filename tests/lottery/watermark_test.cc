#include "system/lottery/watermark.h"

#include <gtest/gtest.h>

namespace lottery {
namespace {

TEST(Watermark, WhatIsSignedIsHonouredByWhoeverHasTheSecret) {
  const WatermarkSigner one("secret");
  const WatermarkSigner other("secret");
  for (const std::int64_t index : {std::int64_t{0}, std::int64_t{74}, INT64_MAX}) {
    EXPECT_EQ(other.verify(one.sign(index)), index);
    EXPECT_EQ(index_of_watermark(one.sign(index)), index);
  }
}

TEST(Watermark, NothingElseIs) {
  const WatermarkSigner signer("secret");
  const std::string good = signer.sign(74);
  EXPECT_EQ(WatermarkSigner("another").verify(good), std::nullopt);
  EXPECT_EQ(signer.verify("75" + good.substr(2)), std::nullopt);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bent = good;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    EXPECT_EQ(signer.verify(bent), std::nullopt) << bent;
    EXPECT_EQ(signer.verify(good.substr(0, i)), std::nullopt) << i;
  }
  for (const char* text : {"", "74", "74.", ".", "-1", "99999999999999999999.00", "x.y"}) {
    EXPECT_EQ(signer.verify(text), std::nullopt) << text;
  }
}

// HMAC-SHA-256 of "74" under "secret", first 16 bytes, as `openssl dgst` prints it.
TEST(Watermark, IsHmacSha256) {
  EXPECT_EQ(WatermarkSigner("secret").sign(74), "74.922335f3d209fa21dae2f6f7c83f633b");
}

}  // namespace
}  // namespace lottery
