// Draws a plan from a seed. Swarm testing: each run leaves some kinds of fault out
// altogether, because the absence of one often is what lets another do harm
// (Groce et al., "Swarm Testing", ISSTA 2012). Each kind and each fault draws from
// its own stream. Only what the atlas says must be survived is drawn.
#pragma once

#include <string>
#include <vector>

#include "faults/atlas.h"
#include "faults/plan.h"
#include "simnet/random.h"

namespace faults {

// A service that can be made to misbehave by a setting.
struct SettingTarget {
  std::string host;
  std::string name;
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// Who may be struck, and what they are to the system.
struct SwarmTargets {
  std::vector<std::string> servers;
  std::vector<std::string>
      durable;  // those of the servers whose disk matters; twice: twice as often
  // Servers that hold copies of each other. Damage to what a disk holds strikes at most
  // `replicas_damaged_max` of them in a run.
  std::vector<std::string> replicas;
  std::size_t replicas_damaged_max = 0;
  std::vector<std::string> clients;
  std::vector<std::string> regions;
  std::vector<SettingTarget> settings;
  Standing as_server{};  // of the servers that are not durable
  Standing as_durable{.keeps = true};
  Standing as_replica{.keeps = true, .copies = true, .promises = true};
  // Of the replicas that damage may strike in this run.
  Standing as_minority{.keeps = true, .copies = true, .promises = true, .disk_checks = true};
  Standing as_client{.keeps = true};
};

struct SwarmOptions {
  std::int64_t duration_ms = 0;        // every fault ends by then
  std::int64_t faults_per_kind = 4;    // at most, of each kind that is on
  std::int64_t kind_off_percent = 50;  // how often a kind stays out of a run
  // Which kinds may be in at all; none listed: all but the aimed ones.
  std::vector<Kind> kinds = {};
};

Plan draw_plan(simnet::StreamKey randomness, const SwarmTargets& targets,
               const SwarmOptions& options);

}  // namespace faults
