// Watermarks as clients carry them: an index of the log with a signature, "74.1f0c...". The
// app servers share the secret, so each honours what another gave out, and nobody else can
// make one: a client that names an index the log will not reach for long would hold a replica's
// read open for its whole patience.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lottery {

class WatermarkSigner {
 public:
  explicit WatermarkSigner(std::string secret) : secret_(std::move(secret)) {}

  std::string sign(std::int64_t index) const;
  // Null: nobody with the secret made this.
  std::optional<std::int64_t> verify(std::string_view watermark) const;

 private:
  const std::string secret_;
};

// The index that a watermark names, whoever made it; 0 when it names none.
std::int64_t index_of_watermark(std::string_view watermark);

}  // namespace lottery
