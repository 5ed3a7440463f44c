#include "tests/tidy/probes.h"

#include <gtest/gtest.h>

namespace tidy {
namespace {

TEST(Probes, NamesOfTheTree) {
  const auto probes = probes_of(tree());
  EXPECT_GE(probes.size(), 60u) << "the probes were not found";
  const Findings findings = check_probes(probes);
  EXPECT_TRUE(findings.empty()) << join(findings);
}

TEST(Probes, BadNamesAreFound) {
  const auto findings_in = [](const char* text) {
    return check_probes(probes_of({{"system/raft/a.cc", text}})).size();
  };
  EXPECT_EQ(findings_in("probe::hit<\"raft.a_1\">(); probe::hit_if<\"raft.b\">(x);"), 0u);
  EXPECT_EQ(findings_in("probe::hit<\"raft.a\">(); probe::hit_if<\n\"raft.a\">(x);"), 1u);
  EXPECT_EQ(findings_in("probe::hit<\"raft\">();"), 1u);
  EXPECT_EQ(findings_in("probe::hit<\"raft.What\">();"), 1u);
  EXPECT_EQ(findings_in("probe::hit<\"raft.a.b\">();"), 1u);
}

TEST(Probes, PlacesAreTold) {
  const auto probes = probes_of({{"system/raft/a.cc", "\n\nprobe::hit<\"raft.a\">();"},
                                 {"tests/raft/a.cc", "probe::hit<\"raft.b\">();"},
                                 {"system/store/b.cc", "probe::hit<\"raft.a\">();"}});
  ASSERT_EQ(probes.size(), 2u);
  EXPECT_EQ(
      check_probes(probes),
      (Findings{"system/store/b.cc:1: probe \"raft.a\" stands at system/raft/a.cc:3 already"}));
}

}  // namespace
}  // namespace tidy
