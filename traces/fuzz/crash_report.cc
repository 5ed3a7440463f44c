#include "traces/fuzz/crash_report.h"

#include <execinfo.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <sstream>

namespace fuzz {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitizerReports = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool kSanitizerReports = true;
#else
constexpr bool kSanitizerReports = false;
#endif
#else
constexpr bool kSanitizerReports = false;
#endif

constexpr int kFramesMax = 48;
constexpr int kOwnFrames = 2;  // the handler, and where the kernel calls it from

alignas(16) char other_stack[64 * 1024];

void write_all(const char* text, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(STDERR_FILENO, text, size);
    if (written <= 0) {
      return;
    }
    text += written;
    size -= static_cast<std::size_t>(written);
  }
}

// Only calls that are safe in a handler; backtrace() is after its first call.
extern "C" void on_crash(int signal) {
  char line[64] = {};
  std::memcpy(line, kCrashMark.data(), kCrashMark.size());
  char* end = line + kCrashMark.size();
  if (signal >= 10) {
    *end++ = static_cast<char>('0' + signal / 10);
  }
  *end++ = static_cast<char>('0' + signal % 10);
  *end++ = '\n';
  write_all(line, static_cast<std::size_t>(end - line));
  void* frames[kFramesMax];
  const int count = backtrace(frames, kFramesMax);
  if (count > kOwnFrames) {
    backtrace_symbols_fd(frames + kOwnFrames, count - kOwnFrames, STDERR_FILENO);
  }
  raise(signal);  // the handler is gone
}

// "PROGRAM(+0x1a2b) [0x55...]"; empty when the line is no frame of the program itself.
std::string own_frame(const std::string& line) {
  const std::size_t open = line.find('(');
  const std::size_t close = line.find(')');
  const bool frame = open != std::string::npos && close != std::string::npos && open < close &&
                     line.find("[0x", close) != std::string::npos;
  if (!frame || line.find(".so") < open) {
    return {};
  }
  return line.substr(open + 1, close - open - 1);
}

}  // namespace

void report_crashes() {
  if (kSanitizerReports) {
    return;
  }
  void* frame = nullptr;
  backtrace(&frame, 1);  // loads what it needs
  stack_t stack = {};
  stack.ss_sp = other_stack;
  stack.ss_size = sizeof other_stack;
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_handler = on_crash;
  action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    sigaction(signal, &action, nullptr);
  }
}

std::string crash_place(const std::string& diagnostics) {
  bool reported = false;
  std::istringstream lines(diagnostics);
  for (std::string line; std::getline(lines, line);) {
    if (const std::size_t summary = line.find("SUMMARY: "); summary != std::string::npos) {
      return line.substr(summary + 9);
    }
    reported |= line.starts_with(kCrashMark);
    if (std::string frame = reported ? own_frame(line) : std::string(); !frame.empty()) {
      return frame;
    }
  }
  return {};
}

}  // namespace fuzz
