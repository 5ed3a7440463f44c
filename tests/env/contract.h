// What every implementation of Env promises, as a suite of typed tests. To hold
// another implementation against it, write a Machines like SimMachines and instantiate
// the suite in a file of its own:
//
//   class Machines {
//     env::Env& left();                  // the Env of host "left"
//     env::Env& right();                 // of host "right", which can reach it
//     void run(env::Duration duration);  // lets both work for so long
//     void set(const std::string& name, std::int64_t value);  // a setting of left
//     int restarts_of_left();            // processes started after the first
//     std::vector<std::string> events(); // encoded, in the order of emission
//   };
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "system/env/async.h"

namespace contract {

namespace asio = env::asio;
using namespace std::chrono_literals;
using env::use_tuple;
inline constexpr std::uint16_t kPort = 4711;

template <class Machines>
class EnvContract : public ::testing::Test {
 protected:
  Machines machines_;
};
TYPED_TEST_SUITE_P(EnvContract);

struct Transcript {
  std::vector<std::string> lines;
  void add(std::string line) { lines.push_back(std::move(line)); }
};
using Lines = std::vector<std::string>;

inline env::awaitable<void> greet_one(env::Env* env, Transcript* out) {
  env::Result<std::unique_ptr<env::Listener>> listener = env->listen(kPort);
  env::Result<env::Stream> stream = co_await (*listener)->accept();
  std::string request(4, '\0');
  const auto [error, count] = co_await asio::async_read(*stream, asio::buffer(request), use_tuple);
  out->add("server read " + request.substr(0, count) + (error ? " and failed" : ""));
  co_await asio::async_write(*stream, asio::buffer("pong", 4), use_tuple);
  stream->shutdown_send();
  char byte = 0;
  const auto [end, none] = co_await asio::async_read(*stream, asio::buffer(&byte, 1), use_tuple);
  (void)none;
  out->add(end == asio::error::eof ? "server read to the end" : end.message());
}

inline env::awaitable<void> greet(env::Env* env, Transcript* out) {
  const env::Endpoint to{"right", kPort};
  env::Result<env::Stream> stream = co_await env->connect(to, 5s);
  if (!stream) {
    out->add("refused");
    co_return;
  }
  co_await asio::async_write(*stream, asio::buffer("ping", 4), use_tuple);
  std::string answer;
  std::string part(64, '\0');
  for (;;) {
    const auto [error, count] = co_await stream->async_read_some(asio::buffer(part), use_tuple);
    answer.append(part, 0, count);
    if (error) {
      out->add("client read " + answer + ", then " +
               (error == asio::error::eof ? "the end" : error.message()));
      co_return;
    }
  }
}

TYPED_TEST_P(EnvContract, StreamsCarryBytesBothWaysAndEnd) {
  Transcript server;
  Transcript client;
  env::spawn(this->machines_.right(), greet_one(&this->machines_.right(), &server));
  this->machines_.run(10ms);
  env::spawn(this->machines_.left(), greet(&this->machines_.left(), &client));
  this->machines_.run(200ms);
  EXPECT_EQ(server.lines, (Lines{"server read ping", "server read to the end"}));
  EXPECT_EQ(client.lines, (Lines{"client read pong, then the end"}));
}

inline env::awaitable<void> connect_to(env::Env* env, env::Endpoint to,
                                       std::optional<env::error_code>* result) {
  const env::Result<env::Stream> stream = co_await env->connect(to, 1s);
  *result = stream ? env::error_code() : stream.error();
}

TYPED_TEST_P(EnvContract, ConnectSaysWhyItFailed) {
  std::optional<env::error_code> refused;
  std::optional<env::error_code> unknown;
  env::Env& left = this->machines_.left();
  env::spawn(left, connect_to(&left, {"right", kPort}, &refused));
  env::spawn(left, connect_to(&left, {"no-such-host.invalid", kPort}, &unknown));
  this->machines_.run(500ms);
  EXPECT_EQ(refused, asio::error::connection_refused);
  EXPECT_EQ(unknown, asio::error::host_not_found);
}

TYPED_TEST_P(EnvContract, APortHasOneListenerAtATime) {
  env::Env& left = this->machines_.left();
  {
    const auto first = left.listen(kPort);
    ASSERT_TRUE(first);
    const auto second = left.listen(kPort);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error(), asio::error::address_in_use);
  }
  EXPECT_TRUE(left.listen(kPort)) << "free again";
}

inline env::awaitable<void> wait_for_connection(std::unique_ptr<env::Listener>* listener,
                                                Transcript* out) {
  const env::Result<env::Stream> stream = co_await (*listener)->accept();
  out->add(stream ? "accepted" : stream.error().message());
}

TYPED_TEST_P(EnvContract, TheEndOfAListenerEndsTheAccept) {
  env::Env& left = this->machines_.left();
  auto listening = left.listen(kPort);
  ASSERT_TRUE(listening);
  std::unique_ptr<env::Listener> listener = std::move(*listening);
  Transcript out;
  env::spawn(left, wait_for_connection(&listener, &out));
  this->machines_.run(10ms);
  EXPECT_TRUE(out.lines.empty());
  listener.reset();
  this->machines_.run(10ms);
  EXPECT_EQ(out.lines, Lines{env::error_code(asio::error::operation_aborted).message()});
}

inline env::awaitable<void> accept_and_idle(env::Env* env) {
  env::Result<std::unique_ptr<env::Listener>> listener = env->listen(kPort);
  const env::Result<env::Stream> stream = co_await (*listener)->accept();
  co_await env::sleep_for(*env, 1h);
}

// Reads until the deadline, reads again, takes the deadline back, writes.
inline env::awaitable<void> read_under_deadline(env::Env* env, Transcript* out) {
  const env::Endpoint to{"right", kPort};
  env::Result<env::Stream> stream = co_await env->connect(to, 5s);
  const env::Instant start = env->now();
  stream->expires_at(start + 30ms);
  stream->expires_at(start + 100ms);  // replaces the first
  char byte = 0;
  for (int i = 0; i < 2; ++i) {
    const auto [error, count] = co_await stream->async_read_some(asio::buffer(&byte, 1), use_tuple);
    (void)count;
    out->add(error == asio::error::timed_out ? "timed out" : error.message());
  }
  const env::Duration waited = env->now() - start;
  out->add(waited >= 100ms && waited < 150ms ? "in time" : "at the wrong time");
  stream->expires_at(std::nullopt);
  const auto [error, count] = co_await stream->async_write_some(asio::buffer(&byte, 1), use_tuple);
  (void)count;
  out->add(error == asio::error::timed_out ? "for good" : error.message());
}

TYPED_TEST_P(EnvContract, AStreamsDeadlineEndsItForGood) {
  Transcript out;
  env::spawn(this->machines_.right(), accept_and_idle(&this->machines_.right()));
  this->machines_.run(10ms);
  env::spawn(this->machines_.left(), read_under_deadline(&this->machines_.left(), &out));
  this->machines_.run(500ms);
  EXPECT_EQ(out.lines, (Lines{"timed out", "timed out", "in time", "for good"}));
}

inline env::awaitable<void> clear_deadline(env::Env* env, bool* still_open) {
  const env::Endpoint to{"right", kPort};
  env::Result<env::Stream> stream = co_await env->connect(to, 5s);
  stream->expires_at(env->now() + 20ms);
  stream->expires_at(std::nullopt);
  co_await env::sleep_for(*env, 50ms);
  char byte = 0;
  const auto [error, count] = co_await stream->async_write_some(asio::buffer(&byte, 1), use_tuple);
  *still_open = !error && count == 1;
}

TYPED_TEST_P(EnvContract, ADeadlineCanBeTakenBack) {
  bool still_open = false;
  env::spawn(this->machines_.right(), accept_and_idle(&this->machines_.right()));
  this->machines_.run(10ms);
  env::spawn(this->machines_.left(), clear_deadline(&this->machines_.left(), &still_open));
  this->machines_.run(200ms);
  EXPECT_TRUE(still_open);
}

inline env::awaitable<void> measure_sleep(env::Env* env, env::Duration* slept) {
  const env::Instant start = env->now();
  co_await env::sleep_for(*env, 50ms);
  *slept = env->now() - start;
}

TYPED_TEST_P(EnvContract, SleepTakesTheTimeAsked) {
  env::Duration slept{};
  env::spawn(this->machines_.left(), measure_sleep(&this->machines_.left(), &slept));
  this->machines_.run(200ms);
  EXPECT_GE(slept, 50ms);
  EXPECT_LT(slept, 100ms);
}

inline env::awaitable<void> wait_on(env::Env* env, env::Condition* condition,
                                    env::Duration patience, Transcript* out) {
  const bool notified = co_await condition->wait_until(env->now() + patience);
  out->add(notified ? "notified" : "timed out");
}

TYPED_TEST_P(EnvContract, AConditionWakesAllWhoWait) {
  env::Env& left = this->machines_.left();
  env::Condition condition(left);
  Transcript out;
  env::spawn(left, wait_on(&left, &condition, 10ms, &out));
  env::spawn(left, wait_on(&left, &condition, 10s, &out));
  env::spawn(left, wait_on(&left, &condition, 10s, &out));
  this->machines_.run(100ms);
  EXPECT_EQ(out.lines, Lines{"timed out"});
  condition.notify_all();
  condition.notify_all();  // nobody is left: no effect
  this->machines_.run(10ms);
  EXPECT_EQ(out.lines, (Lines{"timed out", "notified", "notified"}));
}

TYPED_TEST_P(EnvContract, RandomNumbersDiffer) {
  env::Env& left = this->machines_.left();
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 100; ++i) {
    seen.insert(left.random("a"));
    seen.insert(left.random("b"));
    seen.insert(this->machines_.right().random("a"));
  }
  EXPECT_EQ(seen.size(), 300u);
}

TYPED_TEST_P(EnvContract, SqliteOpensADatabaseFile) {
  const env::DatabaseFile file = this->machines_.left().database_file("contract.db");
  const char* vfs = file.vfs.empty() ? nullptr : file.vfs.c_str();
  for (int run = 0; run < 2; ++run) {
    sqlite3* db = nullptr;
    ASSERT_EQ(
        sqlite3_open_v2(file.path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs),
        SQLITE_OK);
    const char* sql = run == 0 ? "CREATE TABLE t(x); INSERT INTO t VALUES (7)"
                               : "INSERT INTO t SELECT x + 1 FROM t";
    EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_changes(db), 1);
    EXPECT_EQ(sqlite3_close(db), SQLITE_OK);
  }
}

TYPED_TEST_P(EnvContract, SettingsCanChangeUnderTheService) {
  env::Env& left = this->machines_.left();
  EXPECT_EQ(left.setting("pace", 3), 3);
  this->machines_.set("pace", 9);
  EXPECT_EQ(left.setting("pace", 3), 9);
  EXPECT_EQ(this->machines_.right().setting("pace", 3), 3);
}

struct Noted {
  static constexpr std::string_view kEventName = "noted";
  std::string text;
};
inline std::string encode_event(const Noted& noted) { return "noted " + noted.text; }

TYPED_TEST_P(EnvContract, EventsReachTheObserverInOrder) {
  this->machines_.left().emit(Noted{"one"});
  this->machines_.right().emit(Noted{"two"});
  EXPECT_EQ(this->machines_.events(), (Lines{"noted one", "noted two"}));
}

inline env::awaitable<void> give_up(env::Env* env, bool* went_on) {
  co_await env::sleep_for(*env, 1ms);
  env->fail_stop("contract");
  co_await env::sleep_for(*env, 1ms);
  *went_on = true;
}

TYPED_TEST_P(EnvContract, FailStopEndsTheProcess) {
  bool went_on = false;
  env::spawn(this->machines_.left(), give_up(&this->machines_.left(), &went_on));
  this->machines_.run(10s);
  EXPECT_FALSE(went_on);
  EXPECT_EQ(this->machines_.restarts_of_left(), 1);
}

TYPED_TEST_P(EnvContract, HostsKnowTheirNames) {
  EXPECT_EQ(this->machines_.left().host_name(), "left");
  EXPECT_EQ(this->machines_.right().host_name(), "right");
}

REGISTER_TYPED_TEST_SUITE_P(EnvContract, StreamsCarryBytesBothWaysAndEnd, ConnectSaysWhyItFailed,
                            APortHasOneListenerAtATime, TheEndOfAListenerEndsTheAccept,
                            AStreamsDeadlineEndsItForGood, ADeadlineCanBeTakenBack,
                            SleepTakesTheTimeAsked, AConditionWakesAllWhoWait, RandomNumbersDiffer,
                            SqliteOpensADatabaseFile, SettingsCanChangeUnderTheService,
                            EventsReachTheObserverInOrder, FailStopEndsTheProcess,
                            HostsKnowTheirNames);

}  // namespace contract
