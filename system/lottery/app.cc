#include "system/lottery/app.h"

#include <boost/asio/error.hpp>
#include <utility>
#include <vector>

#include "system/lottery/refusals.h"
#include "system/probe/probe.h"
#include "system/rpc/codec.h"

namespace lottery {
namespace {

constexpr env::Duration kOutcomeWait = std::chrono::milliseconds(1500);
constexpr env::Duration kPurchasePoll = std::chrono::milliseconds(100);

rpc::HttpResponse bad_request() {
  Reply reply = refuse(Refusal::bad_request);
  return rpc::json_response(reply.status, std::move(reply.body));
}

rpc::HttpResponse no_such_route() {
  const ErrorView error{"no_such_route", "There is nothing at this path for this method."};
  return rpc::json_response(404, rpc::encode(error));
}

std::vector<std::string> split_path(std::string_view target) {
  std::vector<std::string> parts;
  const std::string_view path = target.substr(0, target.find('?'));
  std::size_t start = 1;
  while (start < path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    parts.emplace_back(path.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

}  // namespace

// Nothing: the request brings a watermark that no app server made.
std::optional<Freshness> App::freshness_of(const rpc::HttpRequest& request) const {
  if (request.target.ends_with("?level=linear")) {
    return Freshness{std::string(kLinear), 0};
  }
  const std::string text = request.header(kWatermarkHeader);
  if (text.empty()) {
    return Freshness{std::string(kSession), 0};
  }
  const std::optional<std::int64_t> index = watermarks_.verify(text);
  probe::hit_if<"app.foreign_watermark">(!index);
  return index ? std::optional(Freshness{std::string(kSession), *index}) : std::nullopt;
}

rpc::HttpResponse App::from_ledger(env::Result<LedgerReply> reply) const {
  if (!reply) {
    probe::hit<"app.ledger_did_not_answer">();
    const ErrorView error{"unavailable", "The ledger did not answer; try again with the same key."};
    return rpc::json_response(503, rpc::encode(error));
  }
  rpc::HttpResponse response = rpc::json_response(reply->status, std::move(reply->body));
  response.headers.emplace(kLedgerHeader, "1");
  response.headers.emplace(kWatermarkHeader, watermarks_.sign(reply->index));
  return response;
}

App::App(env::Env& env, AppOptions options)
    : env_(env),
      ledger_(env, options.ledger),
      watermarks_(options.watermark_secret),
      worker_(env, {options.ledger, options.bank}) {}

std::shared_ptr<App> App::start(env::Env& env, AppOptions options) {
  auto app = std::make_shared<App>(env, std::move(options));
  app->worker_.start();
  rpc::serve_http(env, kHttpPort, [raw = app.get()](rpc::HttpRequest request) {
    return raw->handle(std::move(request));
  });
  return app;
}

env::awaitable<rpc::HttpResponse> App::handle(rpc::HttpRequest request) {
  const std::vector<std::string> path = split_path(request.target);
  const bool get = request.method == "GET";
  const bool post = request.method == "POST";
  if (path.size() >= 2 && path[0] == "v1") {
    if (get && path.size() == 3 && path[1] == "sessions") {
      co_return co_await session(std::move(request), path[2]);
    }
    if (get && path.size() == 3) {
      co_return co_await read(std::move(request), path[1], path[2]);
    }
    if (request.method == "PUT" && path.size() == 3 && path[1] == "sessions") {
      co_return co_await put_session(std::move(request), path[2]);
    }
    const bool keyed = !request.header(kKeyHeader).empty() && !request.header(kUserHeader).empty();
    if (post && !keyed) {
      co_return bad_request();
    }
    if (post && path.size() == 2 && path[1] == "holds") {
      co_return co_await hold(std::move(request));
    }
    if (post && path.size() == 4 && path[1] == "purchases" && path[3] == "pay") {
      co_return co_await pay(std::move(request), path[2]);
    }
    if (post && path.size() == 4 && path[1] == "purchases" && path[3] == "cancel") {
      co_return co_await cancel(std::move(request), path[2]);
    }
  }
  co_return no_such_route();
}

env::awaitable<rpc::HttpResponse> App::read(rpc::HttpRequest request, std::string kind,
                                            std::string id) {
  std::optional<Freshness> asked = freshness_of(request);
  if (!asked) {
    co_return bad_request();
  }
  Freshness freshness = std::move(*asked);
  env::Result<LedgerReply> reply = env::error_code(env::asio::error::operation_not_supported);
  if (kind == "draws") {
    reply = co_await ledger_.draw(std::move(id), std::move(freshness));
  } else if (kind == "purchases") {
    std::string user = request.header(kUserHeader);
    reply = co_await ledger_.purchase(std::move(user), std::move(id), std::move(freshness));
  } else {
    co_return no_such_route();
  }
  co_return from_ledger(std::move(reply));
}

env::awaitable<rpc::HttpResponse> App::session(rpc::HttpRequest request, std::string id) {
  const std::string user = request.header(kUserHeader);
  std::optional<Freshness> asked = freshness_of(request);
  if (!asked) {
    co_return bad_request();
  }
  Freshness freshness = std::move(*asked);
  const SessionCache::Entry* known = sessions_.find(id, freshness.watermark);
  if (known != nullptr && freshness.level == kSession && known->view.user == user) {
    probe::hit<"app.session_from_the_cache">();
    LedgerReply reply;
    reply.status = 200;
    reply.body = rpc::encode(known->view);
    reply.index = known->index;
    co_return from_ledger(std::move(reply));
  }
  env::Result<LedgerReply> reply = co_await ledger_.session(user, id, std::move(freshness));
  if (reply && reply->status == 200) {
    sessions_.keep(rpc::decode<SessionView>(reply->body), reply->index);
  }
  co_return from_ledger(std::move(reply));
}

env::awaitable<rpc::HttpResponse> App::put_session(rpc::HttpRequest request, std::string id) {
  SessionRequest body;
  bool understood = !request.header(kUserHeader).empty();
  try {
    body = rpc::decode<SessionRequest>(request.body);
  } catch (const rpc::CodecError&) {
    understood = false;
  }
  if (!understood) {
    co_return bad_request();
  }
  Command command =
      SessionPut{request.header(kUserHeader), std::move(id), body.version, std::move(body.data)};
  // Not remembered: another command of the same entry may have gone further, and the entry's
  // index would not tell. The next read brings a whole state.
  env::Result<LedgerReply> reply = co_await ledger_.propose(std::move(command));
  co_return from_ledger(std::move(reply));
}

env::awaitable<rpc::HttpResponse> App::hold(rpc::HttpRequest request) {
  HoldRequest body;
  bool understood = true;
  try {
    body = rpc::decode<HoldRequest>(request.body);
  } catch (const rpc::CodecError&) {
    understood = false;
  }
  if (!understood) {
    co_return bad_request();
  }
  Command command =
      Hold{request.header(kUserHeader), request.header(kKeyHeader), body.draw, body.sku, body.count,
           body.seen_available,         body.seen_version};
  env::Result<LedgerReply> reply = co_await ledger_.propose(std::move(command));
  co_return from_ledger(std::move(reply));
}

env::awaitable<rpc::HttpResponse> App::pay(rpc::HttpRequest request, std::string purchase) {
  PayRequest body;
  bool understood = true;
  try {
    body = rpc::decode<PayRequest>(request.body);
  } catch (const rpc::CodecError&) {
    understood = false;
  }
  if (!understood) {
    co_return bad_request();
  }
  const std::string user = request.header(kUserHeader);
  const Command command = Pay{user, request.header(kKeyHeader), purchase, body.card};
  Command first = command;
  env::Result<LedgerReply> reply = co_await ledger_.propose(std::move(first));
  if (reply && reply->status == 202) {
    worker_.wake();
    co_await wait_for_outcome(user, purchase, reply->index);
    // The same key again: now the reply tells the outcome, if there is one.
    Command again = command;
    reply = co_await ledger_.propose(std::move(again));
  }
  co_return from_ledger(std::move(reply));
}

env::awaitable<void> App::wait_for_outcome(std::string user, std::string purchase,
                                           std::int64_t watermark) {
  const env::Instant deadline = env_.now() + kOutcomeWait;
  while (env_.now() < deadline) {
    co_await env::sleep_for(env_, kPurchasePoll);
    Freshness freshness{std::string(kSession), watermark};
    const env::Result<LedgerReply> reply =
        co_await ledger_.purchase(user, purchase, std::move(freshness));
    if (!reply || reply->status != 200) {
      co_return;
    }
    if (reply->body.find("\"state\":\"CHARGING\"") == std::string::npos) {
      co_return;
    }
  }
  probe::hit<"app.payment_still_open_when_answered">();
}

env::awaitable<rpc::HttpResponse> App::cancel(rpc::HttpRequest request, std::string purchase) {
  Command command =
      Cancel{request.header(kUserHeader), request.header(kKeyHeader), std::move(purchase)};
  env::Result<LedgerReply> reply = co_await ledger_.propose(std::move(command));
  co_return from_ledger(std::move(reply));
}

}  // namespace lottery
