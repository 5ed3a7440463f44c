#include "traces/fuzz/worker.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "traces/fuzz/crash_report.h"
#include "traces/fuzz/heap.h"

extern char** environ;

namespace fuzz {
namespace {

constexpr int kAnswer = 3;  // the worker's descriptor
constexpr std::uint64_t kDisorder = 0x5EED;

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string("a worker cannot be started: ") + what + ": " +
                           std::strerror(errno));
}

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    fail("pipe");
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {ends[0], ends[1]};
}

// A file in memory, at its start, that holds the text.
int memory_file(const std::string& text) {
  const int file = memfd_create("request", MFD_CLOEXEC);
  if (file < 0 || write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      lseek(file, 0, SEEK_SET) != 0) {
    fail("memfd_create");
  }
  return file;
}

void write_all(int file, const void* data, std::size_t size) {
  const char* bytes = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = write(file, bytes, size);
    if (written < 0 && errno != EINTR) {
      _exit(1);  // the parent is gone
    }
    bytes += written > 0 ? written : 0;
    size -= written > 0 ? static_cast<std::size_t>(written) : 0;
  }
}

// noexcept: an exception that leaves a run must end this process, not unwind into the parent's
// code.
[[noreturn]] void answer(const std::function<Result()>& run) noexcept {
  const std::string text = to_text(run());
  const std::uint64_t size = text.size();
  write_all(kAnswer, &size, sizeof size);
  write_all(kAnswer, text.data(), text.size());
  _exit(0);
}

// Standard input, output and error, and the answer's descriptor; nothing else of the parent's stays
// open, least of all its database. Through higher numbers, as any may be one of those four now.
void arrange_descriptors(int input, int output, int answer_end) {
  const int in = fcntl(input, F_DUPFD, 10);
  const int out = fcntl(output, F_DUPFD, 10);
  const int back = fcntl(answer_end, F_DUPFD, 10);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  dup2(back, kAnswer);
  close_range(kAnswer + 1, ~0U, 0);
}

// The terminal's Ctrl-C is the parent's to hear; a core file per finding would fill the disk.
void become_worker(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) {
    _exit(1);  // it died before
  }
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_DFL);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

// Memory that is handed out is filled with this, so that reading what nobody wrote shows as well.
[[noreturn]] void execute(const std::vector<std::string>& program) {
  std::vector<std::string> words = program;
  std::vector<char*> arguments;
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  std::string fill = "MALLOC_PERTURB_=165";
  std::vector<char*> environment{fill.data()};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    environment.push_back(*entry);
  }
  environment.push_back(nullptr);
  execve("/proc/self/exe", arguments.data(), environment.data());
  static constexpr char kText[] = "drawproof: this program cannot be started again\n";
  write_all(STDERR_FILENO, kText, sizeof kText - 1);
  _exit(127);
}

[[noreturn]] void child(const Subject& subject, const Task& task) {
  if (task.second && !subject.program.empty()) {
    execute(subject.program);
  }
  report_crashes();
  if (task.second) {
    disorder_heap(kDisorder);
  }
  answer([&] { return subject.run(task); });
}

}  // namespace

void serve(const std::function<Result(const std::string& request)>& run) {
  report_crashes();
  std::string request;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(STDIN_FILENO, buffer, sizeof buffer)) > 0;) {
    request.append(buffer, static_cast<std::size_t>(got));
  }
  disorder_heap(kDisorder);
  answer([&] { return run(request); });
}

Worker start_worker(const Subject& subject, const Task& task) {
  const bool anew = task.second && !subject.program.empty();
  const int input =
      anew ? memory_file(subject.request(task)) : open("/dev/null", O_RDONLY | O_CLOEXEC);
  const Pipe answer_pipe = make_pipe();
  const Pipe output_pipe = make_pipe();
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    become_worker(parent);
    arrange_descriptors(input, output_pipe.write_end, answer_pipe.write_end);
    child(subject, task);
  }
  close(input);
  close(answer_pipe.write_end);
  close(output_pipe.write_end);
  if (pid < 0) {
    close(answer_pipe.read_end);
    close(output_pipe.read_end);
    fail("fork");
  }
  return {pid, answer_pipe.read_end, output_pipe.read_end};
}

}  // namespace fuzz
