#include "system/lottery/ledger_machine.h"

#include <algorithm>
#include <utility>

#include "system/lottery/entry_codec.h"
#include "system/lottery/events.h"

namespace lottery {
namespace {

std::vector<CommandReply> to_event(const std::vector<Reply>& replies) {
  std::vector<CommandReply> result;
  for (const Reply& reply : replies) {
    result.push_back({reply.status, reply.body});
  }
  return result;
}

// Raft's own entries carry no commands and no time.
Entry to_entry(std::uint64_t index, std::string_view payload) {
  Entry entry;
  if (!payload.empty()) {
    try {
      entry = decode_entry(payload);
    } catch (const rpc::CodecError& error) {
      throw store::Error(SQLITE_CORRUPT,
                         "entry " + std::to_string(index) + " does not decode: " + error.what());
    }
  }
  entry.index = static_cast<std::int64_t>(index);
  return entry;
}

}  // namespace

LedgerMachine::LedgerMachine(env::Env& env, std::int64_t node)
    : env_(env), node_(node), books_(env.database_file("books.db")) {
  state_.emplace(books_);
  LedgerRecovered recovered{state_->applied_index(), &books_, node_};
  env_.emit(recovered);
}

std::uint64_t LedgerMachine::applied_index() const {
  return static_cast<std::uint64_t>(state_->applied_index());
}

void LedgerMachine::apply(std::uint64_t index, std::uint64_t, std::string_view payload) {
  EntryCommitted committed{static_cast<std::int64_t>(index), std::string(payload), node_};
  env_.emit(committed);
  std::vector<Reply> replies = state_->apply(to_entry(index, payload));
  EntryApplied applied{committed.index, to_event(replies), &books_, node_};
  env_.emit(applied);
  kept_.push_back({index, std::move(replies)});
  if (kept_.size() > kRepliesKept) {
    kept_.pop_front();
  }
}

std::string LedgerMachine::snapshot() { return books_.serialize(); }

void LedgerMachine::restore(std::string_view snapshot) {
  state_.reset();
  books_.replace_with(snapshot);
  state_.emplace(books_);
  kept_.clear();
  LedgerRestored restored{state_->applied_index(), &books_, node_};
  env_.emit(restored);
}

std::vector<Reply> LedgerMachine::take_replies(std::uint64_t index) {
  const auto found = std::ranges::lower_bound(kept_, index, {}, &Kept::index);
  if (found == kept_.end() || found->index != index) {
    throw std::logic_error("the replies of entry " + std::to_string(index) + " are gone");
  }
  return std::exchange(found->replies, {});
}

}  // namespace lottery
