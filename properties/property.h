// One property: a statement, an oracle and its blind spots. A
// property never repairs or stops anything: it counts its checks and records
// violations.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "properties/book_rows.h"
#include "simnet/time.h"
#include "system/env/event.h"

namespace store {
class Database;
}

namespace properties {

struct Violation {
  std::string property;  // "S3"
  simnet::Time at;       // virtual time of the check that failed
  std::string what;      // one sentence with the ids and figures involved
};

// What one replica of the ledger left on its disk.
struct FinalReplica {
  std::int64_t node = 0;
  std::map<std::int64_t, std::string> log;  // what is not in the books only
  std::int64_t log_first = 1;               // entries before it are in the books only
  std::int64_t applied_index = 0;
  store::Database* books = nullptr;
};

// What is left when the universe is over, all hosts stopped.
struct FinalState {
  simnet::Time at;
  std::vector<FinalReplica> replicas;  // those whose disk can be read; not empty
  bool healed = false;                 // faults ended and the grace period for liveness has passed
  std::string unfinished;              // what had not come to rest by then; empty: nothing

  // The one whose books have come furthest.
  const FinalReplica& furthest() const;
};

class Property {
 public:
  virtual ~Property() = default;
  virtual std::string_view id() const = 0;
  virtual std::string_view statement() const = 0;
  // `evidence.reference` has already folded the event. May throw store::Error when
  // the books cannot be read; the property then judges by its next event.
  virtual void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) = 0;
  virtual void at_end(const FinalState& final, const Reference& reference) = 0;

  bool holds() const { return violation_count_ == 0; }
  std::uint64_t checks() const { return checks_; }
  const std::vector<Violation>& violations() const { return violations_; }  // the first ones
  std::uint64_t violation_count() const { return violation_count_; }        // all

  // Keeps the first violations and counts the rest.
  void violated(simnet::Time at, std::string what);

 protected:
  void checked(std::uint64_t count = 1) { checks_ += count; }
  // One check; `describe` returns the sentence and runs only when `good` is false.
  template <class Describe>
  void expect(bool good, simnet::Time at, Describe describe) {
    ++checks_;
    if (!good) {
      violated(at, describe());
    }
  }

 private:
  static constexpr std::size_t kKept = 8;
  std::uint64_t checks_ = 0;
  std::uint64_t violation_count_ = 0;
  std::vector<Violation> violations_;
};

}  // namespace properties
