#include "properties/reference_results.h"

#include <openssl/evp.h>

#include <bit>
#include <span>
#include <stdexcept>

namespace properties {
namespace {

// Through another door of libcrypto than the ledger's.
std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                 EVP_sha256(), nullptr) != 1 ||
      size != digest.size()) {
    throw std::runtime_error("libcrypto has no SHA-256");
  }
  return digest;
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += "0123456789abcdef"[byte / 16];
    hex += "0123456789abcdef"[byte % 16];
  }
  return hex;
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

// RFC 6962, section 2.1, as it is written there: split at the greatest power of two that
// is smaller than the number of leaves.
std::string tree_hash(std::span<const std::string> leaves) {
  if (leaves.empty()) {
    return sha256("");
  }
  if (leaves.size() == 1) {
    return sha256(std::string(1, '\0') + leaves[0]);
  }
  const std::size_t left = std::bit_floor(leaves.size() - 1);
  return sha256("\x01" + tree_hash(leaves.first(left)) + tree_hash(leaves.subspan(left)));
}

}  // namespace

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes)); }

Manifest manifest_of(const std::vector<Ticket>& tickets) {
  Manifest manifest;
  std::vector<std::string> leaves;
  for (const Ticket& ticket : tickets) {
    manifest.count += 1;
    manifest.sum += ticket.price;
    leaves.push_back(std::to_string(ticket.number) + ':' + std::to_string(ticket.price) + ':' +
                     ticket.purchase + ':' + ticket.owner);
  }
  manifest.root = to_hex(tree_hash(leaves));
  return manifest;
}

std::vector<std::int64_t> numbers_of(std::string_view seed, std::string_view root) {
  std::vector<std::int64_t> digits;
  std::string stream;
  for (std::size_t at = 0; digits.size() < 6; ++at) {
    if (at == stream.size()) {
      const std::size_t block = stream.size() / 32;
      std::string bytes = std::string(seed) + from_hex(root) + std::string(4, '\0');
      for (std::size_t i = 0, rest = block; i < 4; ++i, rest /= 256) {
        bytes[bytes.size() - 1 - i] = static_cast<char>(rest % 256);
      }
      stream += sha256(bytes);
    }
    const int byte = static_cast<unsigned char>(stream[at]);
    if (byte < 250) {
      digits.push_back(byte % 10);
    }
  }
  return digits;
}

}  // namespace properties
