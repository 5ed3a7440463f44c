#include "simnet/tape.h"

#include <cstdio>
#include <utility>

namespace simnet {

void Tape::record() {
  recording_ = true;
  plain_ = false;
}

void Tape::replay(const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    const Purpose purpose(entry.purpose);
    overrides_.insert_or_assign(Key{purpose.hash(), entry.place, entry.thing, entry.occurrence},
                                Override{entry.number});
  }
  plain_ = false;
}

void Tape::drive(std::vector<std::uint8_t> bytes) {
  bytes_ = std::move(bytes);
  next_byte_ = 0;
  driven_ = true;
  plain_ = false;
}

std::uint64_t Tape::special(const Label& label) {
  const std::uint64_t number = choose(label);
  if (recording_) {
    recorded_.push_back(
        {std::string(label.purpose.name()), label.place, label.thing, label.occurrence, number});
  }
  return number;
}

std::uint64_t Tape::choose(const Label& label) {
  if (!overrides_.empty()) {
    const auto found =
        overrides_.find(Key{label.purpose.hash(), label.place, label.thing, label.occurrence});
    if (found != overrides_.end()) {
      matched_ += found->second.asked ? 0 : 1;
      found->second.asked = true;
      return found->second.number;
    }
  }
  if (!driven_) {
    return from_seed(label);
  }
  if (bytes_.size() - next_byte_ < 2) {
    return 0;
  }
  const std::uint64_t high = bytes_[next_byte_++];
  const std::uint64_t low = bytes_[next_byte_++];
  return (high << 56) | (low << 48);
}

std::string to_string(const Tape::Entry& entry) {
  const std::uint64_t a = entry.place >> 32;
  const std::uint64_t b = entry.place & 0xffffffffU;
  std::string text =
      entry.purpose + " " + (a != 0 ? std::to_string(a) + ">" : "") + std::to_string(b);
  if (entry.thing != 0) {
    text += " of " + std::to_string(entry.thing);
  }
  std::array<char, 24> number{};
  std::snprintf(number.data(), number.size(), "%016llx",
                static_cast<unsigned long long>(entry.number));
  return text + " #" + std::to_string(entry.occurrence) + " = " + number.data();
}

}  // namespace simnet
