#include "system/lottery/worker.h"

#include <utility>

#include "system/lottery/events.h"
#include "system/probe/probe.h"
#include "system/rpc/codec.h"

namespace lottery {
namespace {

constexpr env::Duration kRound = std::chrono::milliseconds(500);
constexpr env::Duration kSettlementRound = std::chrono::seconds(2);
constexpr env::Duration kBankTimeout = std::chrono::seconds(3);
constexpr env::Duration kRecordRetry = std::chrono::milliseconds(300);
constexpr std::int64_t kCallsPerRound = 16;
constexpr std::int64_t kJobsPerRound = 16;
constexpr int kRecordTries = 3;

// The bank's definite word, or empty when the outcome is unknown.
std::string definite_outcome(const env::Result<rpc::HttpResponse>& response) {
  if (!response || (response->status != 200 && response->status != 402)) {
    return {};
  }
  try {
    return rpc::decode<BankAnswer>(response->body).outcome;
  } catch (const rpc::CodecError&) {
    return {};
  }
}

}  // namespace

Worker::Worker(env::Env& env, WorkerOptions options)
    : env_(env),
      options_(std::move(options)),
      ledger_(env, options_.ledger),
      settlement_bank_(env, options_.bank),
      woken_(env) {}

void Worker::start() {
  env::spawn(env_, work_loop());
  env::spawn(env_, settlement_loop());
}

env::awaitable<void> Worker::work_loop() {
  for (;;) {
    co_await woken_.wait_until(env_.now() + kRound);
    const env::Result<DueView> due = co_await ledger_.due();
    if (!due) {
      continue;
    }
    if (due->draws) {
      Command close = CloseDraws{};
      co_await ledger_.propose(std::move(close));
    }
    if (due->holds) {
      Command expire = ExpireHolds{};
      co_await ledger_.propose(std::move(expire));
    }
    if (due->bank_calls) {
      co_await take_bank_calls();
    }
    if (due->jobs) {
      co_await take_jobs();
    }
  }
}

env::awaitable<void> Worker::take_bank_calls() {
  Command lease = LeaseBankCalls{std::string(env_.host_name()), kCallsPerRound};
  const env::Result<LedgerReply> reply = co_await ledger_.propose(std::move(lease));
  if (!reply || reply->status != 200) {
    co_return;
  }
  BankCalls calls;
  try {
    calls = rpc::decode<BankCalls>(reply->body);
  } catch (const rpc::CodecError&) {
    co_return;
  }
  for (BankCall& call : calls.calls) {
    env::spawn(env_, resolve(std::move(call)));
  }
}

env::awaitable<void> Worker::take_jobs() {
  Command lease = LeaseJobs{std::string(env_.host_name()), kJobsPerRound, {"receipt"}};
  const env::Result<LedgerReply> reply = co_await ledger_.propose(std::move(lease));
  if (!reply || reply->status != 200) {
    co_return;
  }
  JobViews leased;
  try {
    leased = rpc::decode<JobViews>(reply->body);
  } catch (const rpc::CodecError&) {
    co_return;
  }
  for (JobView& job : leased.jobs) {
    env::spawn(env_, write_receipt(std::move(job)));
  }
}

// A job that cannot be completed in time is handed out again, under another token.
env::awaitable<void> Worker::write_receipt(JobView job) {
  Command done = CompleteJob{job.job, job.token, job.attempt, "receipt: " + job.payload};
  co_await record(std::move(done));
}

env::awaitable<void> Worker::resolve(BankCall call) {
  const std::string outcome = co_await ask_bank(call);
  if (call.kind == "charge" && (outcome == "captured" || outcome == "declined")) {
    Command fact = RecordCharge{call.purchase, call.key, outcome};
    co_await record(std::move(fact));
  } else if (call.kind == "refund" && outcome == "refunded") {
    Command fact = RecordRefund{call.purchase, call.key};
    co_await record(std::move(fact));
  }
  // Otherwise the outcome is unknown: the ledger hands the call out again.
  probe::hit_if<"worker.outcome_unknown">(outcome.empty());
}

env::awaitable<std::string> Worker::ask_bank(BankCall call) {
  const std::string key = call.key;
  BankCallSent sent{call.kind, key, call.purchase};
  env_.emit(sent);
  BankRequest body{call.purchase, call.amount, call.card};
  rpc::HttpRequest request;
  request.method = "POST";
  request.target = call.kind == "charge" ? "/v1/charges" : "/v1/refunds";
  request.headers.emplace(kKeyHeader, key);
  request.body = rpc::encode(body);
  rpc::HttpClient bank(env_, options_.bank);
  const env::Result<rpc::HttpResponse> response =
      co_await bank.request(std::move(request), kBankTimeout);
  co_return definite_outcome(response);
}

env::awaitable<void> Worker::record(Command fact) {
  for (int attempt = 0; attempt < kRecordTries; ++attempt) {
    Command copy = fact;
    const env::Result<LedgerReply> reply = co_await ledger_.propose(std::move(copy));
    if (reply) {
      probe::hit_if<"worker.fact_recorded_late">(attempt > 0);
      co_return;
    }
    co_await env::sleep_for(env_, kRecordRetry);
  }
  probe::hit<"worker.fact_not_recorded">();
}

env::awaitable<void> Worker::settlement_loop() {
  for (;;) {
    co_await env::sleep_for(env_, kSettlementRound);
    const env::Result<DueView> due = co_await ledger_.due();
    if (!due) {
      continue;
    }
    rpc::HttpRequest request;
    request.method = "GET";
    request.target = "/v1/settlement?after=" + std::to_string(due->settled_sequence);
    const env::Result<rpc::HttpResponse> response =
        co_await settlement_bank_.request(std::move(request), kBankTimeout);
    if (!response || response->status != 200) {
      continue;
    }
    SettlementFile file;
    try {
      file = rpc::decode<SettlementFile>(response->body);
    } catch (const rpc::CodecError&) {
      continue;
    }
    for (const SettlementRow& row : file.rows) {
      Command fact = RecordSettlement{row.sequence, row.kind, row.key, row.reference, row.amount};
      const env::Result<LedgerReply> reply = co_await ledger_.propose(std::move(fact));
      if (!reply) {
        probe::hit<"worker.settlement_broken_off">();
        break;  // rows are taken in order
      }
    }
  }
}

}  // namespace lottery
