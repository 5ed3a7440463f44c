// One universe: a scenario, a seed, a plan and a workload, run to its end under every
// property. Building it twice with the same four gives the same digest.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "faults/nemesis.h"
#include "faults/plan.h"
#include "properties/oracle.h"
#include "properties/probes.h"
#include "properties/scenario.h"
#include "properties/watcher.h"
#include "properties/workload.h"
#include "simnet/env/sim_env.h"
#include "simnet/world.h"

namespace properties {

enum class Verdict {
  holds,
  safety_violated,
  liveness_violated,
  aborted,      // a process of the system under test ended by itself
  interrupted,  // stopped from outside before the end; what was checked held
};

struct Progress {
  simnet::Time now;
  simnet::Time expected_end;
  std::uint64_t events = 0;
  bool unsafe = false;  // a safety property is violated
};

struct PropertyResult {
  std::string id;
  std::string statement;
  std::uint64_t checks = 0;
  std::vector<Violation> violations;
};

struct Report {
  Verdict verdict = Verdict::holds;
  std::uint64_t digest = 0;
  std::vector<simnet::Digest::Checkpoint> checkpoints;
  std::uint64_t events = 0;
  simnet::Time end;
  bool whole = true;     // not stopped from outside before its end
  bool settled = false;  // everything came to rest within the grace period
  Tally tally;
  std::map<faults::Kind, std::uint64_t> faults;
  simnet::WorldStatistics hosts;
  simnet::NetworkStatistics network;
  std::vector<PropertyResult> properties;
  std::vector<simnet::Abort> aborts;  // exceptions nobody caught
  // Processes that stopped themselves, and why, without a fault of their disk: a defect.
  std::vector<simnet::Abort> fail_stops;
  std::uint64_t excused_stops = 0;  // the others
  std::uint64_t unreadable = 0;     // events at which the books could not be read and compared
  std::map<std::string, std::uint64_t> emitted;  // events of the services by name
  std::uint64_t users = 0;                       // of the workload
  std::uint64_t intents = 0;                     // that they have in all; those begun: tally
  std::uint64_t double_presses = 0;              // requests sent a second time by impatient users
  std::uint64_t retries = 0;  // requests repeated because the outcome was unknown
  ProbeCounts probes;         // rare situations, until the disks are judged
};

// The plan that the seed draws for the scenario.
faults::Plan draw_plan(const Scenario& scenario, std::uint64_t seed);

class Universe {
 public:
  Universe(const Scenario& scenario, std::uint64_t seed, faults::Plan plan, Workload workload);
  ~Universe();

  // `keep_going` is asked every virtual second, and more often when much happens
  // in it; false ends the run early.
  Report run(const std::function<bool(const Progress&)>& keep_going);

  // Keeps every event and every choice of the run. REQUIRES: before run().
  void record();
  simnet::Recording recording() const;

  // These choices have these numbers. REQUIRES: before run().
  void replay(const std::vector<simnet::Tape::Entry>& tape) { world_.tape().replay(tape); }
  // Of them, how many the run has never come to.
  std::size_t unmatched() const { return world_.tape().unmatched(); }
  // `watcher` outlives the universe. REQUIRES: before run().
  void watch(Watcher& watcher);
  // Likewise, at the wire and at the processes.
  void tap(simnet::Tap& tap) { world_.set_tap(&tap); }
  const std::vector<std::unique_ptr<simnet::Host>>& hosts() const { return world_.hosts(); }

  std::vector<std::string> host_names() const;

 private:
  void add_servers();
  void add_clients();
  void set_links();
  env::Env& make_env(simnet::Host& host);
  simnet::Host::Program client(simnet::Host& host, const User& user);
  bool advance(simnet::Time until, const std::function<bool(const Progress&)>& keep_going);
  std::string unfinished() const;
  bool unsafe() const;
  void judge_the_end(bool healed);
  Report report(bool interrupted);

  const Scenario scenario_;
  const Workload workload_;
  probe::Counts probes_;
  Watcher* watcher_ = nullptr;
  simnet::Journal journal_;
  simnet::World world_;
  Oracle oracle_;
  std::vector<std::unique_ptr<sim_env::SimEnv>> envs_;
  std::set<std::string> done_;
  std::map<std::string, std::uint64_t> emitted_;
  std::uint64_t double_presses_ = 0;
  std::uint64_t retries_ = 0;
  faults::Nemesis nemesis_;
  bool settled_ = false;
};

}  // namespace properties
