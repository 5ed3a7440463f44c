// The ledger as a replicated state machine: applies committed entries to the books,
// keeps their replies for the proposer, and tells observers.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "system/lottery/ledger_state.h"
#include "system/replica/state_machine.h"
#include "system/store/database.h"

namespace lottery {

class LedgerMachine final : public replica::StateMachine {
 public:
  // Opens books.db. Errors: store::Error, here and everywhere.
  LedgerMachine(env::Env& env, std::int64_t node);

  std::uint64_t applied_index() const override;
  void apply(std::uint64_t index, std::uint64_t term, std::string_view payload) override;
  std::string snapshot() override;
  void restore(std::string_view snapshot) override;

  LedgerState& state() { return *state_; }

  // One reply per command of entry `index`. REQUIRES: it was applied here, and at most
  // kRepliesKept entries were since.
  std::vector<Reply> take_replies(std::uint64_t index);

 private:
  static constexpr std::size_t kRepliesKept = 128;
  struct Kept {
    std::uint64_t index = 0;
    std::vector<Reply> replies;
  };

  env::Env& env_;
  const std::int64_t node_;
  store::Database books_;
  std::optional<LedgerState> state_;  // made anew when the books are replaced
  std::deque<Kept> kept_;             // ascending
};

}  // namespace lottery
