// The contract, held against the simulated VFS and against SQLite's own.

#include "tests/vfs/contract.h"

#include "tests/vfs/database_contract.h"
#include "tests/vfs/places.h"

namespace vfs_tests {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Sim512, VfsContract, SimPlace<512>);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim4096, VfsContract, SimPlace<4096>);
INSTANTIATE_TYPED_TEST_SUITE_P(Unix, VfsContract, UnixPlace);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim512, DatabaseContract, SimPlace<512>);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim4096, DatabaseContract, SimPlace<4096>);
INSTANTIATE_TYPED_TEST_SUITE_P(Unix, DatabaseContract, UnixPlace);

}  // namespace
}  // namespace vfs_tests
