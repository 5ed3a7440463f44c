// Workloads as a user prints and gives them.
#include <gtest/gtest.h>

#include "tests/traces/program.h"

namespace cli_test {
namespace {

std::string digest_of(const Ended& ended) { return after(ended.out, "\nDigest         "); }

TEST(WorkloadCommand, PrintedWorkloadGivesTheSameUniverse) {
  const Folder folder;
  for (const char* seed : {"1", "2"}) {
    const Ended printed =
        run_drawproof({"run", "--scenario", "quick", "--seed", seed, "--print-workload"});
    EXPECT_EQ(printed.code, 0);
    const std::string workload = folder.write("users.json", printed.out);
    const Ended own = run_drawproof({"run", "--scenario", "quick", "--seed", seed});
    const Ended given =
        run_drawproof({"run", "--scenario", "quick", "--seed", seed, "--workload", workload});
    EXPECT_EQ(own.code, 0);
    EXPECT_EQ(digest_of(given), digest_of(own));
    EXPECT_TRUE(last_line(given.out).ends_with(" --workload " + workload)) << given.out;
    EXPECT_NE(given.out.find("\nIntents        40 of 20 users, begun 40, satisfied "),
              std::string::npos);
    EXPECT_EQ(
        run_drawproof({"run", "--scenario", "quick", "--workload", workload, "--print-workload"})
            .out,
        printed.out);
  }
}

TEST(WorkloadCommand, NobodyIsAUniverseToo) {
  const Folder folder;
  const std::string empty = folder.write("w.json", "{\"version\": 1, \"users\": []}");
  const Ended none =
      run_drawproof({"run", "--scenario", "quick", "--seeds", "1..2", "--workload", empty});
  EXPECT_EQ(none.code, 0) << none.out;
  EXPECT_NE(none.out.find("\nPurchases     \n"), std::string::npos) << none.out;
}

}  // namespace
}  // namespace cli_test
