#include "traces/fuzz/fuzzer.h"

#include <algorithm>

namespace fuzz {
namespace {

constexpr int kPatience_ms = 100;  // Ctrl-C and progress are looked at so often
constexpr std::int64_t kFlushEvery_us = 1'000'000;

RunRow row_of(const Task& task, const Result& result, std::int64_t wall_us) {
  RunRow row;
  row.task = task;
  row.task.second = false;
  row.verdict = traces::to_string(result.outcome);
  row.digest = result.digest;
  row.events = result.events;
  row.virtual_us = result.virtual_us;
  row.wall_us = wall_us;
  row.faults = result.faults;
  row.probes = result.probes;
  return row;
}

RunRow row_of_dead(const Ending& ending, Kind kind) {
  RunRow row;
  row.task = ending.task;
  row.task.second = false;
  row.verdict = to_string(kind);
  row.wall_us = ending.wall_us;
  return row;
}

}  // namespace

Fuzzer::Fuzzer(const FuzzerOptions& options, Subject subject, Campaign& campaign,
               Surroundings around)
    : options_(options),
      schedule_(options.schedule),
      campaign_(campaign),
      around_(std::move(around)),
      started_us_(around_.clock()),
      pool_(std::move(subject), options.pool, around_.clock) {}

void Fuzzer::run() {
  while (!around_.interrupted()) {
    feed();
    if (pool_.running() == 0) {
      break;
    }
    for (Ending& ending : pool_.wait(kPatience_ms)) {
      take(std::move(ending));
    }
    flush(false);
    around_.progress(totals_, elapsed_us());
  }
  pool_.stop();
  flush(true);
}

bool Fuzzer::time_is_over() const {
  return options_.time_us > 0 && elapsed_us() >= options_.time_us;
}

std::optional<Task> Fuzzer::next() {
  if (!seconds_.empty()) {
    const Task second = seconds_.back();
    seconds_.pop_back();
    return second;
  }
  while (!time_is_over() && !around_.interrupted()) {
    const std::optional<Task> task = schedule_.next();
    if (!task || !campaign_.done(*task)) {
      return task;
    }
    ++totals_.skipped;
    totals_.findings.merge(campaign_.findings_of(*task));
  }
  return std::nullopt;
}

void Fuzzer::feed() {
  while (!pool_.full()) {
    const std::optional<Task> task = next();
    if (!task) {
      return;
    }
    pool_.start(*task);
  }
}

void Fuzzer::take(Ending ending) {
  if (ending.task.second) {
    take_second(ending);
  } else {
    take_first(ending);
  }
}

void Fuzzer::take_first(Ending& ending) {
  const std::optional<Failure> failure = failure_of(ending);
  if (!ending.result) {
    const RunRow row = row_of_dead(ending, failure->cause.kind);
    fail(row, *failure, "");
    complete(row);
    return;
  }
  const Task& task = ending.task;
  const RunRow row = row_of(task, *ending.result, ending.wall_us);
  if (failure) {
    fail(row, *failure, ending.result->trace);
  }
  if (!task.compared) {
    complete(row);
    return;
  }
  held_[key(task)] = {std::move(*ending.result), ending.wall_us};
  Task second = task;
  second.second = true;
  seconds_.push_back(second);
}

void Fuzzer::take_second(Ending& ending) {
  const auto held = held_.find(key(ending.task));
  const Result& first = held->second.result;
  RunRow row = row_of(ending.task, first, held->second.wall_us);
  ++totals_.repeated;
  if (!ending.result) {
    fail(row, *failure_of(ending), first.trace);
  } else {
    row.repeat_digest = ending.result->digest;
    if (const std::optional<Failure> failure = difference(first, *ending.result)) {
      fail(row, *failure, first.trace);
    }
  }
  complete(row);
  held_.erase(held);
}

void Fuzzer::complete(const RunRow& row) {
  campaign_.add(row);
  ++totals_.runs;
  totals_.events += row.events;
  for (const auto& [kind, count] : row.faults) {
    totals_.faults += count;
  }
  for (const auto& [name, hits] : row.probes) {
    totals_.probes[name] += hits;
  }
}

// In the books before anybody hears of it: whatever was told survives a kill.
void Fuzzer::fail(const RunRow& row, const Failure& failure, const std::string& trace) {
  ++totals_.failed;
  const FailedRun failed{row.task, failure, campaign_.add_failure(row, failure)};
  totals_.findings.emplace(failed.recorded.finding, failure.cause.kind);
  around_.failed(failed);
  if (!failed.recorded.smallest) {
    return;
  }
  const std::string file = around_.keep_trace(failed, trace, failed.recorded.old_trace);
  if (!file.empty()) {
    campaign_.set_trace(failed.recorded.finding, file);
  }
}

void Fuzzer::flush(bool now) {
  const std::int64_t elapsed = elapsed_us();
  if (now || elapsed - flushed_us_ >= kFlushEvery_us) {
    campaign_.flush(elapsed / 1000);
    flushed_us_ = elapsed;
  }
}

}  // namespace fuzz
