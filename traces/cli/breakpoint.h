// Stops a replay at one event of the services.
#pragma once

#include <cstdint>
#include <string>

#include "properties/watcher.h"

namespace cli {

// Which event: the N-th of all ("N"), or of those with a name on a host ("HOST:NAME" is the first,
// "HOST:NAME:N"; HOST may be *).
struct BreakAt {
  std::string host;  // empty: any
  std::string name;  // empty: any
  std::uint64_t number = 1;
};

// Errors: faults::InputError.
BreakAt parse_break(const std::string& text);

// A debugger is attached to this process.
bool is_traced();

// Hands on what it hears. At the event: with a debugger attached it raises SIGTRAP before
// handing the event on, and goes on afterwards; without one the event is the last it hands on.
class Breakpoint : public properties::Watcher {
 public:
  // `inner` outlives this; null: nobody listens.
  Breakpoint(BreakAt at, properties::Watcher* inner) : wanted_(std::move(at)), inner_(inner) {}

  void on_event(simnet::Time at, const std::string& host, const env::EventRef& event) override;
  void on_fault(simnet::Time at, const faults::Fault& fault, bool strikes) override;

  bool stopped() const { return stopped_; }
  // "raft.elected on ledger-2 at 3.141593 s, event 215 of all"; empty when it never came.
  const std::string& met() const { return met_; }

 private:
  bool is_wanted(const std::string& host, std::string_view name);

  const BreakAt wanted_;
  properties::Watcher* const inner_;
  std::uint64_t events_ = 0;
  std::uint64_t matching_ = 0;
  bool stopped_ = false;
  std::string met_;
};

}  // namespace cli
