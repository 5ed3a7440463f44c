// Named rare situations. A line such as
//
//   probe::hit<"raft.figure8_held_back">();
//
// says that a branch which matters was taken. A program knows the names of all probes that are
// linked into it, also of those that were never hit, so a campaign can tell what it has not
// tried. Inert by default: outside of a Recording a hit reads one pointer and does nothing, and
// a hit never changes what the program does.
//
// Concurrency: one thread; a Recording and the hits it sees belong to it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

// A literal as a template argument.
template <std::size_t size>
struct Name {
  consteval Name(const char (&literal)[size]) { std::copy_n(literal, size, text); }
  constexpr std::string_view view() const { return {text, size - 1}; }
  char text[size];
};

// "area.what_happened": two words of small letters, digits and underscores, each beginning with
// a letter. By index: with UBSan, g++ 12 takes string_view::find for no constant expression.
constexpr bool is_well_formed(std::string_view name) {
  std::size_t words = 0;
  bool begins = true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool is_letter = c >= 'a' && c <= 'z';
    if (begins ? !is_letter : !is_letter && !(c >= '0' && c <= '9') && c != '_' && c != '.') {
      return false;
    }
    words += begins ? 1 : 0;
    begins = c == '.';
  }
  return words == 2 && !begins;
}

// Those of the program, ordered by name.
std::vector<std::string_view> names();

// How often each probe was hit. REQUIRES: made in main() or later.
class Counts {
 public:
  Counts();
  // Every probe of the program, also those with 0.
  std::map<std::string, std::uint64_t> by_name() const;

 private:
  friend class Recording;
  std::vector<std::uint64_t> counts_;
};

// While it lives, hits are counted in `counts`, which outlives it. Recordings nest: the innermost
// one counts.
class Recording {
 public:
  explicit Recording(Counts& counts);
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

 private:
  std::uint64_t* const before_;
};

namespace detail {

// Of the innermost recording, by the number of the probe; null outside of any.
extern constinit std::uint64_t* counts;

// Registers itself before main().
class Site {
 public:
  explicit Site(std::string_view name);
  void hit() const {
    if (counts != nullptr) {
      ++counts[number_];
    }
  }

 private:
  const std::size_t number_;
};

// One object per name however many units use it, and none in a program that links no such unit.
template <Name name>
inline const Site site{name.view()};

}  // namespace detail

template <Name name>
void hit() {
  static_assert(is_well_formed(name.view()));
  detail::site<name>.hit();
}

// For a situation that is no branch of its own.
template <Name name>
void hit_if(bool happened) {
  static_assert(is_well_formed(name.view()));
  if (happened) {
    detail::site<name>.hit();
  }
}

}  // namespace probe
