// What one wants to hear about: everything, or a host, a purchase, a user, a key.
#pragma once

#include <string>
#include <string_view>

#include "faults/fault.h"
#include "system/env/event.h"

namespace cli {

// Whether `word` stands in `bytes` as a word of its own, so that user-1 is not found in user-12,
// but p42.0 is in charge-p42.0-1. `bytes` may be an event as the services encode it: a length goes
// before each string.
bool names_word(std::string_view bytes, std::string_view word);

class Followed {
 public:
  Followed() = default;  // everything
  explicit Followed(std::string word) : word_(std::move(word)) {}

  // It happened on that host, or the word stands in what it says.
  bool is_about(const std::string& host, const env::EventRef& event) const;
  // It strikes that host or region, on either side of a link.
  bool is_about(const faults::Fault& fault) const;

 private:
  std::string word_;
};

}  // namespace cli
