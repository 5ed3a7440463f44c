// The bank: a third party with its own books, simulated. It captures and refunds
// under idempotency keys, which it keeps for ever, and publishes a settlement file.
// Cards whose token contains "declined" are declined; every other card pays.
//
// What makes banks hard is in here too, switched by settings (env::Env::setting):
//   bank.latency_ms     added to every charge and refund before it is decided
//   bank.refuse_ppm     answers 503 without acting
//   bank.fail_after_ppm acts, then answers 503
//   bank.mute_ppm       acts, then never answers
// Only a stored answer is definite; a request whose key is still being worked on
// gets a 409, as with Stripe. Limits: no partial captures, no disputes.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "system/lottery/events.h"
#include "system/lottery/protocol.h"
#include "system/rpc/http.h"
#include "system/store/database.h"

namespace lottery {

class Bank {
 public:
  // Opens its books and listens. The returned object is the process's root.
  static std::shared_ptr<Bank> start(env::Env& env);

  explicit Bank(env::Env& env);

 private:
  env::awaitable<rpc::HttpResponse> handle(rpc::HttpRequest request);
  env::awaitable<rpc::HttpResponse> act(std::string kind, rpc::HttpRequest request);
  env::awaitable<rpc::HttpResponse> answer_badly_or(rpc::HttpResponse response);
  std::string stored_outcome(const std::string& key);
  std::string decide(const std::string& kind, const std::string& key, const BankRequest& request);
  rpc::HttpResponse settlement(std::int64_t after);
  void tell_last_row_again();
  bool chance(std::string_view setting);

  env::Env& env_;
  store::Database books_;
  std::set<std::string> in_progress_;
};

}  // namespace lottery
