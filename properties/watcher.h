// Who looks on while a universe runs, for logs. Calls come on the task of what happens.
// A watcher changes nothing: a run with one is the same universe as a run without.
#pragma once

#include <string>

#include "faults/fault.h"
#include "simnet/time.h"
#include "system/env/event.h"

namespace properties {

struct Evidence;

class Watcher {
 public:
  virtual ~Watcher() = default;
  // A service on that host emitted an event. It is gone after the call.
  virtual void on_event(simnet::Time at, const std::string& host, const env::EventRef& event) = 0;
  // A fault strikes, or one that lasts ends.
  virtual void on_fault(simnet::Time at, const faults::Fault& fault, bool strikes) = 0;
  // What an event that folded entries showed of the ledger's books: rows as the ledger has them,
  // not as the rules would. Valid during the call.
  virtual void on_books(simnet::Time, const Evidence&) {}
};

}  // namespace properties
