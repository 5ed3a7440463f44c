// A run told while it happens: a line per event of the services and per fault, for people or as
// JSON lines. README.md has the members.
#pragma once

#include <string>

#include "faults/input.h"
#include "properties/watcher.h"
#include "traces/cli/follow.h"

namespace cli {

struct EventLogOptions {
  simnet::Time from;  // of what happens outside of these, both included, nothing is told
  simnet::Time until;
  bool json = false;
  bool colour = false;
  Followed followed = {};
};

class EventLog : public properties::Watcher {
 public:
  explicit EventLog(EventLogOptions options) : options_(options) {}

  void on_event(simnet::Time at, const std::string& host, const env::EventRef& event) override;
  void on_fault(simnet::Time at, const faults::Fault& fault, bool strikes) override;

 private:
  bool told(simnet::Time at) const { return at >= options_.from && at <= options_.until; }
  void line(simnet::Time at, const std::string& host, const std::string& name,
            const faults::Json& fields, const char* colour) const;

  const EventLogOptions options_;
};

// One line on standard output.
void print_line(const faults::Json& json);

}  // namespace cli
