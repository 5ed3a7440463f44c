// Where every choice of the world comes from. A choice has a label (what for, whose,
// which occurrence); its number is a hash of (seed, label), so no choice shifts another.
// A run can also be driven by
//   - a recorded tape: the numbers of some labels are given, all others come from the
//     seed. A full tape replays a run; a part of one survives changes to the program;
//   - the bytes of a fuzzer, consumed in the order of the choices; once they are used up
//     every choice is the plain one (no fault, no jitter).
// Small numbers are the plain choice: 0 means "does not happen" and "the least".
#pragma once

#define XXH_INLINE_ALL  // a call costs as much as the hash of so few bytes
#include <xxhash.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simnet/random.h"

namespace simnet {

// The name of a kind of choice with its hash (FNV-1a, 64 bits).
class Purpose {
 public:
  constexpr Purpose(std::string_view name) : name_(name), hash_(hash_of(name)) {}  // NOLINT
  constexpr Purpose(const char* name) : Purpose(std::string_view(name)) {}         // NOLINT
  constexpr std::string_view name() const { return name_; }
  constexpr std::uint64_t hash() const { return hash_; }

 private:
  static constexpr std::uint64_t hash_of(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : name) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return hash;
  }
  std::string_view name_;
  std::uint64_t hash_;
};

struct Label {
  Purpose purpose;
  std::uint64_t place = 0;       // host, or both hosts of a link: a * 2^32 + b
  std::uint64_t thing = 0;       // a file, a port; 0 if there is only one
  std::uint64_t occurrence = 0;  // counts per purpose, place and thing
};

constexpr std::uint64_t place_of(std::uint32_t a, std::uint32_t b) {
  return (static_cast<std::uint64_t>(a) << 32) | b;
}

class Tape {
 public:
  // One choice that was made.
  struct Entry {
    std::string purpose;
    std::uint64_t place;
    std::uint64_t thing;
    std::uint64_t occurrence;
    std::uint64_t number;
    bool operator==(const Entry&) const = default;
  };

  explicit Tape(std::uint64_t seed) : seed_(seed) {}

  // A uniform number in [0, 2^64).
  std::uint64_t draw(const Label& label) {
    ++draws_;
    return plain_ ? from_seed(label) : special(label);
  }
  // Uniform in [0, bound); 0 for bound 0.
  std::uint64_t below(const Label& label, std::uint64_t bound) {
    return simnet::below(draw(label), bound);
  }
  // True for `numerator` of `denominator` numbers. A ratio of 0 is no choice.
  bool chance(const Label& label, std::uint64_t numerator, std::uint64_t denominator) {
    return numerator != 0 && simnet::ratio(~draw(label), numerator, denominator);
  }
  std::uint64_t draws() const { return draws_; }

  // Keeps every choice from now on in recorded().
  void record();
  const std::vector<Entry>& recorded() const { return recorded_; }
  // The choices labelled so have these numbers from now on.
  void replay(const std::vector<Entry>& entries);
  // Of the entries to replay, how many no choice has asked for yet.
  std::size_t unmatched() const { return overrides_.size() - matched_; }
  // The next choices that have no entry to replay are made of these bytes, two each.
  void drive(std::vector<std::uint8_t> bytes);

 private:
  using Key = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>;
  struct Override {
    std::uint64_t number;
    bool asked = false;
  };

  std::uint64_t from_seed(const Label& label) const {
    const std::array<std::uint64_t, 4> input{label.purpose.hash(), label.place, label.thing,
                                             label.occurrence};
    return XXH3_64bits_withSeed(input.data(), sizeof input, seed_);
  }
  std::uint64_t special(const Label& label);
  std::uint64_t choose(const Label& label);

  const std::uint64_t seed_;
  bool plain_ = true;  // neither recorded nor driven
  bool recording_ = false;
  bool driven_ = false;
  std::uint64_t draws_ = 0;
  std::vector<Entry> recorded_;
  std::map<Key, Override> overrides_;
  std::size_t matched_ = 0;
  std::vector<std::uint8_t> bytes_;
  std::size_t next_byte_ = 0;
};

// "net jitter 1>2 #17 = 0x..." for reports.
std::string to_string(const Tape::Entry& entry);

}  // namespace simnet
