// Histories as JSON lines from a simulated object: clients call it concurrently, each
// operation takes effect at one moment between invocation and completion, some outcomes
// stay unknown. So they are linearizable, unless one read is spoilt on purpose.
#pragma once

#include <cstdint>
#include <string>

#include "properties/linearizability/model.h"

namespace linearizability_test {

struct GeneratorOptions {
  linearizability::ModelKind kind = linearizability::ModelKind::register_;
  std::uint64_t seed = 1;
  std::uint64_t operations = 1000;
  std::uint64_t clients = 10;
  std::uint64_t keys = 1;
  std::uint64_t unknown_permille = 10;
  // register: values written come from this many; 0: each is written once.
  std::uint64_t values = 0;
  // The first read that takes effect behind this many operations answers with what its object
  // held some changes ago; 0: none does. register with values 0: certainly wrong.
  std::uint64_t stale_from = 0;
};

// What the generated objects hold at the start: register nil, stock 50, bank 100 each.
linearizability::ModelOptions model_options(const GeneratorOptions& options);
std::string generate(const GeneratorOptions& options);

}  // namespace linearizability_test
