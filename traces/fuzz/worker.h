// A process that makes one run: forked from this one, or started anew from a program so that
// addresses differ. It dies with its parent. Its result comes back through a pipe as a length of 8
// bytes and that many bytes; whatever it prints is kept as diagnostics.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "traces/fuzz/ending.h"

namespace fuzz {

// What makes runs. `run` is called in a child process only, with memory as this process left it.
struct Subject {
  std::function<Result(const Task&)> run;
  // A program that calls serve(), with its arguments: it makes the second runs. Empty: they are
  // forked as well, with the heap in disorder.
  std::vector<std::string> program;
  // What that program reads on its standard input.
  std::function<std::string(const Task&)> request;
};

// Of the program in Subject: heap in disorder, crashes reported; calls `run` with the text on
// standard input, answers on the descriptor that start_worker() left, and ends the process.
[[noreturn]] void serve(const std::function<Result(const std::string& request)>& run);

// The parent's end of a worker. Both descriptors do not block.
struct Worker {
  pid_t pid = -1;
  int answer = -1;
  int output = -1;
};

// Errors: std::runtime_error when the system has no process or pipe left.
Worker start_worker(const Subject& subject, const Task& task);

}  // namespace fuzz
