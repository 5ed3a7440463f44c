// The app server: the client-facing API in front of the ledger, with a worker in
// the same process. Keeps no state of its own; a crash loses nothing.
//
//   GET  /v1/draws/{id}                          what is on sale
//   POST /v1/holds          (key, user)          reserve tickets
//   POST /v1/purchases/{id}/pay     (key, user)  pay a reservation
//   POST /v1/purchases/{id}/cancel  (key, user)  give it up
//   GET  /v1/purchases/{id}         (user)       how it stands
//   PUT  /v1/sessions/{id}          (user)       the next version of what the user has in hand
//   GET  /v1/sessions/{id}          (user)       the latest one
//
// (key): the header idempotency-key is required. (user): the header x-user; this
// version trusts it. 503: the ledger was not reached, the outcome is unknown.
//
// Every reply of the ledger carries the header x-watermark: the index of the log that it
// reflects, signed. A GET that brings one back is answered by a replica that has come as far, so a
// user reads his own writes and never goes back in time, whichever servers answer. With
// ?level=linear a GET reflects every write acknowledged to anybody before it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "system/lottery/ledger_client.h"
#include "system/lottery/session_cache.h"
#include "system/lottery/watermark.h"
#include "system/lottery/worker.h"
#include "system/rpc/http.h"

namespace lottery {

struct AppOptions {
  std::string watermark_secret;  // the same for all app servers
  LedgerMembers ledger;
  env::Endpoint bank;
};

class App {
 public:
  // Listens and starts the worker. The returned object is the process's root.
  static std::shared_ptr<App> start(env::Env& env, AppOptions options);

  App(env::Env& env, AppOptions options);

 private:
  env::awaitable<rpc::HttpResponse> handle(rpc::HttpRequest request);
  env::awaitable<rpc::HttpResponse> hold(rpc::HttpRequest request);
  env::awaitable<rpc::HttpResponse> pay(rpc::HttpRequest request, std::string purchase);
  env::awaitable<rpc::HttpResponse> cancel(rpc::HttpRequest request, std::string purchase);
  std::optional<Freshness> freshness_of(const rpc::HttpRequest& request) const;
  rpc::HttpResponse from_ledger(env::Result<LedgerReply> reply) const;
  env::awaitable<rpc::HttpResponse> read(rpc::HttpRequest request, std::string kind,
                                         std::string id);
  env::awaitable<rpc::HttpResponse> session(rpc::HttpRequest request, std::string id);
  env::awaitable<rpc::HttpResponse> put_session(rpc::HttpRequest request, std::string id);
  env::awaitable<void> wait_for_outcome(std::string user, std::string purchase,
                                        std::int64_t watermark);

  env::Env& env_;
  LedgerClient ledger_;
  const WatermarkSigner watermarks_;
  SessionCache sessions_;
  Worker worker_;
};

}  // namespace lottery
