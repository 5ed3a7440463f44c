#include "tests/fuzz/support.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>

namespace fuzz_test {

Folder::Folder() {
  std::string pattern = testing::TempDir() + "fuzz-XXXXXX";
  EXPECT_NE(mkdtemp(pattern.data()), nullptr);
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

fuzz::Result holding(std::uint64_t seed) {
  fuzz::Result result;
  result.digest = seed * 7919;
  result.events = 1000 + seed;
  result.virtual_us = 5'000'000;
  result.faults = {{"crash", 2}, {"partition", 1}};
  result.checkpoints = {{500, simnet::Time(std::chrono::seconds(2)), seed},
                        {result.events, simnet::Time(std::chrono::seconds(5)), result.digest}};
  return result;
}

fuzz::Result violating(std::uint64_t seed, const std::string& message) {
  fuzz::Result result = holding(seed);
  result.outcome = traces::Outcome::safety_violated;
  result.property = "S3";
  result.message = message;
  result.trace = "the trace of seed " + std::to_string(seed);
  return result;
}

fuzz::Identity identity() { return {"1.0 abc", 0, {{"quick", "{}"}}, 0, 1}; }

fuzz::Overview overview_of(const std::string& path) {
  fuzz::CampaignFile file(path, fuzz::Access::read);
  return fuzz::overview(file.database());
}

}  // namespace fuzz_test
