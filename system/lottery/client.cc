#include "system/lottery/client.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "system/lottery/protocol.h"
#include "system/lottery/watermark.h"
#include "system/probe/probe.h"
#include "system/rpc/codec.h"

namespace lottery {
namespace {

constexpr env::Duration kRequestTimeout = std::chrono::seconds(6);
constexpr env::Duration kBackOffFirst = std::chrono::milliseconds(200);
constexpr env::Duration kBackOffMax = std::chrono::seconds(5);
constexpr env::Duration kOutcomePoll = std::chrono::seconds(1);
constexpr std::uint64_t kLinearPercent = 30;  // of the looks

// The ledger's own word, and not merely "still at it".
bool definite(const env::Result<rpc::HttpResponse>& response) {
  return response && response->headers.contains(kLedgerHeader) && response->status != 202;
}

// 0 when there is none.
std::int64_t watermark_of(const rpc::HttpResponse& response) {
  const auto found = response.headers.find(kWatermarkHeader);
  return found == response.headers.end() ? 0 : index_of_watermark(found->second);
}

bool unsettled(const std::string& state) {
  return state == "CHARGING" || state == "ABANDONING" || state == "REFUNDING";
}

}  // namespace

Client::Client(env::Env& env, ClientOptions options)
    : env_(env),
      options_(std::move(options)),
      storage_(env.database_file("local.db")),
      http_(env, options_.edge),
      press_answered_(env) {
  storage_.execute(
      "CREATE TABLE IF NOT EXISTS progress(id INTEGER PRIMARY KEY, row TEXT NOT NULL)");
  load();
}

std::shared_ptr<Client> Client::start(env::Env& env, ClientOptions options) {
  try {
    auto client = std::make_shared<Client>(env, std::move(options));
    env::spawn(env, client->live());
    return client;
  } catch (const store::Error& error) {
    env.fail_stop(error.what());
    return nullptr;
  }
}

env::awaitable<void> Client::live() {
  try {
    while (progress_.stage != "done") {
      co_await step();
    }
  } catch (const store::Error& error) {
    env_.fail_stop(error.what());
    co_return;
  }
  while (presses_under_way_ > 0) {
    co_await press_answered_.wait();
  }
  UserDone done{options_.user};
  env_.emit(done);
}

env::awaitable<void> Client::step() {
  if (progress_.stage == "rest") {
    co_await begin_intent();
  } else if (progress_.stage == "hold") {
    co_await hold();
  } else if (progress_.stage == "choose") {
    co_await choose();
  } else if (progress_.stage == "pay") {
    co_await pay();
  } else {
    co_await cancel();
  }
}

env::awaitable<void> Client::begin_intent() {
  if (progress_.begun >= static_cast<std::int64_t>(options_.intents.size())) {
    progress_.stage = "done";
    save();
    co_return;
  }
  const Intent& next = options_.intents[static_cast<std::size_t>(progress_.begun)];
  progress_.intent = next.number;
  if (progress_.begun == 0) {
    const env::Instant arrival = env::Instant(options_.arrives_after);
    if (arrival > env_.now()) {
      co_await env::sleep_for(env_, arrival - env_.now());
    }
  }
  co_await env::sleep_for(env_, std::chrono::milliseconds(next.think_ms));
  DrawView seen;
  std::string target = "/v1/draws/" + options_.draw;
  std::string level = level_of_look();
  const env::Result<rpc::HttpResponse> response =
      co_await look(std::move(target), std::move(level));
  if (response && response->status == 200) {
    seen = rpc::decode<DrawView>(response->body);
  }
  Progress fresh;
  fresh.stage = "hold";
  fresh.begun = progress_.begun + 1;
  fresh.intent = next.number;
  fresh.count = next.tickets;
  fresh.seen_available = seen.available;
  fresh.seen_version = seen.version;
  fresh.watermark = progress_.watermark;
  fresh.cart_version = progress_.cart_version;
  progress_ = fresh;
  progress_.hold_key = new_key("hold");
  save();
  co_await store_cart();
}

const Intent& Client::intent() const {
  return options_.intents.at(static_cast<std::size_t>(progress_.begun - 1));
}

const Try& Client::current_try() const {
  return intent().tries.at(static_cast<std::size_t>(progress_.tried - 1));
}

env::awaitable<void> Client::hold() {
  UserIntent announced{options_.user, options_.user + "/" + std::to_string(progress_.intent),
                       progress_.hold_key, progress_.count};
  env_.emit(announced);
  HoldRequest body{options_.draw, options_.sku, progress_.count, progress_.seen_available,
                   progress_.seen_version};
  rpc::HttpRequest request = make_request("POST", "/v1/holds", rpc::encode(body));
  rpc::HttpRequest twin = request;
  if (intent().other_cart) {
    const HoldRequest other{options_.draw, "no-such-sku", progress_.count, 0, 0};
    twin.body = rpc::encode(other);  // the page had changed under his fingers
  }
  press_twice(intent().press_again_ms, "hold", progress_.hold_key, std::move(twin));
  const rpc::HttpResponse reply = co_await insist("hold", progress_.hold_key, std::move(request));
  if (reply.status == 201) {
    progress_.purchase = rpc::decode<PurchaseView>(reply.body).purchase;
    progress_.stage = "choose";
  } else {
    progress_.stage = "rest";
  }
  save();
}

env::awaitable<void> Client::choose() {
  const auto tried = static_cast<std::size_t>(progress_.tried);
  if (tried >= intent().tries.size()) {
    progress_.stage = "rest";
    save();
    co_return;
  }
  const Try& next = intent().tries[tried];
  co_await env::sleep_for(env_, std::chrono::milliseconds(next.think_ms));
  co_await look_at_cart();
  ++progress_.tried;
  if (next.act == Act::walk_away) {
    progress_.stage = "rest";
  } else if (next.act == Act::cancel) {
    progress_.stage = "cancel";
    progress_.key = new_key("cancel");
  } else {
    progress_.stage = "pay";
    progress_.key = new_key("pay");
    progress_.card = next.declined ? "tok_declined" : "tok_visa";
  }
  save();
}

env::awaitable<void> Client::pay() {
  PayRequest body{progress_.card};
  rpc::HttpRequest request =
      make_request("POST", "/v1/purchases/" + progress_.purchase + "/pay", rpc::encode(body));
  press_twice(current_try().press_again_ms, "pay", progress_.key, request);
  const rpc::HttpResponse reply =
      co_await insist("pay", progress_.key, std::move(request), current_try().gives_up_after);
  if (reply.status == 402) {
    progress_.stage = "choose";  // another card, another key
  } else if (reply.status == 202) {
    progress_.stage = "cancel";
    progress_.key = new_key("cancel");
  } else {
    progress_.stage = "rest";
  }
  save();
}

env::awaitable<void> Client::cancel() {
  rpc::HttpRequest request =
      make_request("POST", "/v1/purchases/" + progress_.purchase + "/cancel", {});
  press_twice(intent().cancel_again_ms, "cancel", progress_.key, request);
  co_await insist("cancel", progress_.key, std::move(request));
  progress_.stage = "rest";
  save();
}

env::awaitable<rpc::HttpResponse> Client::insist(std::string operation, std::string key,
                                                 rpc::HttpRequest request,
                                                 std::int64_t give_up_after) {
  request.headers.emplace(kKeyHeader, key);
  std::int64_t still_at_it = 0;
  for (int attempt = 0;; ++attempt) {
    rpc::HttpRequest copy = request;
    env::Result<rpc::HttpResponse> response =
        co_await http_.request(std::move(copy), kRequestTimeout);
    if (definite(response)) {
      note(operation, key, *response);
      co_return std::move(*response);
    }
    if (response && response->status == 202) {
      if (++still_at_it == give_up_after) {
        probe::hit<"client.gave_up">();
        co_return std::move(*response);
      }
      co_await wait_for_outcome();
    } else {
      co_await env::sleep_for(env_, back_off(attempt));
      UserRepeated repeated{options_.user, key, "retry"};
      env_.emit(repeated);
    }
  }
}

void Client::press_twice(std::optional<std::int64_t> later_ms, std::string operation,
                         std::string key, rpc::HttpRequest request) {
  if (!later_ms) {
    return;
  }
  request.headers.emplace(kKeyHeader, key);
  ++presses_under_way_;
  env::spawn(env_, press_again(std::chrono::milliseconds(*later_ms), std::move(operation),
                               std::move(key), std::move(request)));
}

env::awaitable<void> Client::press_again(env::Duration later, std::string operation,
                                         std::string key, rpc::HttpRequest request) {
  co_await env::sleep_for(env_, later);
  UserRepeated repeated{options_.user, key, "double_press"};
  env_.emit(repeated);
  rpc::HttpClient second(env_, options_.edge);
  const env::Result<rpc::HttpResponse> response =
      co_await second.request(std::move(request), kRequestTimeout);
  if (definite(response)) {
    note(operation, key, *response);
  }
  --presses_under_way_;
  press_answered_.notify_all();
}

// Looks at the purchase until it is settled one way or the other, or cannot be seen.
env::awaitable<void> Client::wait_for_outcome() {
  for (;;) {
    co_await env::sleep_for(env_, kOutcomePoll);
    std::string target = "/v1/purchases/" + progress_.purchase;
    std::string level = level_of_look();
    const env::Result<rpc::HttpResponse> response =
        co_await look(std::move(target), std::move(level));
    if (!response || response->status != 200) {
      co_return;
    }
    if (!unsettled(rpc::decode<PurchaseView>(response->body).state)) {
      co_return;
    }
  }
}

env::awaitable<env::Result<rpc::HttpResponse>> Client::look(std::string target, std::string level) {
  ClientLooked looked{options_.user, ++looks_, target, level,
                      index_of_watermark(progress_.watermark)};
  env_.emit(looked);
  if (level == kLinear) {
    target += "?level=linear";
  }
  rpc::HttpRequest request = make_request("GET", std::move(target), {});
  if (!progress_.watermark.empty()) {
    request.headers.emplace(kWatermarkHeader, progress_.watermark);
  }
  env::Result<rpc::HttpResponse> response =
      co_await http_.request(std::move(request), kRequestTimeout);
  if (response && response->headers.contains(kLedgerHeader)) {
    ClientSaw saw{options_.user, looked.look, response->status, response->body,
                  watermark_of(*response)};
    env_.emit(saw);
    see(*response);
  }
  co_return response;
}

std::string Client::level_of_look() {
  return std::string(draw("client.linear") % 100 < kLinearPercent ? kLinear : kSession);
}

// From now on the user sees nothing older.
void Client::see(const rpc::HttpResponse& response) {
  if (watermark_of(response) > index_of_watermark(progress_.watermark)) {
    progress_.watermark = response.headers.at(std::string(kWatermarkHeader));
  }
}

void Client::note(const std::string& operation, const std::string& key,
                  const rpc::HttpResponse& response) {
  see(response);
  ClientReplied replied{options_.user,   operation,     key,
                        response.status, response.body, watermark_of(response)};
  env_.emit(replied);
}

rpc::HttpRequest Client::make_request(std::string method, std::string target,
                                      std::string body) const {
  rpc::HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers.emplace(kUserHeader, options_.user);
  request.body = std::move(body);
  return request;
}

std::uint64_t Client::draw(std::string_view purpose) {
  return env_.random(std::string(purpose) + "/" + std::to_string(progress_.intent));
}

// Full jitter: uniform up to a doubling bound.
env::Duration Client::back_off(int attempt) {
  const env::Duration bound =
      std::min<env::Duration>(kBackOffMax, kBackOffFirst * (1LL << std::min(attempt, 8)));
  return env::Duration(static_cast<std::int64_t>(draw("client.back_off") %
                                                 static_cast<std::uint64_t>(bound.count())));
}

std::string Client::new_key(std::string_view kind) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string key(kind);
  key += '-';
  ++progress_.keys_made;
  if (counts_keys()) {
    return key + std::to_string(progress_.intent) + "." + std::to_string(progress_.keys_made);
  }
  for (std::uint64_t bits = draw("client.key"), i = 0; i < 16; ++i, bits >>= 4) {
    key += kDigits[bits & 15];
  }
  return key;
}

bool Client::counts_keys() const {
  return XXH3_64bits(options_.user.data(), options_.user.size()) % 4 == 0;
}

void Client::save() {
  storage_.run("INSERT OR REPLACE INTO progress(id, row) VALUES(1, ?1)", rpc::encode(progress_));
}

void Client::load() {
  store::Query query = storage_.query("SELECT row FROM progress WHERE id = 1");
  if (query.step()) {
    progress_ = rpc::decode<Progress>(query.text(0));
    probe::hit_if<"client.restarted_on_its_way">(progress_.stage != "done");
  }
}

}  // namespace lottery
