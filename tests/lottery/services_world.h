// A world for the tests of the services: hosts that run them, a probe host whose
// requests the test waits for, and everything the services told.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "simnet/env/sim_env.h"
#include "system/env/async.h"
#include "system/lottery/entry_codec.h"
#include "system/lottery/events.h"
#include "system/lottery/ledger_client.h"
#include "system/lottery/protocol.h"
#include "system/rpc/http.h"

namespace lottery_test {

using namespace lottery;
using std::chrono::milliseconds;
using std::chrono::seconds;

using Program = std::function<std::shared_ptr<void>(env::Env&)>;

// What a coroutine leaves behind for the test.
template <class T>
struct Answer {
  bool done = false;
  env::Result<T> value{env::error_code(env::asio::error::in_progress)};
};
template <class T>
using AnswerPtr = std::shared_ptr<Answer<T>>;

inline env::awaitable<void> ask_http(env::Env* env, env::Endpoint to, rpc::HttpRequest request,
                                     env::Duration timeout, AnswerPtr<rpc::HttpResponse> answer) {
  rpc::HttpClient client(*env, std::move(to));
  answer->value = co_await client.request(std::move(request), timeout);
  answer->done = true;
}

inline env::awaitable<void> ask_ledger(LedgerClient* ledger, Command command,
                                       AnswerPtr<Reply> answer) {
  answer->value = co_await ledger->propose(std::move(command));
  answer->done = true;
}

inline env::awaitable<void> ask_frame(env::Env* env, std::string frame,
                                      AnswerPtr<std::string> answer) {
  rpc::FrameClient client(*env, {"ledger", kLedgerPort});
  answer->value = co_await client.call(std::move(frame), seconds(2));
  answer->done = true;
}

class ServicesWorld {
 public:
  explicit ServicesWorld(std::uint64_t seed = 1) : world(seed) {
    add("probe", [](env::Env&) { return std::make_shared<int>(0); });
    run_for(milliseconds(1));
  }
  ~ServicesWorld() {
    ledger_.reset();
    for (const auto& host : world.hosts()) {
      host->stop(simnet::StopKind::process);
    }
  }

  simnet::Host& add(const std::string& name, Program program) {
    simnet::Host& host = world.add_host({name, "here"});
    envs_.push_back(std::make_unique<sim_env::SimEnv>(
        host, [this](simnet::Host& from, const env::EventRef& event) { note(from, event); }));
    env::Env* env = envs_.back().get();
    host.set_program([env, program](simnet::Host&) { return program(*env); });
    host.boot();
    return host;
  }
  simnet::Host& host(const std::string& name) { return *world.find(name); }
  env::Env& probe() { return *envs_.front(); }

  void run_for(env::Duration duration) { world.run_until(world.now() + duration); }
  bool run_until(const std::function<bool()>& done, env::Duration limit = seconds(120)) {
    const simnet::Time end = world.now() + limit;
    while (!done() && world.now() < end) {
      run_for(milliseconds(1));
    }
    return done();
  }
  void restart(const std::string& name, simnet::StopKind kind) {
    host(name).stop(kind);
    host(name).boot();
    run_for(milliseconds(5));
  }

  AnswerPtr<rpc::HttpResponse> begin(const std::string& to, rpc::HttpRequest request,
                                     env::Duration timeout = seconds(10)) {
    auto answer = std::make_shared<Answer<rpc::HttpResponse>>();
    env::spawn(probe(), ask_http(&probe(), {to, kHttpPort}, std::move(request), timeout, answer));
    return answer;
  }
  // Status 0: no answer.
  rpc::HttpResponse request(const std::string& to, rpc::HttpRequest request,
                            env::Duration timeout = seconds(10)) {
    const auto answer = begin(to, std::move(request), timeout);
    run_until([&] { return answer->done; });
    return answer->value ? *answer->value : rpc::HttpResponse{};
  }

  AnswerPtr<Reply> begin(Command command) {
    if (!ledger_) {
      ledger_ = std::make_unique<LedgerClient>(probe(), LedgerMembers{{1, "ledger", false}});
    }
    auto answer = std::make_shared<Answer<Reply>>();
    env::spawn(probe(), ask_ledger(ledger_.get(), std::move(command), answer));
    return answer;
  }
  // Repeats the command until the ledger has answered.
  Reply insist(const Command& command) {
    for (int attempt = 0; attempt < 100; ++attempt) {
      const auto answer = begin(command);
      run_until([&] { return answer->done; });
      if (answer->value) {
        return *answer->value;
      }
      run_for(milliseconds(100));
    }
    return {};
  }
  std::string frame(const std::string& bytes) {
    auto answer = std::make_shared<Answer<std::string>>();
    env::spawn(probe(), ask_frame(&probe(), bytes, answer));
    run_until([&] { return answer->done; });
    return answer->value ? *answer->value : "no answer";
  }
  LedgerAnswer query(const LedgerQuery& query) {
    const std::string answer = frame(encode_call(query));
    return answer == "no answer" ? LedgerAnswer{} : rpc::unpack<LedgerAnswers>(answer).at(0);
  }

  simnet::World world;
  std::vector<EntryCommitted> committed;  // each index once, those of Raft's own too
  std::vector<BankMoved> moved;           // each sequence once
  std::vector<BankMoved> told_again;
  std::vector<std::pair<std::string, BankCallSent>> calls;  // with the sender
  std::vector<UserIntent> intents;
  int users_done = 0;

 private:
  void note(simnet::Host& from, const env::EventRef& event) {
    if (const auto* entry = event.as<EntryCommitted>()) {
      if (entry->index > static_cast<std::int64_t>(committed.size())) {
        committed.push_back(*entry);
      } else {
        EXPECT_EQ(committed[entry->index - 1].payload, entry->payload);
      }
    } else if (const auto* row = event.as<BankMoved>()) {
      const bool known = row->sequence <= static_cast<std::int64_t>(moved.size());
      (known ? told_again : moved).push_back(*row);
    } else if (const auto* call = event.as<BankCallSent>()) {
      calls.emplace_back(from.name(), *call);
    } else if (const auto* intent = event.as<UserIntent>()) {
      intents.push_back(*intent);
    } else if (event.as<UserDone>() != nullptr) {
      ++users_done;
    }
  }

  std::vector<std::unique_ptr<sim_env::SimEnv>> envs_;
  std::unique_ptr<LedgerClient> ledger_;
};

// Entries of Raft's own have none.
inline std::vector<Command> commands_of(const EntryCommitted& entry) {
  return entry.payload.empty() ? std::vector<Command>{} : decode_entry(entry.payload).commands;
}

inline OpenDraw opening(std::int64_t capacity = 1000) {
  return {"d", "s", capacity, 100, sim_env::unix_us(simnet::Time(seconds(3600))), 600'000'000};
}

}  // namespace lottery_test
