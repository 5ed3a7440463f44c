// What the program's exit code says; one code per kind of ending.
#pragma once

namespace cli {

enum ExitCode : int {
  kHolds = 0,
  kSafetyViolated = 1,
  kUsage = 2,
  kLivenessViolated = 3,
  kNonDeterminism = 4,
  kAborted = 5,
  kInternalError = 6,
  kInterrupted = 130,  // as shells say for SIGINT
};

}  // namespace cli
