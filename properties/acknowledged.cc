#include "properties/acknowledged.h"

#include "properties/idempotency.h"

namespace properties {

void Acknowledged::on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) {
  const Reference& reference = evidence.reference;
  for (const Breach& breach : reference.breaches()) {
    if (breach.property == id()) {
      violated(at, breach.what);
    }
  }
  if (event.as<lottery::EntryCommitted>() != nullptr ||
      event.as<lottery::LedgerRecovered>() != nullptr) {
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

void Acknowledged::at_end(const FinalState& final, const Reference& reference) {
  auto expected = reference.log().begin();
  const auto end = reference.log().end();
  const auto missing = [&](std::int64_t index) {
    expect(false, final.at, [&] {
      return "entry " + std::to_string(index) + " was committed but is not in the final log";
    });
  };
  store::Query query = final.log->query("SELECT idx,payload FROM entries ORDER BY idx");
  while (query.step()) {
    const std::int64_t index = query.integer(0);
    for (; expected != end && expected->first < index; ++expected) {
      missing(expected->first);
    }
    if (expected == end || expected->first != index) {
      continue;  // durable, but power was cut before its event
    }
    expect(query.text(1) == expected->second, final.at, [&] {
      return "entry " + std::to_string(index) + " was committed as " + expected->second +
             " and is in the final log as " + query.text(1);
    });
    ++expected;
  }
  for (; expected != end; ++expected) {
    missing(expected->first);
  }
}

}  // namespace properties
