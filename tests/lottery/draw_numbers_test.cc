// SHA-256, the tree hash and the digits, against published vectors and by counting.
#include "system/lottery/draw_numbers.h"

#include <gtest/gtest.h>

#include <array>

#include "system/lottery/merkle_tree.h"
#include "system/lottery/messages.h"

namespace {

using namespace lottery;

TEST(Sha256, Fips180Vectors) {
  EXPECT_EQ(hex_of(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_of(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// The vectors that certificate-transparency's own tests use for RFC 6962.
TEST(MerkleTree, Rfc6962Vectors) {
  const std::vector<std::string> leaves{"",         std::string("\x00", 1), "\x10", "\x20\x21",
                                        "\x30\x31", "\x40\x41\x42\x43"};
  const std::vector<std::string> roots{
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"};
  MerkleTree tree;
  EXPECT_EQ(tree.root(), sha256(""));
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    tree.add(leaves[i]);
    EXPECT_EQ(hex_of(tree.root()), roots[i]) << i + 1 << " leaves";
  }
}

TEST(MerkleTree, ANodeCannotPassForALeaf) {
  MerkleTree two;
  two.add("a");
  two.add("b");
  MerkleTree a;
  a.add("a");
  MerkleTree b;
  b.add("b");
  const Digest left = a.root();
  const Digest right = b.root();
  std::string both(bytes_of(left));
  both.append(bytes_of(right));
  MerkleTree one;
  one.add(both);
  EXPECT_NE(one.root(), two.root());
}

std::vector<std::int64_t> numbers(int seed) {
  return draw_numbers("seed " + std::to_string(seed), sha256("root"));
}

TEST(Numbers, DependOnSeedAndRootOnly) {
  EXPECT_EQ(numbers(1), numbers(1));
  EXPECT_NE(numbers(1), numbers(2));
  EXPECT_NE(numbers(1), draw_numbers("seed 1", sha256("another root")));
}

// Chi-squared against even chances, in integers: sum of (observed - expected)^2 against
// bound * expected. The inputs are fixed, so the test gives the same answer always. The
// bounds are the 99.9 % quantiles for the degrees of freedom.
TEST(Numbers, EveryDigitAndEveryPairIsAsLikely) {
  constexpr int kSeeds = 20'000;
  std::array<std::int64_t, 10> digits{};
  std::array<std::int64_t, 100> pairs{};
  std::int64_t repeats = 0;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const auto drawn = numbers(seed);
    ASSERT_EQ(drawn.size(), 6U);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      ASSERT_TRUE(drawn[i] >= 0 && drawn[i] <= 9);
      digits[static_cast<std::size_t>(drawn[i])] += 1;
      if (i % 2 == 1) {
        pairs[static_cast<std::size_t>(10 * drawn[i - 1] + drawn[i])] += 1;
        repeats += drawn[i - 1] == drawn[i] ? 1 : 0;
      }
    }
  }
  std::int64_t squares = 0;
  for (const std::int64_t observed : digits) {
    squares += (observed - kSeeds * 6 / 10) * (observed - kSeeds * 6 / 10);
  }
  EXPECT_LT(squares, 28 * (kSeeds * 6 / 10));  // 9 degrees of freedom
  squares = 0;
  for (const std::int64_t observed : pairs) {
    squares += (observed - kSeeds * 3 / 100) * (observed - kSeeds * 3 / 100);
  }
  EXPECT_LT(squares, 149 * (kSeeds * 3 / 100));  // 99 degrees of freedom
  EXPECT_NEAR(repeats, kSeeds * 3 / 10, 250);    // 3.4 standard deviations
}

}  // namespace
