// Properties on inputs drawn at random, as GoogleTest's cases. The same inputs in every run, so
// that a failure is a change's own; RC_PARAMS="seed=N" asks for others.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <string>

#include "properties/generators/generators.h"
#include "simnet/digest.h"

namespace properties {

inline void expect_of_any(int cases, const std::function<void()>& property) {
  const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
  Search search{std::string(test->test_suite_name()) + "/" + test->name(), cases};
  const char* const asked = std::getenv("RC_PARAMS");
  if (asked == nullptr || std::string(asked).find("seed") == std::string::npos) {
    search.seed = simnet::hash_bytes(search.name);
  }
  EXPECT_EQ(failure_of(search, property), "");
}

}  // namespace properties
