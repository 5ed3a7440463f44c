// The user's cart: a session that the ledger keeps and that whichever server he meets can
// show him. It is a convenience: when it cannot be stored after a few tries, he goes on.
#include <algorithm>
#include <utility>

#include "system/lottery/client.h"
#include "system/lottery/protocol.h"
#include "system/probe/probe.h"
#include "system/rpc/codec.h"

namespace lottery {
namespace {

constexpr int kTries = 4;
constexpr env::Duration kTimeout = std::chrono::seconds(3);

// A 409 `conflict` shows what is stored; 0 when it shows nothing.
std::int64_t current_version(const std::string& body) {
  const rpc::Json json = rpc::Json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains("current")) {
    return 0;
  }
  try {
    SessionView current;
    rpc::from_json(json.at("current"), current, "current");
    return current.version;
  } catch (const rpc::CodecError&) {
    return 0;
  }
}

}  // namespace

std::string Client::cart_target() const { return "/v1/sessions/cart-" + options_.user; }

// A try whose outcome is unknown is repeated with the same version and the same data, so it
// counts once. A conflict means that a try of an earlier life of this client arrived: then
// the version goes on from there.
env::awaitable<void> Client::store_cart() {
  std::int64_t version = progress_.cart_version + 1;
  const std::string data =
      std::to_string(progress_.intent) + ": " + std::to_string(progress_.count) + " tickets";
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const SessionRequest body{version, data};
    rpc::HttpRequest request = make_request("PUT", cart_target(), rpc::encode(body));
    const env::Result<rpc::HttpResponse> response =
        co_await http_.request(std::move(request), kTimeout);
    if (!response || !response->headers.contains(kLedgerHeader)) {
      co_await env::sleep_for(env_, back_off(attempt));
      continue;
    }
    see(*response);
    if (response->status != 409) {
      note_cart(*response);
      co_return;
    }
    probe::hit<"client.cart_version_taken">();
    version = current_version(response->body) + 1;
  }
}

void Client::note_cart(const rpc::HttpResponse& response) {
  if (response.status != 200) {
    return;
  }
  const SessionView stored = rpc::decode<SessionView>(response.body);
  progress_.cart_version = std::max(progress_.cart_version, stored.version);
  CartStored event{options_.user, cart_target(), stored.version, response.body};
  env_.emit(event);
  save();
}

env::awaitable<void> Client::look_at_cart() {
  std::string target = cart_target();
  std::string level = level_of_look();
  const env::Result<rpc::HttpResponse> response =
      co_await look(std::move(target), std::move(level));
  if (response && response->status == 200) {
    const SessionView seen = rpc::decode<SessionView>(response->body);
    progress_.cart_version = std::max(progress_.cart_version, seen.version);
  }
}

}  // namespace lottery
