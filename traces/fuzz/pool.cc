#include "traces/fuzz/pool.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace fuzz {
namespace {

constexpr std::uint64_t kAnswerMax_bytes = 256 << 20;

// Reads what is there. False: nothing will come any more.
template <class Take>
bool drain(int file, const Take& take) {
  char buffer[16 << 10];
  for (;;) {
    const ssize_t got = read(file, buffer, sizeof buffer);
    if (got > 0) {
      take(std::string_view(buffer, static_cast<std::size_t>(got)));
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
      return false;
    } else if (errno == EAGAIN) {
      return true;
    }
  }
}

}  // namespace

void Pool::start(const Task& task) {
  Running running;
  running.task = task;
  running.started_us = clock_();
  running.worker = start_worker(subject_, task);
  running_.push_back(std::move(running));
}

void Pool::read_answer(Running& running) {
  if (!running.silent) {
    running.silent = !drain(running.worker.answer,
                            [&](std::string_view bytes) { running.answer.append(bytes); });
  }
}

void Pool::read_output(Running& running) {
  drain(running.worker.output, [&](std::string_view bytes) { running.output.add(bytes); });
}

std::optional<std::string> Pool::answer_of(const Running& running) {
  std::uint64_t size = 0;
  if (running.answer.size() < sizeof size) {
    return std::nullopt;
  }
  std::memcpy(&size, running.answer.data(), sizeof size);
  if (size > kAnswerMax_bytes || running.answer.size() - sizeof size < size) {
    return std::nullopt;
  }
  return running.answer.substr(sizeof size, size);
}

void Pool::listen(int timeout_ms) {
  std::vector<pollfd> files;
  for (const Running& running : running_) {
    // One that is silent but not gone would end every poll at once.
    files.push_back({running.silent ? -1 : running.worker.answer, POLLIN, 0});
    files.push_back({running.silent ? -1 : running.worker.output, POLLIN, 0});
    timeout_ms = running.silent ? std::min(timeout_ms, 5) : timeout_ms;
  }
  poll(files.data(), files.size(), timeout_ms);
}

bool Pool::over(Running& running, int& status) {
  read_answer(running);
  read_output(running);
  if (answer_of(running)) {
    kill(running.worker.pid, SIGKILL);  // it has nothing left to do
    return waitpid(running.worker.pid, &status, 0) == running.worker.pid;
  }
  if (running.silent && waitpid(running.worker.pid, &status, WNOHANG) == running.worker.pid) {
    return true;
  }
  if (clock_() - running.started_us < options_.hang_after_us) {
    return false;
  }
  running.killed = true;
  kill(running.worker.pid, SIGKILL);
  return waitpid(running.worker.pid, &status, 0) == running.worker.pid;
}

Ending Pool::ending(Running& running, int status) {
  read_answer(running);
  read_output(running);
  close(running.worker.answer);
  close(running.worker.output);
  Ending ending;
  ending.task = running.task;
  ending.wall_us = clock_() - running.started_us;
  ending.diagnostics = running.output.text();
  if (const std::optional<std::string> answer = answer_of(running)) {
    ending.result = result_from_text(*answer);
  }
  ending.how = ending.result         ? How::answered
               : running.killed      ? How::hung
               : WIFSIGNALED(status) ? How::signalled
                                     : How::exited;
  ending.number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return ending;
}

std::vector<Ending> Pool::wait(int timeout_ms) {
  listen(timeout_ms);
  std::vector<Ending> endings;
  for (auto it = running_.begin(); it != running_.end();) {
    int status = 0;
    if (over(*it, status)) {
      endings.push_back(ending(*it, status));
      it = running_.erase(it);
    } else {
      ++it;
    }
  }
  return endings;
}

void Pool::stop() {
  for (Running& running : running_) {
    kill(running.worker.pid, SIGKILL);
    waitpid(running.worker.pid, nullptr, 0);
    close(running.worker.answer);
    close(running.worker.output);
  }
  running_.clear();
}

}  // namespace fuzz
