// A campaign at work: hands runs to workers, has some made twice and compares them, and keeps the
// books. What a universe is, it does not know.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "traces/fuzz/campaign.h"
#include "traces/fuzz/pool.h"
#include "traces/fuzz/schedule.h"

namespace fuzz {

struct Totals {
  std::uint64_t runs = 0;     // complete, this time
  std::uint64_t skipped = 0;  // done before
  std::uint64_t repeated = 0;
  std::uint64_t failed = 0;  // failures, this time
  std::uint64_t events = 0;
  std::uint64_t faults = 0;
  Counts probes;                          // that were reached, by name
  std::map<std::int64_t, Kind> findings;  // of this campaign, also from before
};

// A failing run, already in the books.
struct FailedRun {
  Task task;
  Failure failure;
  Recorded recorded;
};

// What a fuzzer needs of the world around it.
struct Surroundings {
  Clock clock;
  std::function<bool()> interrupted;
  // Called once per failing run, then, for the one that stands for its finding, keep_trace: it
  // writes the text to a file and returns its name, or an empty one when it could not. `trace` is
  // empty when the run never got to write one. `replaced`: the file of the run that stood for the
  // finding before.
  std::function<void(const FailedRun&)> failed;
  std::function<std::string(const FailedRun&, const std::string& trace,
                            const std::string& replaced)>
      keep_trace;
  // Often.
  std::function<void(const Totals&, std::int64_t elapsed_us)> progress;
};

struct FuzzerOptions {
  ScheduleOptions schedule;
  PoolOptions pool;
  std::int64_t time_us = 0;  // no run is started after that; 0: no limit
};

class Fuzzer {
 public:
  Fuzzer(const FuzzerOptions& options, Subject subject, Campaign& campaign, Surroundings around);

  // Until the schedule or the time is over, or it is interrupted; then runs under way do not count.
  // Errors: faults::InputError of the database; std::runtime_error when no process can be started.
  void run();
  const Totals& totals() const { return totals_; }

 private:
  // A first run that waits for its second.
  struct Held {
    Result result;
    std::int64_t wall_us = 0;
  };
  using Key = std::pair<std::size_t, std::uint64_t>;

  static Key key(const Task& task) { return {task.scenario, task.seed}; }
  bool time_is_over() const;
  std::optional<Task> next();
  void feed();
  void take(Ending ending);
  void take_first(Ending& ending);
  void take_second(Ending& ending);
  void complete(const RunRow& row);
  void fail(const RunRow& row, const Failure& failure, const std::string& trace);
  void flush(bool now);
  std::int64_t elapsed_us() const { return around_.clock() - started_us_; }

  const FuzzerOptions options_;
  Schedule schedule_;
  Campaign& campaign_;
  const Surroundings around_;
  const std::int64_t started_us_;
  Pool pool_;
  std::vector<Task> seconds_;  // to be started before anything else
  std::map<Key, Held> held_;
  Totals totals_;
  std::int64_t flushed_us_ = 0;
};

}  // namespace fuzz
