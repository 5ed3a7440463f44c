#include "system/lottery/ledger_call.h"

#include <utility>

#include "system/lottery/entry_codec.h"

namespace lottery {
namespace {

constexpr std::uint8_t kPropose = 1;
constexpr std::uint8_t kQuery = 2;

}  // namespace

std::string encode_call(const Proposals& commands) {
  rpc::Writer writer;
  writer.byte(kPropose);
  writer.integer(commands.size());
  for (const Command& command : commands) {
    write_command(writer, command);
  }
  return writer.take();
}

std::string encode_call(const LedgerQuery& query) {
  rpc::Writer writer;
  writer.byte(kQuery);
  rpc::pack_into(writer, query);
  return writer.take();
}

LedgerCall decode_call(std::string_view bytes) {
  rpc::Reader reader(bytes);
  LedgerCall call;
  switch (reader.byte("call.kind")) {
    case kPropose:
      for (std::size_t left = reader.count("call.commands"); left != 0; --left) {
        std::get<Proposals>(call).push_back(read_command(reader));
      }
      break;
    case kQuery:
      rpc::unpack_from(reader, call.emplace<LedgerQuery>(), "query");
      break;
    default:
      rpc::Reader::fail("call.kind", "unknown");
  }
  reader.finish();
  return call;
}

}  // namespace lottery
