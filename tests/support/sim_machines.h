// Two simulated hosts, "left" and "right", whose processes do nothing but what the
// test spawns on their Envs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "simnet/env/sim_env.h"

namespace support {

class SimMachines {
 public:
  explicit SimMachines(std::uint64_t seed = 1) : world_(seed) {
    for (const char* name : {"left", "right"}) {
      simnet::Host& host = world_.add_host({name, "here"});
      host.set_program([](simnet::Host&) { return std::shared_ptr<void>(); });
      host.boot();
      envs_.push_back(std::make_unique<sim_env::SimEnv>(
          host, [this](simnet::Host&, const env::EventRef& event) {
            events_.push_back(event.encode());
          }));
    }
    run({});
  }
  // The processes end before what their coroutines point to in the test's Envs.
  ~SimMachines() { stop(); }

  void stop() {
    for (const auto& host : world_.hosts()) {
      host->stop(simnet::StopKind::process);
    }
  }

  env::Env& left() { return *envs_[0]; }
  env::Env& right() { return *envs_[1]; }
  simnet::Host& left_host() { return world_.host(1); }
  simnet::Host& right_host() { return world_.host(2); }
  simnet::World& world() { return world_; }
  void run(env::Duration duration) { world_.run_until(world_.now() + duration); }
  void set(const std::string& name, std::int64_t value) { left_host().set(name, value); }
  int restarts_of_left() { return static_cast<int>(left_host().incarnation()) - 1; }
  const std::vector<std::string>& events() const { return events_; }

 private:
  simnet::World world_;
  std::vector<std::unique_ptr<sim_env::SimEnv>> envs_;
  std::vector<std::string> events_;
};

}  // namespace support
