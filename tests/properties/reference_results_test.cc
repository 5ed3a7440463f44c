#include "properties/reference_results.h"

#include <gtest/gtest.h>

#include "system/lottery/draw_numbers.h"

namespace properties {
namespace {

TEST(ReferenceResults, TheManifestOfNothing) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(manifest_of({}).root, sha256_hex(""));
  EXPECT_EQ(manifest_of({}).count, 0);
}

TEST(ReferenceResults, TheManifestNamesEveryTicket) {
  const std::vector<Ticket> tickets{
      {1, 5, "p2.0", "ann"}, {2, 5, "p2.0", "ann"}, {3, 7, "p3.0", ""}};
  const Manifest manifest = manifest_of(tickets);
  EXPECT_EQ(manifest.count, 3);
  EXPECT_EQ(manifest.sum, 17);
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    std::vector<Ticket> other = tickets;
    other[i].owner += "x";
    EXPECT_NE(manifest_of(other).root, manifest.root);
    other = tickets;
    other.erase(other.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_NE(manifest_of(other).root, manifest.root);
  }
}

// Both ways of expanding agree, also where bytes are dropped.
TEST(ReferenceResults, NumbersAgreeWithTheLedgers) {
  for (int i = 0; i < 2000; ++i) {
    const std::string seed = "seed " + std::to_string(i);
    const lottery::Digest root = lottery::sha256("root " + std::to_string(i % 7));
    ASSERT_EQ(numbers_of(seed, lottery::hex_of(root)), lottery::draw_numbers(seed, root)) << i;
  }
}

}  // namespace
}  // namespace properties
