// Replicas of a register on simulated hosts "n1", "n2", ... in three regions, clients "c1", ...
// that write unique values and read, and the judges of all they do.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "simnet/env/sim_env.h"
#include "system/replica/replica.h"
#include "tests/replica/history.h"
#include "tests/replica/register_machine.h"
#include "tests/replica/safety.h"

namespace replica_test {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr std::uint16_t kReplicaPort = 7000;
inline constexpr std::uint16_t kServicePort = 7001;

struct ClusterOptions {
  std::uint64_t voters = 3;
  std::uint64_t learners = 0;
  std::uint64_t clients = 3;
  std::uint64_t keep_entries = 20;
  std::uint64_t compact_every = 20;
  env::Duration trouble = seconds(60);  // for how long faults strike
};

class Cluster {
 public:
  // The process of one replica.
  class Server;

  Cluster(std::uint64_t seed, ClusterOptions options);
  ~Cluster();

  void run_for(env::Duration duration) { world.run_until(world.now() + duration); }
  // False when it did not become true in time.
  template <class Done>
  bool run_until(Done done, env::Duration limit) {
    const simnet::Time end = world.now() + limit;
    while (!done() && world.now() < end) {
      run_for(milliseconds(20));
    }
    return done();
  }

  simnet::Host& host(std::uint64_t id) { return *world.find("n" + std::to_string(id)); }
  env::Env& env(std::uint64_t id) { return *envs_.at("n" + std::to_string(id)); }
  // Null while the process is down.
  replica::Replica* replica(std::uint64_t id);
  RegisterMachine* machine(std::uint64_t id);
  std::uint64_t size() const { return options_.voters + options_.learners; }
  // The id of a replica that leads and knows that a quorum follows, or 0.
  std::uint64_t leader();
  // All but `without` have applied the same, which is at least `index`.
  bool converged(std::uint64_t index, const std::set<std::uint64_t>& without);

  std::vector<std::string> server_names() const;
  std::vector<std::string> client_names() const;

  simnet::World world;
  Safety safety;
  History history;

 private:
  env::Env& add(const std::string& name, std::uint64_t number);
  void add_server(std::uint64_t id, const std::vector<replica::Member>& members);

  const ClusterOptions options_;
  std::map<std::string, std::unique_ptr<sim_env::SimEnv>> envs_;
  std::map<std::uint64_t, Server*> servers_;
};

}  // namespace replica_test
