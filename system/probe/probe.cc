#include "system/probe/probe.h"

#include <utility>

namespace probe {
namespace {

// By number. A function's static object: sites of other units come before this unit's own.
std::vector<std::string_view>& registered() {
  static std::vector<std::string_view> names;
  return names;
}

}  // namespace

namespace detail {

constinit std::uint64_t* counts = nullptr;

Site::Site(std::string_view name) : number_(registered().size()) { registered().push_back(name); }

}  // namespace detail

std::vector<std::string_view> names() {
  std::vector<std::string_view> sorted = registered();
  std::ranges::sort(sorted);
  return sorted;
}

Counts::Counts() : counts_(registered().size()) {}

std::map<std::string, std::uint64_t> Counts::by_name() const {
  std::map<std::string, std::uint64_t> result;
  for (std::size_t number = 0; number < counts_.size(); ++number) {
    result.emplace(registered()[number], counts_[number]);
  }
  return result;
}

Recording::Recording(Counts& counts)
    : before_(std::exchange(detail::counts, counts.counts_.data())) {}

Recording::~Recording() { detail::counts = before_; }

}  // namespace probe
