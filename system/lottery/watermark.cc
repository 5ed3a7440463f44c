#include "system/lottery/watermark.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace lottery {
namespace {

constexpr std::size_t kSignatureBytes = 16;  // of HMAC-SHA-256, cut as RFC 2104 section 5 allows

}  // namespace

std::string WatermarkSigner::sign(std::int64_t index) const {
  const std::string text = std::to_string(index);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(),
           &size) == nullptr ||
      size < kSignatureBytes) {
    throw std::runtime_error("libcrypto has no HMAC-SHA-256");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string signature;
  for (std::size_t i = 0; i < kSignatureBytes; ++i) {
    signature += kDigits[mac[i] >> 4];
    signature += kDigits[mac[i] & 15];
  }
  return text + "." + signature;
}

std::optional<std::int64_t> WatermarkSigner::verify(std::string_view watermark) const {
  const std::int64_t index = index_of_watermark(watermark);
  const std::string good = sign(index);
  const bool same = watermark.size() == good.size() &&
                    CRYPTO_memcmp(watermark.data(), good.data(), good.size()) == 0;
  return same ? std::optional(index) : std::nullopt;
}

std::int64_t index_of_watermark(std::string_view watermark) {
  std::int64_t index = 0;
  std::from_chars(watermark.data(), watermark.data() + watermark.size(), index);
  return index;
}

}  // namespace lottery
