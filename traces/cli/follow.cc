#include "traces/cli/follow.h"

#include <algorithm>

namespace cli {
namespace {

bool is_part_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

bool names_word(std::string_view bytes, std::string_view word) {
  if (word.empty()) {
    return false;
  }
  for (std::size_t at = bytes.find(word); at != std::string_view::npos;
       at = bytes.find(word, at + 1)) {
    const char before = at == 0 ? '\0' : bytes[at - 1];
    const std::size_t end = at + word.size();
    // A whole string: what follows is no part of it, even if it looks like that.
    if (at > 0 && static_cast<unsigned char>(before) == word.size()) {
      return true;
    }
    if (!is_part_of_word(before) && (end == bytes.size() || !is_part_of_word(bytes[end]))) {
      return true;
    }
  }
  return false;
}

bool Followed::is_about(const std::string& host, const env::EventRef& event) const {
  return word_.empty() || host == word_ || names_word(event.encode(), word_);
}

bool Followed::is_about(const faults::Fault& fault) const {
  const auto has = [this](const std::vector<std::string>& names) {
    return std::ranges::find(names, word_) != names.end();
  };
  return word_.empty() || has(fault.hosts) || has(fault.peers) || has(fault.bridges) ||
         has(fault.regions);
}

}  // namespace cli
