// One universe of a cluster under faults that its seed draws: trouble for a while, then healing,
// then convergence.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simnet/disk_types.h"
#include "tests/replica/cluster.h"

namespace replica_test {

struct Verdict {
  std::vector<std::string> violations;
  std::string plan;  // JSON
  std::uint64_t digest = 0;
  std::uint64_t writes = 0;
  std::uint64_t reads = 0;
  std::uint64_t elections = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t distrusted = 0;  // openings of a log that had lost something
  std::uint64_t damaged = 0;     // nodes whose disk was not honest, and how many of them are as the
  std::uint64_t mended = 0;      // others in the end
  simnet::DiskStats disks;       // what struck the replicas' disks: injected errors, rotten reads,
                                 // power losses and the sectors that they tore
};

// Disks that fail by saying so strike any node; those that give back something else than was
// written, a minority of the voters.
Verdict try_seed(std::uint64_t seed, const ClusterOptions& options);

}  // namespace replica_test
