#include "properties/acknowledged.h"

#include "system/lottery/entry_codec.h"

#include "properties/idempotency.h"

namespace properties {

void Acknowledged::on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) {
  const Reference& reference = evidence.reference;
  for (const Breach& breach : reference.breaches()) {
    if (breach.property == id()) {
      violated(at, breach.what);
    }
  }
  if (event.as<lottery::EntryCommitted>() != nullptr) {
    checked();
    return;
  }
  const auto* replied = event.as<lottery::ClientReplied>();
  // A 400 may come from in front of the ledger: nothing was acknowledged.
  if (replied == nullptr || replied->status == 400 ||
      !terminal_reply(replied->status, replied->body)) {
    return;
  }
  expect(reference.in_log({replied->user, replied->key}), at, [&] {
    return "user " + replied->user + " was answered " + std::to_string(replied->status) + " to " +
           replied->operation + " with key " + replied->key +
           ", but no committed entry holds that command";
  });
}

// Entries that the log has given up are in the books, which S5 compares.
void Acknowledged::at_end(const FinalState& final, const Reference& reference) {
  const FinalReplica& replica = final.furthest();
  for (const auto& [index, payload] : reference.log()) {
    const auto found = replica.log.find(index);
    if (found == replica.log.end()) {
      const bool in_books = index < replica.log_first && index <= replica.applied_index;
      expect(in_books, final.at, [&, &index = index] {
        return "entry " + std::to_string(index) + " was committed but is not in the final log";
      });
      continue;
    }
    expect(found->second == payload, final.at, [&, &index = index, &payload = payload] {
      return "entry " + std::to_string(index) + " was committed as " +
             lottery::entry_text(payload) + " and is in the final log as " +
             lottery::entry_text(found->second);
    });
  }
}

}  // namespace properties
