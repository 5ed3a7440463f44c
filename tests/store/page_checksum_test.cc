#include "system/store/page_checksum.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace {

using store::is_sealed;
using store::kPageBytes;
using store::seal_page;

std::string sealed(std::string page, std::uint32_t number) {
  page.resize(kPageBytes, '\0');
  seal_page(page, number);
  return page;
}

// The format of files: it may not change with a compiler, a machine or a library.
TEST(PageChecksum, IsAsItEverWas) {
  EXPECT_EQ(sealed("", 1).substr(kPageBytes - store::kChecksumBytes),
            "\x81\xbd\x50\xf5\xdb\x76\x66\x93");
  EXPECT_EQ(sealed("drawproof", 70'000).substr(kPageBytes - store::kChecksumBytes),
            "\xb1\x06\x0b\x32\x3a\xe1\xcf\x67");
}

RC_GTEST_PROP(PageChecksum, SeesEachFlippedBit, (const std::string& content)) {
  const auto number = *rc::gen::arbitrary<std::uint32_t>();
  std::string page = sealed(content, number);
  RC_ASSERT(is_sealed(page, number));
  const auto bit = *rc::gen::inRange<std::size_t>(0, kPageBytes * 8);
  page[bit / 8] = static_cast<char>(page[bit / 8] ^ (1 << (bit % 8)));
  RC_ASSERT(!is_sealed(page, number));
}

RC_GTEST_PROP(PageChecksum, SeesAPageInAnothersPlace,
              (const std::string& content, std::uint32_t number, std::uint32_t other)) {
  RC_PRE(number != other);
  RC_ASSERT(!is_sealed(sealed(content, number), other));
}

}  // namespace
