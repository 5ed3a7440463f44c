#include "tests/env/contract.h"
#include "tests/support/sim_machines.h"

namespace contract {

INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, EnvContract, support::SimMachines);

}  // namespace contract
