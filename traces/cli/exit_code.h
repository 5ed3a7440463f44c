// What the program's exit code says; one code per kind of ending.
#pragma once

#include "properties/universe.h"
#include "traces/fuzz/finding.h"

namespace cli {

enum ExitCode : int {
  kHolds = 0,
  kSafetyViolated = 1,
  kUsage = 2,
  kLivenessViolated = 3,
  kNonDeterminism = 4,
  kAborted = 5,
  kInternalError = 6,
  kQuotaMissed = 7,    // everything holds, but a sweep did not try enough
  kInterrupted = 130,  // as shells say for SIGINT
};

inline int exit_code(properties::Verdict verdict) {
  switch (verdict) {
    case properties::Verdict::holds:
      return kHolds;
    case properties::Verdict::safety_violated:
      return kSafetyViolated;
    case properties::Verdict::aborted:
      return kAborted;
    case properties::Verdict::liveness_violated:
      return kLivenessViolated;
    case properties::Verdict::interrupted:
      return kInterrupted;
  }
  return kInternalError;
}

inline int exit_code(fuzz::Kind kind) {
  switch (kind) {
    case fuzz::Kind::safety_violated:
      return kSafetyViolated;
    case fuzz::Kind::liveness_violated:
      return kLivenessViolated;
    case fuzz::Kind::aborted:
    case fuzz::Kind::crashed:
    case fuzz::Kind::hung:
      return kAborted;
    case fuzz::Kind::non_determinism:
      return kNonDeterminism;
  }
  return kInternalError;
}

// Of two runs, what the user must see first: 1, then 5, 4, 3, then nothing.
inline int worse(int a, int b) {
  const auto rank = [](int code) {
    return code == kSafetyViolated     ? 4
           : code == kAborted          ? 3
           : code == kNonDeterminism   ? 2
           : code == kLivenessViolated ? 1
                                       : 0;
  };
  return rank(a) >= rank(b) ? a : b;
}

}  // namespace cli
