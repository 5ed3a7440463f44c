// Probabilities and drifts are whole numbers of parts per million ("ppm"): no floating point
// decides anything in a simulation.
#pragma once

#include <cstdint>

namespace simnet {

inline constexpr std::int64_t kMillion = 1'000'000;

}  // namespace simnet
