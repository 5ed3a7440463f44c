// A call to a replica of the ledger: one frame, packed (system/rpc/binary.h) behind its kind.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "system/lottery/messages.h"
#include "system/rpc/binary.h"

namespace lottery {

// `operation`: purchase, session, draw, plan or due. `user`: whose purchase or session it is.
// `level` and `watermark`: how fresh the answer must be (protocol.h).
struct LedgerQuery {
  std::string operation;
  std::string id;
  std::string user;
  std::string level;
  std::int64_t watermark = 0;
};
BOOST_DESCRIBE_STRUCT(LedgerQuery, (), (operation, id, user, level, watermark))

// `body`: the JSON that a client is answered. `index`: of the log, that the reply reflects.
struct LedgerAnswer {
  std::int64_t status = 0;
  std::string body;
  std::int64_t index = 0;
};
BOOST_DESCRIBE_STRUCT(LedgerAnswer, (), (status, body, index))

// Commands that a caller has at the moment travel together; nothing else connects them.
using Proposals = std::vector<Command>;
using LedgerCall = std::variant<Proposals, LedgerQuery>;
// One per command, in their order; one for a query and for a call that is not understood.
using LedgerAnswers = std::vector<LedgerAnswer>;

std::string encode_call(const Proposals& commands);
std::string encode_call(const LedgerQuery& query);
// Errors: rpc::CodecError.
LedgerCall decode_call(std::string_view bytes);

}  // namespace lottery
