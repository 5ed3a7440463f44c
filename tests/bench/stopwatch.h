// Measures how often a step can be done per second of real time.
#pragma once

#include <algorithm>
#include <chrono>

namespace bench {

// The best of five rounds of a fifth of a second: noise only ever slows.
template <class Step>
double rate_of(Step step) {
  using Clock = std::chrono::steady_clock;
  constexpr int kBatch = 10'000;
  for (int i = 0; i < 20 * kBatch; ++i) {
    step();
  }
  double best = 0;
  for (int round = 0; round < 5; ++round) {
    const auto begin = Clock::now();
    double steps = 0;
    std::chrono::duration<double> passed{};
    do {
      for (int i = 0; i < kBatch; ++i) {
        step();
      }
      steps += kBatch;
      passed = Clock::now() - begin;
    } while (passed.count() < 0.2);
    best = std::max(best, steps / passed.count());
  }
  return best;
}

}  // namespace bench
