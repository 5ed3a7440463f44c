// What a campaign's database tells: figures over all its runs, and the findings.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "traces/fuzz/finding.h"
#include "traces/fuzz/sqlite.h"

namespace fuzz {

struct SeedOf {
  std::string scenario;  // its name
  std::uint64_t seed = 0;
};

struct FindingView {
  std::int64_t id = 0;
  Cause cause;
  std::string build;
  SeedOf smallest;  // the run that stands for it
  std::uint64_t events = 0;
  std::string message;
  std::string diagnostics;
  std::string trace;  // a file; may be empty
  std::uint64_t count = 0;
  std::vector<SeedOf> first;        // at most kSeedsShown, by scenario and seed
  std::set<std::string> scenarios;  // in which it occurs
};

inline constexpr std::int64_t kSeedsShown = 5;

struct CampaignRow {
  std::string build;
  std::uint64_t seed_base = 0;
  std::string scenarios;  // JSON list of names
  std::uint64_t shard = 0;
  std::uint64_t shards = 1;
  std::int64_t started_s = 0;
  std::int64_t wall_ms = 0;
};

struct ScenarioTotals {
  std::uint64_t runs = 0;
  std::uint64_t repeated = 0;
  std::uint64_t events = 0;
  std::int64_t virtual_us = 0;
  std::int64_t wall_us = 0;  // of the workers
  Counts verdicts;
};

struct Overview {
  std::vector<CampaignRow> campaigns;
  std::map<std::string, ScenarioTotals> scenarios;  // by name
  Counts faults;
  Counts probes;  // how often each was reached
  std::vector<FindingView> findings;
};

// `only`: of these findings; nothing: of all.
Overview overview(Sqlite& database, const std::set<std::int64_t>* only = nullptr);

}  // namespace fuzz
