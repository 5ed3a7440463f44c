// What a replicated service is to its replica: a database that follows from the log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace replica {

// Errors everywhere: store::Error; the replica then stops the process.
class StateMachine {
 public:
  virtual ~StateMachine() = default;

  // Of the last entry whose effects are durable here; 0: none.
  virtual std::uint64_t applied_index() const = 0;
  // Applies one committed entry in one transaction that also records its index. `payload`
  // is empty for entries of Raft's own (no-op, configuration). `term` as in the log.
  // REQUIRES: index == applied_index() + 1.
  virtual void apply(std::uint64_t index, std::uint64_t term, std::string_view payload) = 0;

  // The whole state as bytes, consistent at applied_index().
  virtual std::string snapshot() = 0;
  // Replaces the whole state, durably and at once or not at all. Afterwards applied_index() is
  // that of the snapshot. Errors: store::Error also for bytes that are no snapshot.
  virtual void restore(std::string_view snapshot) = 0;
};

}  // namespace replica
