// Transcripts of scripted scenarios against tests/raft/golden/*.txt. After a wanted change, run
// with DRAWPROOF_REWRITE_GOLDEN=1 and read the difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/raft/transcript.h"

namespace {

using namespace raft_tests;

Cluster::Setup cluster_of(std::size_t voters, std::size_t learners = 0, NodeId spares = 0) {
  Cluster::Setup setup;
  for (NodeId id = 1; id <= voters + learners; ++id) {
    (id <= voters ? setup.initial.voters : setup.initial.learners).push_back(id);
  }
  setup.nodes = voters + learners + spares;
  return setup;
}

void compare(Transcript& transcript, const std::string& name) {
  EXPECT_EQ(transcript.cluster().safety.violation(), "");
  const std::string path =
      std::string(DRAWPROOF_SOURCE_DIR) + "/tests/raft/golden/" + name + ".txt";
  if (std::getenv("DRAWPROOF_REWRITE_GOLDEN") != nullptr) {
    std::ofstream(path) << transcript.text();
  }
  std::ifstream file(path);
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(transcript.text(), golden.str()) << path;
}

// Node 1 leads everybody who can hear it.
void elect_first(Transcript& transcript) {
  transcript.time_out(1);
  transcript.settle();
}

TEST(Golden, Election) {
  Transcript transcript(cluster_of(3, 1));
  elect_first(transcript);
  transcript.show();
  transcript.note("# A node that was cut off asks in vain, and raises no term.");
  transcript.alone(3);
  transcript.time_out(3);
  transcript.mend();
  transcript.time_out(3);
  transcript.settle();
  transcript.tick(1);
  transcript.settle();
  transcript.show();
  compare(transcript, "election");
}

TEST(Golden, Replication) {
  Transcript transcript(cluster_of(3));
  elect_first(transcript);
  transcript.note("# A follower that missed entries gets them after a heartbeat.");
  transcript.cut(1, 3);
  transcript.propose(1);
  transcript.propose(1);
  transcript.settle();
  transcript.mend();
  transcript.tick(1);
  transcript.settle();
  transcript.show();
  compare(transcript, "replication");
}

// Paper figure 8: an entry of term 1 on a majority is not safe before one of term 3 is behind it.
TEST(Golden, Figure8) {
  Cluster::Setup setup = cluster_of(5);
  setup.append_bytes_max = 1;  // one entry per append
  Transcript transcript(std::move(setup));
  elect_first(transcript);
  transcript.note("# (a) node 1 leads term 1, its entry reaches node 2 only.");
  for (const NodeId id : {3, 4, 5}) {
    transcript.cut(1, id);
  }
  transcript.propose(1);
  transcript.settle();
  transcript.note("# (b) node 5 leads term 2 with the votes of 3 and 4, its entry reaches nobody.");
  transcript.crash(1);
  transcript.alone(2);
  for (int i = 0; i < 2; ++i) {
    transcript.time_out(3);  // their leases end
    transcript.time_out(4);
  }
  transcript.cluster().wire.clear();
  transcript.time_out(5);
  transcript.settle_until_leads(5);
  transcript.show();
  transcript.note("# (c) node 1 is back and leads; what it brings from term 1 is not counted.");
  transcript.crash(5);
  transcript.start(1);
  transcript.mend();
  transcript.time_out(1);
  transcript.settle();
  transcript.time_out(1);
  transcript.settle();
  transcript.show();
  compare(transcript, "figure_8");
}

TEST(Golden, Snapshot) {
  Transcript transcript(cluster_of(3));
  elect_first(transcript);
  transcript.crash(3);
  for (int i = 0; i < 3; ++i) {
    transcript.propose(1);
    transcript.settle();
  }
  transcript.compact(1, 4);
  transcript.start(3);
  transcript.note("# The log starts behind what node 3 needs.");
  transcript.tick(1);
  transcript.settle();
  transcript.show();
  compare(transcript, "snapshot");
}

TEST(Golden, Transfer) {
  Transcript transcript(cluster_of(3));
  elect_first(transcript);
  transcript.cut(1, 2);
  transcript.propose(1);
  transcript.settle();
  transcript.mend();
  transcript.transfer(1, 2);
  transcript.propose(1);
  transcript.tick(1);
  transcript.settle();
  transcript.show();
  compare(transcript, "transfer");
}

TEST(Golden, Reads) {
  Transcript transcript(cluster_of(3, 1));
  elect_first(transcript);
  transcript.read(4);
  transcript.settle();
  transcript.note("# A leader that was deposed behind its back answers nothing.");
  transcript.alone(1);
  transcript.read(1);
  transcript.time_out(3);
  transcript.time_out(2);
  transcript.settle();
  transcript.mend();
  transcript.tick(1);
  transcript.settle();
  transcript.show();
  compare(transcript, "reads");
}

TEST(Golden, Membership) {
  Transcript transcript(cluster_of(3, 0, 1));
  elect_first(transcript);
  transcript.change(1, {{1, 2, 3}, {4}});
  transcript.change(1, {{1, 2, 3, 4}, {}});
  transcript.settle();
  transcript.note("# A learner that has caught up becomes a voter; then the leader leaves.");
  transcript.change(1, {{1, 2, 3, 4}, {}});
  transcript.settle();
  transcript.change(1, {{2, 3, 4}, {}});
  transcript.settle();
  transcript.show();
  compare(transcript, "membership");
}

}  // namespace
