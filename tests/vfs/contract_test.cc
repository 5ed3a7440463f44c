// The contract, held against the simulated VFS and against SQLite's own.

#include "tests/vfs/contract.h"

#include <stdlib.h>

#include <filesystem>

#include "simnet/vfs.h"
#include "tests/vfs/database_contract.h"

namespace vfs_tests {
namespace {

template <std::uint32_t sector_bytes>
class SimPlace {
 public:
  SimPlace() : disk_({.sector_bytes = sector_bytes}) { vfs_.add_disk("h", disk_); }
  const char* vfs() const { return vfs_.name().c_str(); }
  std::string path(const std::string& file) const { return "/h/" + file; }

 private:
  simnet::Disk disk_;
  simnet::Vfs vfs_{"vfs-contract"};
};

// A folder of its own, which it removes.
class UnixPlace {
 public:
  UnixPlace() {
    std::string pattern = std::filesystem::temp_directory_path() / "vfs-contract-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("no temporary folder: " + pattern);
    }
    folder_ = pattern;
  }
  ~UnixPlace() { std::filesystem::remove_all(folder_); }
  UnixPlace(const UnixPlace&) = delete;
  UnixPlace& operator=(const UnixPlace&) = delete;

  const char* vfs() const { return "unix"; }
  std::string path(const std::string& file) const { return folder_ / file; }

 private:
  std::filesystem::path folder_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Sim512, VfsContract, SimPlace<512>);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim4096, VfsContract, SimPlace<4096>);
INSTANTIATE_TYPED_TEST_SUITE_P(Unix, VfsContract, UnixPlace);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim512, DatabaseContract, SimPlace<512>);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim4096, DatabaseContract, SimPlace<4096>);
INSTANTIATE_TYPED_TEST_SUITE_P(Unix, DatabaseContract, UnixPlace);

}  // namespace
}  // namespace vfs_tests
