// Workers at work: at most so many at once, watched for answers, ends and hangs by one thread.
#pragma once

#include <functional>
#include <list>
#include <vector>

#include "traces/fuzz/ending.h"
#include "traces/fuzz/output.h"
#include "traces/fuzz/worker.h"

namespace fuzz {

// Microseconds of a clock that only grows.
using Clock = std::function<std::int64_t()>;

struct PoolOptions {
  std::size_t jobs = 1;
  std::int64_t hang_after_us = 60'000'000;  // of a worker's life
};

class Pool {
 public:
  Pool(Subject subject, const PoolOptions& options, Clock clock)
      : subject_(std::move(subject)), options_(options), clock_(std::move(clock)) {}
  // Kills those that run.
  ~Pool() { stop(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  bool full() const { return running_.size() >= options_.jobs; }
  std::size_t running() const { return running_.size(); }
  // REQUIRES: !full(). Errors: std::runtime_error when the system has no process left.
  void start(const Task& task);
  // Those that ended, each once; waits for the first at most so long. A signal ends the wait early.
  std::vector<Ending> wait(int timeout_ms);
  void stop();

 private:
  struct Running {
    Task task;
    Worker worker;
    std::int64_t started_us = 0;
    std::string answer;  // length and text as far as they came
    Output output;
    bool silent = false;  // its answer's pipe is closed
    bool killed = false;  // because it hung
  };

  void listen(int timeout_ms);
  static void read_answer(Running& running);
  static void read_output(Running& running);
  // The text of a whole answer; nothing as long as there is none.
  static std::optional<std::string> answer_of(const Running& running);
  bool over(Running& running, int& status);
  Ending ending(Running& running, int status);

  const Subject subject_;
  const PoolOptions options_;
  const Clock clock_;
  std::list<Running> running_;
};

}  // namespace fuzz
