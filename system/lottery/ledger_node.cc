#include "system/lottery/ledger_node.h"

#include <algorithm>
#include <utility>

#include "system/lottery/entry_codec.h"
#include "system/lottery/refusals.h"
#include "system/probe/probe.h"
#include "system/rpc/frame.h"

namespace lottery {
namespace {

constexpr env::Duration kFreshness = std::chrono::seconds(1);  // how long a read waits for it
constexpr env::Duration kOpeningRound = std::chrono::milliseconds(100);

LedgerAnswer error_answer(int status, std::string_view word, std::string_view detail) {
  const ErrorView view{std::string(word), std::string(detail)};
  return {status, rpc::encode(view), 0};
}

std::size_t packed_bytes(const Command& command) {
  rpc::Writer writer;
  write_command(writer, command);
  return writer.size();
}

replica::ReplicaOptions replica_options(const LedgerOptions& options) {
  replica::ReplicaOptions result;
  result.id = options.id;
  for (const LedgerMember& member : options.members) {
    result.members.push_back({member.id, {member.host, kReplicaPort}, member.learner});
  }
  result.keep_entries = options.keep_entries;
  result.compact_every = options.compact_every;
  result.tick = options.tick;
  result.append_bytes_max = options.append_bytes_max;
  result.appends_in_flight_max = options.appends_in_flight_max;
  return result;
}

}  // namespace

LedgerNode::LedgerNode(env::Env& env, LedgerOptions options)
    : env_(env),
      options_(std::move(options)),
      machine_(env, static_cast<std::int64_t>(options_.id)),
      changed_(env) {}

std::shared_ptr<LedgerNode> LedgerNode::start(env::Env& env, LedgerOptions options) {
  try {
    auto node = std::make_shared<LedgerNode>(env, std::move(options));
    node->serve();
    return node;
  } catch (const store::Error& error) {
    env.fail_stop(error.what());
    return nullptr;
  }
}

void LedgerNode::serve() {
  replica_ = replica::Replica::start(env_, machine_, replica_options(options_));
  env::spawn(env_, commit_loop());
  env::spawn(env_, open_draws());
  rpc::serve_frames(env_, kLedgerPort,
                    [this](std::string request) { return handle(std::move(request)); });
}

// Later than whatever this process stamped or applied; apply() sees to it that time grows
// over a change of leader too.
std::int64_t LedgerNode::next_now_us() {
  const std::int64_t wall_us = env::to_unix_us(env_.wall_now());
  const std::int64_t log_us = machine_.state().last_now_us();
  probe::hit_if<"ledger.clock_behind_the_log">(wall_us < log_us);
  return std::max({wall_us, log_us + 1, last_stamp_us_ + 1});
}

LedgerNode::Batch LedgerNode::take_batch() {
  Batch batch;
  std::size_t bytes = 0;
  while (!queue_.empty() && batch.size() < kBatchMax &&
         bytes + queue_.front().bytes <= kBatchMax_bytes) {
    bytes += queue_.front().bytes;
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  probe::hit_if<"ledger.batch_filled_to_the_limit">(!queue_.empty());
  return batch;
}

std::string LedgerNode::stamp(Batch& batch) {
  Entry entry;
  entry.now_us = last_stamp_us_ = next_now_us();
  entry.commands.reserve(batch.size());
  for (Pending& pending : batch) {
    entry.commands.push_back(std::move(pending.command));
  }
  return encode_entry(entry);
}

bool LedgerNode::is_due() const {
  return !queue_.empty() &&
         (batches_in_flight_ < kBatchesInFlight ||
          (batches_in_flight_ < kFullBatchesInFlight && queue_.size() >= kBatchMax));
}

env::awaitable<void> LedgerNode::commit_loop() {
  for (;;) {
    probe::hit_if<"ledger.too_many_batches_in_flight">(!queue_.empty() && !is_due());
    while (!is_due()) {
      co_await changed_.wait();
    }
    ++batches_in_flight_;
    Batch batch = take_batch();
    env::spawn(env_, carry(std::move(batch)));
    // Let the requests that arrived meanwhile join the next entry.
    co_await env::sleep_for(env_, env::Duration::zero());
  }
}

env::awaitable<void> LedgerNode::carry(Batch batch) {
  std::string payload = stamp(batch);
  const replica::Replica::Outcome outcome = co_await replica_->propose(std::move(payload));
  finish(batch, outcome);
  --batches_in_flight_;
  changed_.notify_all();
}

void LedgerNode::finish(const Batch& batch, const replica::Replica::Outcome& outcome) {
  probe::hit_if<"ledger.outcome_lost_with_leadership">(outcome.result ==
                                                       replica::ProposeResult::unknown);
  std::vector<Reply> replies;
  if (outcome.result == replica::ProposeResult::committed) {
    replies = machine_.take_replies(outcome.index);
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    LedgerAnswer answer;
    switch (outcome.result) {
      case replica::ProposeResult::committed:
        answer = {replies.at(i).status, std::move(replies[i].body),
                  static_cast<std::int64_t>(outcome.index)};
        break;
      case replica::ProposeResult::not_leader:
        answer = not_leader();
        break;
      case replica::ProposeResult::unknown:
        answer = error_answer(503, "unknown", "Repeat the command with the same key.");
        break;
    }
    batch[i].call->answer(batch[i].position, std::move(answer));
  }
}

void LedgerNode::Call::answer(std::size_t position, LedgerAnswer answer) {
  answers[position] = std::move(answer);
  if (--open == 0) {
    done.finish(true);
  }
}

// The detail names the host that leads, as far as known.
LedgerAnswer LedgerNode::not_leader() const {
  const auto leader = std::ranges::find(options_.members, replica_->leader(), &LedgerMember::id);
  return error_answer(421, "not_leader",
                      leader == options_.members.end() ? std::string() : leader->host);
}

env::awaitable<LedgerAnswers> LedgerNode::propose(Proposals commands) {
  if (!replica_->leads()) {
    probe::hit<"ledger.asked_while_not_leading">();
    co_return LedgerAnswers(commands.size(), not_leader());
  }
  auto call = std::make_shared<Call>(env_, commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const std::size_t bytes = packed_bytes(commands[i]);
    if (bytes > kCommandMax_bytes) {
      probe::hit<"ledger.command_too_large">();
      Reply reply = refuse(Refusal::bad_request);
      call->answer(i, {reply.status, std::move(reply.body), 0});
      continue;
    }
    queue_.push_back({call, i, std::move(commands[i]), bytes});
  }
  if (!commands.empty()) {
    changed_.notify_all();
    co_await call->done.wait();
  }
  co_return std::move(call->answers);
}

// A draw that exists is refused with 409, so a new leader may try again.
env::awaitable<void> LedgerNode::open_draws() {
  try {
    for (const OpenDraw& draw : options_.initial_draws) {
      while (!machine_.state().draw(draw.draw)) {
        if (replica_->leads()) {
          Proposals commands(1, draw);
          co_await propose(std::move(commands));
        }
        co_await env::sleep_for(env_, kOpeningRound);
      }
    }
  } catch (const store::Error& error) {
    env_.fail_stop(error.what());
  }
}

env::awaitable<std::string> LedgerNode::handle(std::string request) {
  LedgerCall call;
  bool understood = true;
  try {
    call = decode_call(request);
  } catch (const rpc::CodecError&) {
    understood = false;
  }
  LedgerAnswers answers;
  if (!understood) {
    Reply reply = refuse(Refusal::bad_request);
    answers.push_back({reply.status, std::move(reply.body), 0});
  } else if (auto* commands = std::get_if<Proposals>(&call)) {
    answers = co_await propose(std::move(*commands));
  } else {
    LedgerAnswer answer = co_await read(std::move(std::get<LedgerQuery>(call)));
    answers.push_back(std::move(answer));
  }
  co_return rpc::pack(answers);
}

env::awaitable<bool> LedgerNode::is_fresh(std::string level, std::int64_t watermark) {
  if (level == kLinear) {
    co_return co_await replica_->wait_linearizable(kFreshness);
  }
  if (level == kSession) {
    const auto index = static_cast<std::uint64_t>(std::max<std::int64_t>(watermark, 0));
    probe::hit_if<"ledger.read_waited_for_its_watermark">(replica_->applied() < index);
    co_return co_await replica_->wait_applied(index, kFreshness);
  }
  co_return level == kStale;
}

env::awaitable<LedgerAnswer> LedgerNode::read(LedgerQuery query) {
  std::string level = query.level;
  const bool known = level == kLinear || level == kSession || level == kStale;
  if (known && !co_await is_fresh(level, query.watermark)) {
    probe::hit_if<"ledger.session_read_refused">(query.level == kSession);
    probe::hit_if<"ledger.linear_read_refused">(query.level == kLinear);
    co_return error_answer(503, "behind", "This replica cannot be as fresh as asked, now.");
  }
  Reply reply;
  try {
    reply = known ? read_now(query) : refuse(Refusal::bad_request);
  } catch (const store::Error& error) {
    env_.fail_stop(error.what());
    co_return error_answer(503, "stopping", "");
  }
  co_return LedgerAnswer{reply.status, std::move(reply.body),
                         static_cast<std::int64_t>(machine_.applied_index())};
}

Reply LedgerNode::read_now(const LedgerQuery& query) {
  LedgerState& state = machine_.state();
  const std::string& operation = query.operation;
  const std::string& id = query.id;
  if (operation == "purchase") {
    const auto view = state.purchase(id);
    const bool own = view && view->user == query.user;
    return own ? Reply{200, rpc::encode(*view)} : refuse(Refusal::not_found);
  }
  if (operation == "draw") {
    const auto view = state.draw(id);
    return view ? Reply{200, rpc::encode(*view)} : refuse(Refusal::not_found);
  }
  if (operation == "session") {
    const auto view = state.session(id);
    const bool own = view && view->user == query.user;
    return own ? Reply{200, rpc::encode(*view)} : refuse(Refusal::not_found);
  }
  if (operation == "plan") {
    const auto view = state.plan(id);
    return view ? Reply{200, rpc::encode(*view)} : refuse(Refusal::not_found);
  }
  if (operation == "due") {
    const std::int64_t now_us = next_now_us();
    const DueView due{state.bank_calls_due(now_us), state.holds_due(now_us),
                      state.draws_due(now_us), state.jobs_due(now_us), state.settled_sequence()};
    return {200, rpc::encode(due)};
  }
  return refuse(Refusal::bad_request);
}

}  // namespace lottery
