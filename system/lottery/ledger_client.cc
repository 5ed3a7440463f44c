#include "system/lottery/ledger_client.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>

#include "system/env/async.h"
#include "system/lottery/entry_codec.h"

namespace lottery {
namespace {

constexpr env::Duration kCallTimeout = std::chrono::seconds(2);  // of one call, tries included
constexpr env::Duration kReadTimeout = std::chrono::milliseconds(1200);  // of one replica
constexpr env::Duration kElectionPause = std::chrono::milliseconds(100);
constexpr int kReaders = 2;  // replicas that one read asks, at most
constexpr int kNot_leader = 421;

rpc::Json operation(std::string_view name) {
  rpc::Json json = rpc::Json::object();
  json["op"] = name;
  return json;
}

std::string to_text(const rpc::Json& json) {
  return json.dump(-1, ' ', false, rpc::Json::error_handler_t::replace);
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

env::awaitable<env::Result<LedgerReply>> LedgerClient::call(std::size_t node, std::string request,
                                                            env::Duration timeout) {
  const env::Result<std::string> response =
      co_await nodes_[node]->frames.call(std::move(request), timeout);
  if (!response) {
    co_return response.error();
  }
  LedgerAnswer answer;
  try {
    answer = rpc::decode<LedgerAnswer>(*response);
  } catch (const rpc::CodecError&) {
    answer.status = 0;
  }
  if (answer.status < 200 || answer.status >= 500) {
    co_return env::error_code(env::asio::error::try_again);
  }
  LedgerReply reply;
  reply.status = static_cast<int>(answer.status);
  reply.body = std::move(answer.body);
  reply.index = answer.index;
  co_return reply;
}

// A replica that does not lead names the one that does, as far as it knows.
void LedgerClient::follow(const LedgerReply& refusal) {
  std::string leader;
  try {
    leader = rpc::decode<ErrorView>(refusal.body).detail;
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

// Only a refusal is safe to take elsewhere at once: it says that nothing was appended.
env::awaitable<env::Result<LedgerReply>> LedgerClient::propose(Command command) {
  rpc::Json json = operation("propose");
  json["command"] = command_to_json(command);
  const std::string request = to_text(json);
  const env::Instant deadline = env_.now() + kCallTimeout;
  for (std::size_t refused = 1;; ++refused) {
    const std::size_t asked = leader_;
    std::string copy = request;
    env::Result<LedgerReply> reply = co_await call(asked, std::move(copy), deadline - env_.now());
    if (reply && reply->status != kNot_leader) {
      co_return reply;
    }
    if (!reply) {
      leader_ = asked == leader_ ? (leader_ + 1) % voters_ : leader_;
      co_return reply;
    }
    if (asked == leader_) {
      follow(*reply);
    }
    if (refused % voters_ == 0) {
      co_await env::sleep_for(env_, kElectionPause);
    }
    if (env_.now() >= deadline) {
      co_return env::error_code(env::asio::error::timed_out);
    }
  }
}

env::awaitable<env::Result<LedgerReply>> LedgerClient::read(std::string name, std::string user,
                                                            std::string id, Freshness freshness) {
  rpc::Json json = operation(name);
  json["user"] = user;
  json["id"] = id;
  json["level"] = freshness.level;
  json["watermark"] = freshness.watermark;
  const std::string text = to_text(json);
  env::Result<LedgerReply> reply = env::error_code(env::asio::error::timed_out);
  for (int i = 0; i < kReaders; ++i) {
    const std::size_t asked = reader_;
    std::string copy = text;
    reply = co_await call(asked, std::move(copy), kReadTimeout);
    if (reply) {
      break;
    }
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
