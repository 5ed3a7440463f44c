#include "system/lottery/ledger_client.h"

#include <boost/asio/error.hpp>
#include <utility>

#include "system/lottery/entry_codec.h"
#include "system/lottery/events.h"

namespace lottery {
namespace {

constexpr env::Duration kCallTimeout = std::chrono::seconds(2);

rpc::Json operation(std::string_view name) {
  rpc::Json json = rpc::Json::object();
  json["op"] = name;
  return json;
}

}  // namespace

env::awaitable<env::Result<Reply>> LedgerClient::call(std::string request) {
  const env::Result<std::string> response = co_await frames_.call(std::move(request), kCallTimeout);
  if (!response) {
    co_return response.error();
  }
  CommandReply decoded;
  try {
    decoded = rpc::decode<CommandReply>(*response);
  } catch (const rpc::CodecError&) {
    decoded.status = 0;
  }
  if (decoded.status < 200 || decoded.status >= 500) {
    co_return env::error_code(env::asio::error::try_again);
  }
  co_return Reply{static_cast<int>(decoded.status), std::move(decoded.body)};
}

env::awaitable<env::Result<Reply>> LedgerClient::propose(Command command) {
  rpc::Json json = operation("propose");
  json["command"] = command_to_json(command);
  co_return co_await call(json.dump(-1, ' ', false, rpc::Json::error_handler_t::replace));
}

env::awaitable<env::Result<Reply>> LedgerClient::purchase(std::string user, std::string id) {
  rpc::Json json = operation("purchase");
  json["user"] = user;
  json["id"] = id;
  co_return co_await call(json.dump(-1, ' ', false, rpc::Json::error_handler_t::replace));
}

env::awaitable<env::Result<Reply>> LedgerClient::draw(std::string id) {
  rpc::Json json = operation("draw");
  json["id"] = id;
  co_return co_await call(json.dump(-1, ' ', false, rpc::Json::error_handler_t::replace));
}

env::awaitable<env::Result<DueView>> LedgerClient::due() {
  const env::Result<Reply> reply = co_await call(operation("due").dump());
  if (!reply) {
    co_return reply.error();
  }
  try {
    co_return rpc::decode<DueView>(reply->body);
  } catch (const rpc::CodecError&) {
  }
  co_return env::error_code(env::asio::error::try_again);
}

}  // namespace lottery
