#include "traces/cli/breakpoint.h"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "faults/input.h"

namespace cli {
namespace {

bool parse_count(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0;
}

}  // namespace

BreakAt parse_break(const std::string& text) {
  BreakAt at;
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    if (parse_count(text, at.number)) {
      return at;
    }
  } else {
    const std::size_t second = text.find(':', colon + 1);
    at.host = text.substr(0, colon);
    at.name = text.substr(colon + 1, second == std::string::npos ? second : second - colon - 1);
    const bool counted = second == std::string::npos ||
                         parse_count(std::string_view(text).substr(second + 1), at.number);
    if (!at.host.empty() && !at.name.empty() && counted) {
      at.host = at.host == "*" ? "" : at.host;
      return at;
    }
  }
  throw faults::InputError(
      "--break: expected the number of an event, HOST:NAME or HOST:NAME:N, for instance "
      "ledger-2:raft.elected, got \"" +
      text + "\"");
}

bool is_traced() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("TracerPid:")) {
      return line.find_first_of("123456789") != std::string::npos;
    }
  }
  return false;
}

bool Breakpoint::is_wanted(const std::string& host, std::string_view name) {
  ++events_;
  if ((!wanted_.host.empty() && wanted_.host != host) ||
      (!wanted_.name.empty() && wanted_.name != name)) {
    return false;
  }
  return ++matching_ == wanted_.number;
}

void Breakpoint::on_event(simnet::Time at, const std::string& host, const env::EventRef& event) {
  if (stopped_) {
    return;
  }
  if (is_wanted(host, event.name())) {
    char when[32];
    std::snprintf(when, sizeof when, "%.6f",
                  std::chrono::duration<double>(at.time_since_epoch()).count());
    met_ = std::string(event.name()) + " on " + host + " at " + when + " s, event " +
           std::to_string(events_) + " of all";
    if (is_traced()) {
      std::fprintf(stderr, "drawproof: %s\n", met_.c_str());
      std::raise(SIGTRAP);  // the event, and who emits it, are on the stack above
    } else {
      stopped_ = true;
    }
  }
  if (inner_ != nullptr) {
    inner_->on_event(at, host, event);
  }
}

void Breakpoint::on_fault(simnet::Time at, const faults::Fault& fault, bool strikes) {
  if (!stopped_ && inner_ != nullptr) {
    inner_->on_fault(at, fault, strikes);
  }
}

}  // namespace cli
