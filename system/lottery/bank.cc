#include "system/lottery/bank.h"

#include <charconv>
#include <utility>

#include "system/env/async.h"
#include "system/probe/probe.h"
#include "system/rpc/codec.h"

namespace lottery {
namespace {

constexpr std::int64_t kFastest_us = 20'000;
constexpr std::int64_t kSpread_us = 180'000;
constexpr env::Duration kMute = std::chrono::minutes(10);
constexpr std::int64_t kRowsPerFile = 50;

rpc::HttpResponse error(int status, std::string_view word) {
  const ErrorView view{std::string(word), ""};
  return rpc::json_response(status, rpc::encode(view));
}

rpc::HttpResponse definite(const std::string& outcome) {
  const BankAnswer view{outcome};
  return rpc::json_response(outcome == "declined" ? 402 : 200, rpc::encode(view));
}

// Takes the key off the list of those being worked on, however the work ends.
class InProgress {
 public:
  InProgress(std::set<std::string>& keys, const std::string& key) : keys_(keys), key_(key) {
    keys_.insert(key);
  }
  ~InProgress() { keys_.erase(key_); }
  InProgress(const InProgress&) = delete;
  InProgress& operator=(const InProgress&) = delete;

 private:
  std::set<std::string>& keys_;
  const std::string key_;
};

}  // namespace

Bank::Bank(env::Env& env) : env_(env), books_(env.database_file("bank.db")) {
  books_.execute(
      "CREATE TABLE IF NOT EXISTS outcomes(key TEXT PRIMARY KEY, outcome TEXT NOT NULL,"
      " reference TEXT NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS journal(sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
      " key TEXT NOT NULL, reference TEXT NOT NULL, amount INTEGER NOT NULL);");
}

std::shared_ptr<Bank> Bank::start(env::Env& env) {
  try {
    auto bank = std::make_shared<Bank>(env);
    bank->tell_last_row_again();
    rpc::serve_http(env, kHttpPort, [raw = bank.get()](rpc::HttpRequest request) {
      return raw->handle(std::move(request));
    });
    return bank;
  } catch (const store::Error& failure) {
    env.fail_stop(failure.what());
    return nullptr;
  }
}

void Bank::tell_last_row_again() {
  store::Query last = books_.query(
      "SELECT sequence, kind, key, reference, amount FROM journal ORDER BY sequence DESC LIMIT 1");
  if (last.step()) {
    probe::hit<"bank.restarted_with_books">();
    BankMoved moved{last.integer(0), last.text(1), last.text(2), last.text(3), last.integer(4)};
    env_.emit(moved);
  }
}

env::awaitable<rpc::HttpResponse> Bank::handle(rpc::HttpRequest request) {
  constexpr std::string_view kSettlement = "/v1/settlement?after=";
  if (request.method == "POST" && request.target == "/v1/charges") {
    co_return co_await act("charge", std::move(request));
  }
  if (request.method == "POST" && request.target == "/v1/refunds") {
    co_return co_await act("refund", std::move(request));
  }
  if (request.method == "GET" && request.target.starts_with(kSettlement)) {
    std::int64_t after = 0;
    const char* end = request.target.data() + request.target.size();
    std::from_chars(request.target.data() + kSettlement.size(), end, after);
    co_return settlement(after);
  }
  co_return error(404, "no_such_route");
}

bool Bank::chance(std::string_view setting) {
  const std::int64_t ppm = env_.setting(setting, 0);
  return static_cast<std::int64_t>(env_.random(setting) % 1'000'000) < ppm;
}

env::awaitable<rpc::HttpResponse> Bank::act(std::string kind, rpc::HttpRequest request) {
  const std::string key = request.header(kKeyHeader);
  BankRequest body;
  bool understood = !key.empty();
  try {
    body = rpc::decode<BankRequest>(request.body);
  } catch (const rpc::CodecError&) {
    understood = false;
  }
  if (!understood || body.amount < 0) {
    co_return error(400, "bad_request");
  }
  if (chance("bank.refuse_ppm")) {
    probe::hit<"bank.overloaded">();
    co_return error(503, "overloaded");
  }
  if (in_progress_.contains(key)) {
    probe::hit<"bank.duplicate_met_in_flight">();
    co_return error(409, "in_progress");
  }
  std::string outcome;
  try {
    outcome = stored_outcome(key);
  } catch (const store::Error& failure) {
    env_.fail_stop(failure.what());
    co_return error(503, "out_of_service");
  }
  probe::hit_if<"bank.duplicate_met_after_the_end">(!outcome.empty());
  if (outcome.empty()) {
    const InProgress working(in_progress_, key);
    const auto spread = static_cast<std::int64_t>(env_.random("bank.latency") % kSpread_us);
    const std::int64_t wait_us = kFastest_us + spread + env_.setting("bank.latency_ms", 0) * 1000;
    co_await env::sleep_for(env_, std::chrono::microseconds(wait_us));
    outcome = decide(kind, key, body);
    if (outcome.empty()) {
      co_return error(503, "out_of_service");
    }
  }
  co_return co_await answer_badly_or(definite(outcome));
}

env::awaitable<rpc::HttpResponse> Bank::answer_badly_or(rpc::HttpResponse response) {
  if (chance("bank.fail_after_ppm")) {
    probe::hit<"bank.moved_money_and_answered_an_error">();
    co_return error(503, "internal");
  }
  if (chance("bank.mute_ppm")) {
    probe::hit<"bank.moved_money_and_was_mute">();
    co_await env::sleep_for(env_, kMute);
  }
  co_return response;
}

std::string Bank::stored_outcome(const std::string& key) {
  store::Query query = books_.query("SELECT outcome FROM outcomes WHERE key = ?1", key);
  return query.step() ? query.text(0) : std::string();
}

std::string Bank::decide(const std::string& kind, const std::string& key,
                         const BankRequest& request) {
  const bool declined = kind == "charge" && request.card.find("declined") != std::string::npos;
  const std::string outcome = declined ? "declined" : kind == "charge" ? "captured" : "refunded";
  BankMoved moved{0, kind, key, request.reference, request.amount};
  try {
    store::Transaction transaction(books_);
    books_.run("INSERT INTO outcomes(key, outcome, reference) VALUES(?1, ?2, ?3)", key, outcome,
               request.reference);
    if (!declined) {
      store::Query next = books_.query("SELECT coalesce(max(sequence), 0) + 1 FROM journal");
      next.step();
      moved.sequence = next.integer(0);
      books_.run(
          "INSERT INTO journal(sequence, kind, key, reference, amount)"
          " VALUES(?1, ?2, ?3, ?4, ?5)",
          moved.sequence, kind, key, request.reference, request.amount);
    }
    transaction.commit();
  } catch (const store::Error& failure) {
    probe::hit<"bank.disk_failed_at_commit">();
    env_.fail_stop(failure.what());
    return {};
  }
  if (declined) {
    BankDeclined event{key, request.reference};
    env_.emit(event);
  } else {
    env_.emit(moved);
  }
  return outcome;
}

rpc::HttpResponse Bank::settlement(std::int64_t after) {
  SettlementFile file;
  try {
    store::Query rows = books_.query(
        "SELECT sequence, kind, key, reference, amount FROM journal WHERE sequence > ?1"
        " ORDER BY sequence LIMIT ?2",
        after, kRowsPerFile);
    while (rows.step()) {
      file.rows.push_back(
          {rows.integer(0), rows.text(1), rows.text(2), rows.text(3), rows.integer(4)});
    }
  } catch (const store::Error& failure) {
    env_.fail_stop(failure.what());
    return error(503, "out_of_service");
  }
  return rpc::json_response(200, rpc::encode(file));
}

}  // namespace lottery
