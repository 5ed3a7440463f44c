#include "system/lottery/planner.h"

#include <algorithm>
#include <utility>

#include "system/probe/probe.h"
#include "system/rpc/codec.h"

namespace lottery {
namespace {

constexpr env::Duration kRound = std::chrono::seconds(2);
constexpr std::int64_t kLease_us = 5'000'000;
constexpr std::string_view kResource = "capacity";
constexpr std::int64_t kEntriesPerServer = 20;  // of the log in a round
constexpr std::int64_t kServersMax = 64;

struct CapacityPlan {
  std::int64_t servers = 0;
  std::int64_t at_index = 0;  // of the log, when it was made
};
BOOST_DESCRIBE_STRUCT(CapacityPlan, (), (servers, at_index))

}  // namespace

Planner::Planner(env::Env& env, PlannerOptions options) : env_(env), ledger_(env, options.ledger) {}

std::shared_ptr<Planner> Planner::start(env::Env& env, PlannerOptions options) {
  auto planner = std::make_shared<Planner>(env, std::move(options));
  env::spawn(env, planner->plan_loop());
  return planner;
}

env::awaitable<void> Planner::plan_loop() {
  for (;;) {
    if (token_ == 0) {
      co_await take_lock();
    } else {
      co_await plan();
      co_await keep_lock();
    }
    const auto jitter = static_cast<std::int64_t>(env_.random("planner.round") %
                                                  static_cast<std::uint64_t>(kRound.count()));
    co_await env::sleep_for(env_, kRound / 2 + env::Duration(jitter));
  }
}

env::awaitable<void> Planner::take_lock() {
  Command acquire = AcquireLock{std::string(env_.host_name()), std::string(kResource), kLease_us};
  const env::Result<LedgerReply> reply = co_await ledger_.propose(std::move(acquire));
  if (reply && reply->status == 200) {
    token_ = rpc::decode<LockView>(reply->body).token;
    watermark_ = std::max(watermark_, reply->index);
  }
}

// Whether a lease is over is for the ledger to say.
env::awaitable<void> Planner::keep_lock() {
  Command renew = RenewLock{std::string(env_.host_name()), std::string(kResource), token_};
  if (co_await tell(std::move(renew)) == 409) {
    probe::hit<"planner.lost_its_lock">();
    token_ = 0;
  }
}

env::awaitable<void> Planner::plan() {
  Freshness freshness{std::string(kSession), watermark_};
  const env::Result<LedgerReply> known =
      co_await ledger_.plan(std::string(kResource), std::move(freshness));
  if (!known || (known->status != 200 && known->status != 404)) {
    co_return;
  }
  PlanView last;
  CapacityPlan before;
  try {
    if (known->status == 200) {
      last = rpc::decode<PlanView>(known->body);
      before = rpc::decode<CapacityPlan>(last.value);
    }
  } catch (const rpc::CodecError&) {
    before = {};
  }
  const std::int64_t load = std::max<std::int64_t>(0, known->index - before.at_index);
  const CapacityPlan next{std::min(kServersMax, 1 + load / kEntriesPerServer), known->index};
  Command put = PutPlan{std::string(kResource), token_, last.generation + 1, rpc::encode(next)};
  co_await tell(std::move(put));
}

env::awaitable<int> Planner::tell(Command command) {
  const env::Result<LedgerReply> reply = co_await ledger_.propose(std::move(command));
  if (!reply) {
    co_return 0;
  }
  watermark_ = std::max(watermark_, reply->index);
  co_return reply->status;
}

}  // namespace lottery
