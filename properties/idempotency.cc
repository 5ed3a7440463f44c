#include "properties/idempotency.h"

#include <utility>

#include "properties/reference_replies.h"

namespace properties {
namespace {

std::string text(const lottery::Reply& reply) {
  return std::to_string(reply.status) + " " + reply.body;
}

const UserKey* key_of(const lottery::Command& command, UserKey& storage) {
  return std::visit(
      [&](const auto& value) -> const UserKey* {
        if constexpr (requires {
                        value.user;
                        value.key;
                      }) {
          storage = {value.user, value.key};
          return value.user.empty() || value.key.empty() ? nullptr : &storage;
        } else {
          return nullptr;
        }
      },
      command);
}

}  // namespace

bool terminal_reply(std::int64_t status, std::string_view body) {
  if (status == 202 || status == 408 || status == 429 || status >= 500 || status < 200) {
    return false;
  }
  return status != 409 || error_word(body) != "key_reused";
}

void Idempotency::remember(simnet::Time at, const UserKey& key, const lottery::Reply& reply,
                           std::string_view who) {
  if (!terminal_reply(reply.status, reply.body)) {
    return;
  }
  const auto [known, fresh] = terminal_.emplace(key, reply);
  expect(fresh || same_reply(known, reply), at, [&, &known = known] {
    return "user " + key.first + ", key " + key.second + ": " + std::string(who) + " " +
           text(reply) + " after " + text(known);
  });
}

void Idempotency::entry(simnet::Time at, const lottery::EntryApplied& applied,
                        const Folded& folded) {
  expect(applied.replies.size() == folded.replies.size(), at, [&] {
    return "entry " + std::to_string(applied.index) + " has " +
           std::to_string(folded.replies.size()) + " commands but got " +
           std::to_string(applied.replies.size()) + " replies";
  });
  const std::size_t count = std::min(applied.replies.size(), folded.replies.size());
  UserKey storage;
  for (std::size_t i = 0; i < count; ++i) {
    const lottery::Reply reply{static_cast<int>(applied.replies[i].status),
                               applied.replies[i].body};
    expect(same_reply(reply, folded.replies[i]), at, [&] {
      return "entry " + std::to_string(applied.index) + ", command " + std::to_string(i) +
             ": the ledger answered " + text(reply) + " where the rules say " +
             text(folded.replies[i]);
    });
    if (const UserKey* const key = key_of(folded.entry.commands[i], storage)) {
      remember(at, *key, reply, "the ledger answered");
    }
  }
}

void Idempotency::client(simnet::Time at, const lottery::ClientReplied& replied,
                         const Reference& reference) {
  if (!terminal_reply(replied.status, replied.body)) {
    return;
  }
  const UserKey key{replied.user, replied.key};
  const lottery::Reply reply{static_cast<int>(replied.status), replied.body};
  remember(at, key, reply, "the client was answered");
  const KeyRow* const row = reference.state().key_row(key.first, key.second);
  if (row != nullptr) {
    expect(same_reply(reply, row->reply), at, [&] {
      return "user " + key.first + ", key " + key.second + ": the client was answered " +
             text(reply) + " where the rules say " + text(row->reply);
    });
  }
}

void Idempotency::on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) {
  if (const auto* applied = event.as<lottery::EntryApplied>()) {
    for (const Folded& folded : evidence.reference.folded()) {
      if (folded.entry.index == applied->index) {
        entry(at, *applied, folded);
      }
    }
  } else if (const auto* replied = event.as<lottery::ClientReplied>()) {
    client(at, *replied, evidence.reference);
  }
}

void Idempotency::at_end(const FinalState&, const Reference&) {}

}  // namespace properties
