#include "traces/cli/run_apart.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "faults/input.h"
#include "properties/universe.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/trace_of.h"
#include "traces/writer.h"

namespace cli {
namespace {

constexpr const char* kWhere = "recipe";

std::string run_here(const RunOptions& run, const ApartOptions& options) {
  properties::Universe universe(run.scenario, run.seed, run.plan_for(run.seed),
                                run.workload_for(run.seed));
  universe.replay(run.tape);
  const properties::Report report = universe.run([&](const properties::Progress& progress) {
    return !(options.stop_when_unsafe && progress.unsafe) &&
           !(options.heeds_interrupts && interrupted());
  });
  return to_text(trace_of(run, run.seed, report));
}

// Never returns, and runs no destructor of what it shares with its parent.
[[noreturn]] void be_the_child(int out, const RunOptions& run, const ApartOptions& options) {
  std::signal(SIGALRM, SIG_DFL);
  alarm(options.limit_s);
  try {
    const std::string text = run_here(run, options);
    for (std::size_t sent = 0; sent < text.size();) {
      const ssize_t wrote = write(out, text.data() + sent, text.size() - sent);
      if (wrote < 0 && errno != EINTR) {
        std::_Exit(EXIT_FAILURE);
      }
      sent += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
    }
  } catch (...) {
    std::_Exit(EXIT_FAILURE);
  }
  std::_Exit(EXIT_SUCCESS);
}

std::string read_all(int from) {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = read(from, buffer, sizeof buffer);
    if (got > 0) {
      text.append(buffer, static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      return text;
    }
  }
}

}  // namespace

RunApart::RunApart(const traces::Trace& trace, const ApartOptions& options) {
  const RunOptions run = recipe_of(trace, kWhere, "");
  int ends[2];
  if (pipe(ends) != 0) {
    throw std::runtime_error("pipe failed");
  }
  std::fflush(nullptr);  // or the child would print it once more
  child_ = fork();
  if (child_ == 0) {
    close(ends[0]);
    be_the_child(ends[1], run, options);
  }
  close(ends[1]);
  out_ = ends[0];
  if (child_ < 0) {
    close(out_);
    throw std::runtime_error("fork failed");
  }
}

RunApart::~RunApart() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    end();
  }
}

int RunApart::end() {
  close(out_);
  int status = 0;
  while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  return status;
}

std::optional<traces::Trace> RunApart::wait() {
  const std::string text = read_all(out_);
  const int status = end();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS) {
    return std::nullopt;
  }
  return traces::trace_from_json(faults::parse_json(text, kWhere), kWhere, read_scenario);
}

}  // namespace cli
