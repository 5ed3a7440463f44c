// Replies of the ledger. A refusal is one stable word for programs and one
// constant sentence for people.
#pragma once

#include <cstdint>
#include <string>

#include "system/lottery/messages.h"
#include "system/rpc/codec.h"

namespace lottery {

// In the order of the table in replies.cc.
enum class Refusal : std::uint8_t {
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
};

Reply refuse(Refusal refusal);

// 200 {"<name>":<count>}
Reply reply_count(const char* name, std::int64_t count);

template <class View>
Reply reply_with(int status, const View& view) {
  return Reply{status, rpc::encode(view)};
}

}  // namespace lottery
