#include "traces/cli/probe_report.h"

#include <cstdio>

namespace cli {
namespace {

using ull = unsigned long long;
constexpr std::size_t kLineWidth = 100;

// Of the words of a list that begins behind a title of 15 columns.
void print_wrapped(const std::vector<std::string>& words) {
  std::size_t column = 15;
  for (const std::string& word : words) {
    if (column > 15 && column + word.size() + 1 > kLineWidth) {
      std::printf("\n%15s", "");
      column = 15;
    }
    std::printf("%s ", word.c_str());
    column += word.size() + 1;
  }
  std::printf("\n");
}

}  // namespace

void print_probes_reached(const properties::ProbeCounts& counts) {
  const std::size_t never = properties::never_reached(counts).size();
  std::printf("Probes         %zu of %zu rare situations reached\n", counts.size() - never,
              counts.size());
}

void print_probes(const properties::ProbeCounts& counts) {
  print_probes_reached(counts);
  const std::vector<std::string> never = properties::never_reached(counts);
  if (!never.empty()) {
    std::printf("Never reached  ");
    print_wrapped(never);
  }
}

std::optional<std::vector<properties::MissedProbe>> missed_quota(const RunOptions& options,
                                                                 const properties::ProbeCounts& sum,
                                                                 std::uint64_t seeds) {
  if (!options.quota || seeds != options.range->count()) {
    return std::nullopt;
  }
  return properties::missed(*options.quota, sum, seeds);
}

void print_quota(const std::vector<properties::MissedProbe>& missed) {
  if (missed.empty()) {
    std::printf("Quota          reached by every probe that has one\n");
  }
  for (const properties::MissedProbe& probe : missed) {
    std::printf("QUOTA MISSED   %s: reached %llu times of at least %llu\n", probe.name.c_str(),
                static_cast<ull>(probe.reached), static_cast<ull>(probe.at_least));
  }
}

faults::Json quota_json(const std::vector<properties::MissedProbe>& missed) {
  faults::Json list = faults::Json::array();
  for (const properties::MissedProbe& probe : missed) {
    list.push_back(
        {{"probe", probe.name}, {"reached", probe.reached}, {"at_least", probe.at_least}});
  }
  return list;
}

}  // namespace cli
