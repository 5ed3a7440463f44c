// S7: one (user, key) has one terminal reply for ever, whoever asks and however often;
// another request under the key is refused with 409 key_reused and does nothing.
// What the ledger answers is what the rules say, reply by reply.
#pragma once

#include "properties/property.h"
#include "system/env/lookup.h"

namespace properties {

// A reply that a client may act on for ever: not 202, no shortage or server error,
// and not the refusal of a reused key.
bool terminal_reply(std::int64_t status, std::string_view body);

class Idempotency final : public Property {
 public:
  std::string_view id() const override { return "S7"; }
  std::string_view statement() const override {
    return "terminal replies to one (user, key) are identical; another request under it is refused";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;

 private:
  void remember(simnet::Time at, const UserKey& key, const lottery::Reply& reply,
                std::string_view who);
  void entry(simnet::Time at, const lottery::EntryApplied& applied, const Folded& folded);
  void client(simnet::Time at, const lottery::ClientReplied& replied, const Reference& reference);

  env::Lookup<UserKey, lottery::Reply> terminal_;
};

}  // namespace properties
