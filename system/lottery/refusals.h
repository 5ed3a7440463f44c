// The refusals the ledger knows, and how its replies are built. A refusal fixes its
// word, its HTTP status and its text for people, so equal refusals have equal bytes.
#pragma once

#include "system/lottery/messages.h"
#include "system/rpc/codec.h"

namespace lottery {

enum class Refusal {
  bad_request,
  not_found,
  unmatched,
  exists,
  key_reused,
  closed,
  sold_out,
  expired,
  payment_in_progress,
  not_payable,
  not_cancellable,
  declined,
  refunded,
  conflict,
  locked,
  not_holder,
  fenced,
  stale,
  changed,
  superseded,
  seed_reused,
  mismatch,
  irreversible,
};

Reply refuse(Refusal refusal);

// The refusal with what stands in its way: {"error":..,"detail":..,"current":..}.
Reply refuse_with_json(Refusal refusal, rpc::Json current);
template <class View>
Reply refuse_with(Refusal refusal, const View& current) {
  return refuse_with_json(refusal, rpc::to_json(current));
}

template <class View>
Reply reply_with(int status, const View& view) {
  return Reply{status, rpc::encode(view)};
}

// {"<name>":<count>}, status 200.
Reply reply_count(const char* name, std::int64_t count);

}  // namespace lottery
