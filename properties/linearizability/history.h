// A history: operations that clients called, paired from events in the order in which
// they happened. An operation whose outcome is unknown may take effect at any time from
// its invocation to the end of time, or never; one that failed did not take effect and
// is left out (Jepsen's meaning of :info and :fail).
//
// An operation that never completes is one of unknown outcome. Events of processes that
// are no integers (Jepsen's :nemesis) are skipped. The order of the events in the file is the
// order in time; `time` is for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "properties/linearizability/value.h"

namespace linearizability {

inline constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

struct Operation {
  std::int64_t process = 0;
  std::string f;
  Value key;       // nil: the file has one object
  Value argument;  // of the invocation
  Value result;    // of the completion; nil when unknown
  // Places among all events. REQUIRES: invoked < returned.
  std::size_t invoked = 0;
  std::size_t returned = kNever;  // kNever: the outcome is unknown
  std::size_t invoked_line = 0;
  std::size_t returned_line = 0;  // 0: the outcome is unknown

  bool known() const { return returned != kNever; }
};

using Operations = std::vector<Operation>;  // in the order of their invocations

struct History {
  std::string file;
  Operations operations;
  std::size_t failed = 0;  // operations that did not take effect
};

// By key: a history is linearizable if and only if that of each object is (locality:
// Herlihy and Wing, "Linearizability: A Correctness Condition for Concurrent Objects",
// TOPLAS 1990, theorem 1).
std::map<Value, Operations> by_key(Operations operations);

struct HistoryOptions {
  std::string file;  // named in errors
  // Values are [key value] pairs, as jepsen.independent writes them.
  bool key_independent = false;
};

// Takes one event after another, each a map as it was read.
// Errors: InputError from every function.
class HistoryBuilder {
 public:
  explicit HistoryBuilder(HistoryOptions options);

  void add(Value event, std::size_t line);
  History finish();

 private:
  struct Fields;  // one event, read

  Fields read(Value& event, std::size_t line) const;
  void split_key(Fields& fields) const;
  void invoke(Fields fields);
  void complete(Fields fields);
  [[noreturn]] void fail(std::size_t line, const std::string& field,
                         const std::string& expected) const;

  const HistoryOptions options_;
  History history_;
  std::map<std::int64_t, std::size_t> open_;  // by process: index of its operation
  std::vector<bool> dropped_;                 // operations that failed
  std::size_t events_ = 0;
  std::int64_t last_index_ = -1;
};

}  // namespace linearizability
