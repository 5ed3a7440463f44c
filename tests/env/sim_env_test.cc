// What only the simulated Env promises: its clocks, its connect under partitions, and
// that a process that is over is heard no more.
#include "simnet/env/sim_env.h"

#include <gtest/gtest.h>

#include <optional>

#include "system/env/async.h"
#include "tests/support/sim_machines.h"

namespace {

using namespace std::chrono_literals;
namespace asio = env::asio;

struct Said {
  static constexpr std::string_view kEventName = "said";
  std::string text;
};
std::string encode_event(const Said& said) { return said.text; }

TEST(SimEnv, TheWallClockJumpsAndTheSteadyOneDoesNot) {
  support::SimMachines machines;
  machines.run(5s);
  const auto steady = machines.left().now();
  EXPECT_EQ(env::to_unix_us(machines.left().wall_now()), (sim_env::kWallEpoch_s + 5) * 1'000'000);
  machines.left_host().clock().jump_wall(-1h);
  EXPECT_EQ(env::to_unix_us(machines.left().wall_now()),
            (sim_env::kWallEpoch_s + 5 - 3600) * 1'000'000);
  EXPECT_EQ(machines.left().now(), steady);
  EXPECT_EQ(machines.right().now(), steady);
  EXPECT_EQ(sim_env::unix_us(machines.world().now()), (sim_env::kWallEpoch_s + 5) * 1'000'000);
}

env::awaitable<void> connect_within(env::Env* env, env::Duration timeout,
                                    std::optional<env::error_code>* result, env::Instant* when) {
  const env::Endpoint to{"right", 1};
  const env::Result<env::Stream> stream = co_await env->connect(to, timeout);
  *result = stream ? env::error_code() : stream.error();
  *when = env->now();
}

TEST(SimEnv, ConnectGivesUpAtItsTimeout) {
  support::SimMachines machines;
  machines.right_host().stop(simnet::StopKind::power);
  std::optional<env::error_code> result;
  env::Instant when;
  env::spawn(machines.left(), connect_within(&machines.left(), 700ms, &result, &when));
  machines.run(1s);
  EXPECT_EQ(result, asio::error::timed_out);
  EXPECT_EQ(when.time_since_epoch(), 700ms);
}

TEST(SimEnv, ACrashWhileConnectingLeavesNothingToGoOff) {
  support::SimMachines machines;
  machines.right_host().stop(simnet::StopKind::power);
  std::optional<env::error_code> result;
  env::Instant when;
  env::spawn(machines.left(), connect_within(&machines.left(), 700ms, &result, &when));
  machines.run(100ms);
  machines.left_host().stop_until(simnet::StopKind::process, machines.world().now() + 1ms);
  machines.run(1h);
  EXPECT_FALSE(result);
}

struct SpeaksAtTheEnd {
  explicit SpeaksAtTheEnd(env::Env& of) : env(of) {}
  ~SpeaksAtTheEnd() { env.emit(Said{"from a destructor"}); }
  env::Env& env;
};

env::awaitable<void> speak_at_the_end(env::Env* env) {
  const SpeaksAtTheEnd speaker(*env);
  env->emit(Said{"alive"});
  co_await env::sleep_for(*env, 1h);
}

TEST(SimEnv, ADestructorDuringACrashIsNotHeard) {
  support::SimMachines machines;
  env::spawn(machines.left(), speak_at_the_end(&machines.left()));
  machines.run(1ms);
  machines.left_host().stop(simnet::StopKind::process);
  EXPECT_EQ(machines.events(), std::vector<std::string>{"alive"});
}

env::awaitable<void> speak_after_power_cut(env::Env* env, simnet::Host* host) {
  simnet::DiskHandle file;
  host->disk().open("f", {.create = true}, file);
  env->emit(Said{"opened"});
  file.sync();
  env->emit(Said{"synced"});
  co_return;
}

TEST(SimEnv, AfterAPowerCutNoEventIsSeen) {
  support::SimMachines machines;
  machines.left_host().disk().cut_power_after(2);
  env::spawn(machines.left(), speak_after_power_cut(&machines.left(), &machines.left_host()));
  machines.run(1ms);
  EXPECT_EQ(machines.events(), std::vector<std::string>{"opened"});
  EXPECT_EQ(machines.world().statistics().power_cuts, 1u);
}

}  // namespace
