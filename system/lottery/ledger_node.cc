#include "system/lottery/ledger_node.h"

#include <algorithm>
#include <utility>

#include "system/lottery/entry_codec.h"
#include "system/lottery/events.h"
#include "system/lottery/protocol.h"
#include "system/lottery/refusals.h"
#include "system/rpc/frame.h"

namespace lottery {
namespace {

constexpr std::size_t kBatchMax = 64;

// Empty when absent or not a string.
std::string text_of(const rpc::Json& request, const char* name) {
  const auto found = request.find(name);
  return found != request.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<CommandReply> to_event(const std::vector<Reply>& replies) {
  std::vector<CommandReply> result;
  for (const Reply& reply : replies) {
    result.push_back({reply.status, reply.body});
  }
  return result;
}

}  // namespace

LedgerNode::LedgerNode(env::Env& env)
    : env_(env),
      log_(env.database_file("log.db")),
      books_(env.database_file("books.db")),
      state_(books_),
      queued_(env),
      committed_(env) {}

std::shared_ptr<LedgerNode> LedgerNode::start(env::Env& env, LedgerOptions options) {
  try {
    auto node = std::make_shared<LedgerNode>(env);
    node->recover(options);
    env::spawn(env, node->commit_loop());
    rpc::serve_frames(env, kLedgerPort, [raw = node.get()](std::string request) {
      return raw->handle(std::move(request));
    });
    return node;
  } catch (const store::Error& error) {
    env.fail_stop(error.what());
    return nullptr;
  }
}

void LedgerNode::recover(const LedgerOptions& options) {
  LedgerRecovered recovered{log_.last_index(), state_.applied_index(), &books_};
  env_.emit(recovered);
  for (std::int64_t index = state_.applied_index() + 1; index <= log_.last_index(); ++index) {
    EntryCommitted committed{index, log_.payload(index)};
    env_.emit(committed);
    apply(decode_entry(committed.payload));
  }
  if (log_.last_index() == 0 && !options.initial_draws.empty()) {
    std::vector<Reply> replies;
    commit({options.initial_draws.begin(), options.initial_draws.end()}, replies);
  }
}

std::int64_t LedgerNode::next_now_us() const {
  return std::max(env::to_unix_us(env_.wall_now()), state_.last_now_us() + 1);
}

void LedgerNode::commit(std::vector<Command> commands, std::vector<Reply>& replies) {
  Entry entry;
  entry.index = log_.last_index() + 1;
  entry.now_us = next_now_us();
  entry.commands = std::move(commands);
  EntryCommitted committed{entry.index, encode_entry(entry)};
  log_.append(entry.index, committed.payload);
  env_.emit(committed);
  replies = apply(entry);
}

std::vector<Reply> LedgerNode::apply(const Entry& entry) {
  std::vector<Reply> replies = state_.apply(entry);
  EntryApplied applied{entry.index, to_event(replies), &books_};
  env_.emit(applied);
  return replies;
}

env::awaitable<void> LedgerNode::commit_loop() {
  for (;;) {
    while (queue_.empty()) {
      co_await queued_.wait();
    }
    std::vector<std::shared_ptr<Pending>> batch;
    while (!queue_.empty() && batch.size() < kBatchMax) {
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    std::vector<Command> commands;
    for (const auto& pending : batch) {
      commands.push_back(pending->command);
    }
    std::vector<Reply> replies;
    try {
      commit(std::move(commands), replies);
    } catch (const store::Error& error) {
      env_.fail_stop(error.what());
      co_return;
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      batch[i]->reply = std::move(replies[i]);
      batch[i]->done = true;
    }
    committed_.notify_all();
    // Let the requests that arrived meanwhile join the next entry.
    co_await env::sleep_for(env_, env::Duration::zero());
  }
}

env::awaitable<Reply> LedgerNode::propose(Command command) {
  auto pending = std::make_shared<Pending>();
  pending->command = std::move(command);
  queue_.push_back(pending);
  queued_.notify_all();
  while (!pending->done) {
    co_await committed_.wait();
  }
  co_return pending->reply;
}

env::awaitable<std::string> LedgerNode::handle(std::string request) {
  Reply reply;
  rpc::Json json = rpc::Json::parse(request, nullptr, false);
  if (json.is_discarded() || !json.is_object()) {
    reply = refuse(Refusal::bad_request);
  } else {
    reply = co_await dispatch(std::move(json));
  }
  CommandReply encoded{reply.status, std::move(reply.body)};
  co_return rpc::encode(encoded);
}

env::awaitable<Reply> LedgerNode::dispatch(rpc::Json request) {
  const std::string operation = text_of(request, "op");
  if (operation != "propose") {
    co_return read(operation, request);
  }
  Command command;
  bool understood = true;
  try {
    command = command_from_json(request.value("command", rpc::Json()));
  } catch (const rpc::CodecError&) {
    understood = false;
  }
  if (!understood) {
    co_return refuse(Refusal::bad_request);
  }
  co_return co_await propose(std::move(command));
}

Reply LedgerNode::read(const std::string& operation, const rpc::Json& request) {
  try {
    const std::string id = text_of(request, "id");
    if (operation == "purchase") {
      const auto view = state_.purchase(id);
      const bool own = view && view->user == text_of(request, "user");
      return own ? Reply{200, rpc::encode(*view)} : refuse(Refusal::not_found);
    }
    if (operation == "draw") {
      const auto view = state_.draw(id);
      return view ? Reply{200, rpc::encode(*view)} : refuse(Refusal::not_found);
    }
    if (operation == "due") {
      const std::int64_t now_us = next_now_us();
      const DueView due{state_.bank_calls_due(now_us), state_.holds_due(now_us),
                        state_.draws_due(now_us), state_.settled_sequence()};
      return {200, rpc::encode(due)};
    }
  } catch (const store::Error& error) {
    env_.fail_stop(error.what());
    return {503, {}};
  }
  return refuse(Refusal::bad_request);
}

}  // namespace lottery
