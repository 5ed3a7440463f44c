#include "system/lottery/ledger_client.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>

#include "system/env/async.h"
#include "system/lottery/ledger_call.h"
#include "system/probe/probe.h"

namespace lottery {
namespace {

constexpr env::Duration kCallTimeout = std::chrono::seconds(2);  // of one call, tries included
constexpr env::Duration kReadTimeout = std::chrono::milliseconds(1200);  // of one replica
constexpr env::Duration kElectionPause = std::chrono::milliseconds(100);
constexpr int kReaders = 2;  // replicas that one read asks, at most
constexpr int kNot_leader = 421;

// A status that only a server's trouble has says nothing about the command.
env::Result<LedgerReply> reply_in(LedgerAnswer answer) {
  if (answer.status < 200 || answer.status >= 500) {
    return env::error_code(env::asio::error::try_again);
  }
  LedgerReply reply;
  reply.status = static_cast<int>(answer.status);
  reply.body = std::move(answer.body);
  reply.index = answer.index;
  return reply;
}

}  // namespace

LedgerClient::LedgerClient(env::Env& env, const LedgerMembers& members) : env_(env) {
  for (const bool learner : {false, true}) {
    for (const LedgerMember& member : members) {
      if (member.learner == learner) {
        nodes_.push_back(std::make_unique<Node>(
            Node{member, rpc::FrameClient(env, {member.host, kLedgerPort})}));
      }
    }
    voters_ = learner ? voters_ : nodes_.size();
  }
  const std::size_t learners = nodes_.size() - voters_;
  reader_ = learners == 0 ? 0 : voters_ + env.random("ledger.reader") % learners;
}

env::awaitable<env::Result<LedgerAnswers>> LedgerClient::call(std::size_t node, std::string request,
                                                              std::size_t count,
                                                              env::Duration timeout) {
  const env::Result<std::string> response =
      co_await nodes_[node]->frames.call(std::move(request), timeout);
  if (!response) {
    co_return response.error();
  }
  LedgerAnswers answers;
  try {
    answers = rpc::unpack<LedgerAnswers>(*response);
  } catch (const rpc::CodecError&) {
  }
  if (answers.size() != count) {
    co_return env::error_code(env::asio::error::try_again);
  }
  co_return answers;
}

// A replica that does not lead names the one that does, as far as it knows.
void LedgerClient::follow(const std::string& refusal) {
  std::string leader;
  try {
    leader = rpc::decode<ErrorView>(refusal).detail;
  } catch (const rpc::CodecError&) {
  }
  for (std::size_t i = 0; i < voters_; ++i) {
    if (nodes_[i]->member.host == leader && i != leader_) {
      leader_ = i;
      return;
    }
  }
  leader_ = (leader_ + 1) % voters_;
}

void LedgerClient::leave(std::size_t node) {
  leader_ = node == leader_ ? (leader_ + 1) % voters_ : leader_;
}

env::awaitable<env::Result<LedgerReply>> LedgerClient::propose(Command command) {
  const auto proposed =
      std::make_shared<Proposed>(env_, std::move(command), env_.now() + kCallTimeout);
  queue_.push_back(proposed);
  if (carriers_ < kCarriers) {
    ++carriers_;
    env::spawn(env_, carry());
  }
  co_await proposed->reply.wait();
  co_return *proposed->reply.value();
}

LedgerClient::Group LedgerClient::take_group() {
  Group group;
  while (!queue_.empty() && group.size() < kTogether) {
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

env::awaitable<void> LedgerClient::carry() {
  while (!queue_.empty()) {
    Group group = take_group();
    co_await propose_together(std::move(group));
  }
  --carriers_;
}

// Only a refusal is safe to take elsewhere at once: it says that nothing was appended.
env::awaitable<void> LedgerClient::propose_together(Group group) {
  const env::Instant deadline = group.front()->deadline;  // the first of all
  env::error_code failure = env::asio::error::timed_out;
  for (std::size_t refused = 1; !group.empty() && env_.now() < deadline; ++refused) {
    const std::size_t asked = leader_;
    Proposals commands;
    for (const auto& proposed : group) {
      commands.push_back(proposed->command);
    }
    std::string request = encode_call(commands);
    env::Result<LedgerAnswers> answers =
        co_await call(asked, std::move(request), group.size(), deadline - env_.now());
    if (!answers) {
      probe::hit<"caller.outcome_unknown">();
      leave(asked);
      failure = answers.error();
      break;
    }
    group = deliver(std::move(group), std::move(*answers), asked);
    if (!group.empty() && refused % voters_ == 0) {
      probe::hit<"caller.found_no_leader">();
      co_await env::sleep_for(env_, kElectionPause);
    }
  }
  for (const auto& proposed : group) {
    proposed->reply.finish(failure);
  }
}

LedgerClient::Group LedgerClient::deliver(Group group, LedgerAnswers answers, std::size_t asked) {
  Group refused;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (answers[i].status == kNot_leader) {
      probe::hit_if<"caller.some_of_a_group_refused">(i > 0 && refused.empty());
      if (refused.empty() && asked == leader_) {
        follow(answers[i].body);
      }
      refused.push_back(group[i]);
      continue;
    }
    env::Result<LedgerReply> reply = reply_in(std::move(answers[i]));
    if (!reply) {
      leave(asked);
    }
    group[i]->reply.finish(std::move(reply));
  }
  return refused;
}

env::awaitable<env::Result<LedgerReply>> LedgerClient::read(std::string name, std::string user,
                                                            std::string id, Freshness freshness) {
  LedgerQuery query{std::move(name), std::move(id), std::move(user), std::move(freshness.level),
                    freshness.watermark};
  const std::string text = encode_call(query);
  env::Result<LedgerReply> reply = env::error_code(env::asio::error::timed_out);
  for (int i = 0; i < kReaders; ++i) {
    const std::size_t asked = reader_;
    std::string copy = text;
    env::Result<LedgerAnswers> answers = co_await call(asked, std::move(copy), 1, kReadTimeout);
    reply = answers ? reply_in(std::move(answers->front())) : answers.error();
    if (reply) {
      break;
    }
    probe::hit<"caller.read_of_another_replica">();
    if (asked == reader_) {
      reader_ = (reader_ + 1) % nodes_.size();
    }
  }
  co_return reply;
}

env::awaitable<env::Result<LedgerReply>> LedgerClient::purchase(std::string user, std::string id,
                                                                Freshness freshness) {
  return read("purchase", std::move(user), std::move(id), std::move(freshness));
}

env::awaitable<env::Result<LedgerReply>> LedgerClient::draw(std::string id, Freshness freshness) {
  return read("draw", {}, std::move(id), std::move(freshness));
}

env::awaitable<env::Result<LedgerReply>> LedgerClient::session(std::string user, std::string id,
                                                               Freshness freshness) {
  return read("session", std::move(user), std::move(id), std::move(freshness));
}

env::awaitable<env::Result<LedgerReply>> LedgerClient::plan(std::string resource,
                                                            Freshness freshness) {
  return read("plan", {}, std::move(resource), std::move(freshness));
}

env::awaitable<env::Result<DueView>> LedgerClient::due() {
  Freshness freshness{std::string(kStale), 0};
  const env::Result<LedgerReply> reply = co_await read("due", {}, {}, std::move(freshness));
  if (!reply) {
    co_return reply.error();
  }
  try {
    co_return rpc::decode<DueView>(reply->body);
  } catch (const rpc::CodecError&) {
  }
  co_return env::error_code(env::asio::error::try_again);
}

}  // namespace lottery
