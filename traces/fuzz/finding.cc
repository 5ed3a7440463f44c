#include "traces/fuzz/finding.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <sstream>

#include "traces/fuzz/crash_report.h"

namespace fuzz {
namespace {

constexpr std::size_t kShapeMax_bytes = 80;

bool of_a_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

bool has_digit(std::string_view word) {
  return std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

// Of a text in double quotes or a JSON value in brackets at the start of `text`, its end included.
std::size_t quoted_size(std::string_view text) {
  if (text.front() == '"') {
    const std::size_t end = text.find('"', 1);
    return end == text.npos ? 0 : end + 1;
  }
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '{' || text[i] == '[' ? 1 : text[i] == '}' || text[i] == ']' ? -1 : 0;
    if (depth == 0) {
      return i == 0 ? 0 : i + 1;
    }
  }
  return 0;
}

// "# #", "#, #", "#:#": one is enough, since their number differs from seed to seed too.
void add_number(std::string& shape) {
  const std::size_t last = shape.find_last_not_of(" ,;:/|");
  if (last != std::string::npos && shape[last] == '#') {
    shape.resize(last + 1);
    return;
  }
  shape += '#';
}

// "ledger-2" is one of several that do the same.
std::string role_of(std::string host) {
  while (!host.empty() && host.back() >= '0' && host.back() <= '9') {
    host.pop_back();
  }
  return host.ends_with('-') ? host + "#" : host;
}

std::string signal_text(int signal) {
  const char* name = sigabbrev_np(signal);
  return "signal " + std::to_string(signal) +
         (name == nullptr ? "" : std::string(" (SIG") + name + ")");
}

// The line of a crash's output that says most about it. The first of these words that occurs
// decides: sanitizers, exceptions, assertions of the C and C++ libraries.
std::string telling_line(const std::string& text) {
  static constexpr std::array<std::string_view, 5> kWords = {
      "runtime error:", "ERROR: AddressSanitizer", "what():", "terminate called", "ssertion"};
  std::string first;
  std::vector<std::string> found(kWords.size());
  std::istringstream lines(text.substr(0, text.find(kCrashMark)));
  for (std::string line; std::getline(lines, line);) {
    if (first.empty()) {
      first = line;
    }
    for (std::size_t i = 0; i < kWords.size(); ++i) {
      if (found[i].empty() && line.find(kWords[i]) != std::string::npos) {
        found[i] = line;
      }
    }
  }
  const auto best = std::ranges::find_if(found, [](const auto& line) { return !line.empty(); });
  return best == found.end() ? first : *best;
}

Failure crash(const Ending& ending) {
  Failure failure;
  failure.diagnostics = ending.diagnostics;
  std::string what = "ended with exit code " + std::to_string(ending.number) + " without a result";
  failure.cause.kind = Kind::crashed;
  if (ending.how == How::hung) {
    failure.cause.kind = Kind::hung;
    what = "hung: did not end within the time that a run may take";
  } else if (ending.how == How::signalled) {
    what = "crashed by " + signal_text(ending.number);
  }
  failure.cause.shape = what;
  if (ending.how != How::hung) {
    failure.cause.place = crash_place(ending.diagnostics);
    const std::string line = telling_line(ending.diagnostics);
    if (!line.empty()) {
      what += ": " + line;
      failure.cause.shape += ": " + shape_of(line);
    } else if (!failure.cause.place.empty()) {
      what += " at " + failure.cause.place;
    }
  }
  failure.message = what + (ending.task.second ? " (in the second of two runs)" : "");
  return failure;
}

std::string at(const traces::Checkpoint& checkpoint) {
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(checkpoint.at.time_since_epoch());
  const std::string fraction = std::to_string(ms.count() % 1000 + 1000).substr(1);
  return "event " + std::to_string(checkpoint.events) + " (" + std::to_string(ms.count() / 1000) +
         "." + fraction + " s)";
}

// Where two runs parted, as far as checkpoints tell.
std::string parting(const Result& first, const Result& second) {
  const std::size_t common = std::min(first.checkpoints.size(), second.checkpoints.size());
  std::size_t same = 0;
  while (same < common && traces::same(first.checkpoints[same], second.checkpoints[same])) {
    ++same;
  }
  if (same == common) {
    return "no common checkpoint differs";
  }
  const std::string until =
      same == 0 ? "the start" : "the checkpoint at " + at(first.checkpoints[same - 1]);
  return "the same until " + until + ", different at the checkpoint of " +
         at(first.checkpoints[same]);
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::safety_violated:
      return "safety_violated";
    case Kind::liveness_violated:
      return "liveness_violated";
    case Kind::aborted:
      return "aborted";
    case Kind::crashed:
      return "crashed";
    case Kind::hung:
      return "hung";
    case Kind::non_determinism:
      return "non_determinism";
  }
  return "";
}

std::optional<Kind> kind_from(std::string_view word) {
  const auto found =
      std::ranges::find_if(kKinds, [&](Kind kind) { return to_string(kind) == word; });
  return found == std::end(kKinds) ? std::nullopt : std::optional(*found);
}

std::string shape_of(std::string_view text) {
  std::string shape;
  while (!text.empty() && shape.size() < kShapeMax_bytes) {
    if (const std::size_t quoted = quoted_size(text); quoted > 0) {
      add_number(shape);
      text.remove_prefix(quoted);
      continue;
    }
    const auto end = std::ranges::find_if_not(text, of_a_word);
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    if (word.empty()) {
      shape += text.front();
      text.remove_prefix(1);
      continue;
    }
    if (has_digit(word)) {
      add_number(shape);
    } else {
      shape += word;
    }
    text.remove_prefix(word.size());
  }
  return shape;
}

std::optional<Failure> failure_of(const Ending& ending) {
  if (!ending.result) {
    return crash(ending);
  }
  const Result& result = *ending.result;
  Failure failure;
  switch (result.outcome) {
    case traces::Outcome::safety_violated:
      failure.cause.kind = Kind::safety_violated;
      break;
    case traces::Outcome::liveness_violated:
      failure.cause.kind = Kind::liveness_violated;
      break;
    case traces::Outcome::aborted:
      failure.cause.kind = Kind::aborted;
      break;
    case traces::Outcome::holds:
    case traces::Outcome::interrupted:
      return std::nullopt;
  }
  failure.cause.property = result.property;
  failure.cause.place = role_of(result.place);
  failure.cause.shape = shape_of(result.message);
  failure.message = result.message;
  failure.diagnostics = ending.diagnostics;
  return failure;
}

std::optional<Failure> difference(const Result& first, const Result& second) {
  if (first.digest == second.digest) {
    return std::nullopt;
  }
  Failure failure;
  failure.cause.kind = Kind::non_determinism;
  failure.message = "digests " + traces::hex(first.digest) + " and " + traces::hex(second.digest) +
                    ": " + parting(first, second);
  return failure;
}

}  // namespace fuzz
