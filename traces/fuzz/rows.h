// Rows that both a campaign and a union of several write.
#pragma once

#include <string>

#include "traces/fuzz/finding.h"
#include "traces/fuzz/sqlite.h"

namespace fuzz {

// The id of the row, which is made when there is none.
std::int64_t build_id(Sqlite& database, const std::string& name);
std::int64_t scenario_id(Sqlite& database, const std::string& name, const std::string& definition);

// The run in which something went wrong.
struct FailingRun {
  std::int64_t build = 0;
  std::int64_t scenario = 0;
  std::uint64_t seed = 0;
  std::uint64_t events = 0;  // 0: nobody knows
};

struct FindingRow {
  std::int64_t id = 0;
  bool smallest = false;  // this run stands for the finding now
  std::string old_trace;  // of the one that stood for it before
};

// Puts the failure among those of its cause. The run with the fewest events stands for the finding,
// then the first by scenario and seed, so that the order of arrival does not matter.
FindingRow record_failure(Sqlite& database, const FailingRun& run, const Failure& failure,
                          const std::string& trace);

}  // namespace fuzz
