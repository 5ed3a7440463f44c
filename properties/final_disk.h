// What a replica of the ledger left on its disk, opened the way the replica would open it.
#pragma once

#include <string>

#include "properties/property.h"
#include "properties/topology.h"
#include "system/store/database.h"

namespace properties {

class FinalDisk {
 public:
  // Errors: store::Error.
  FinalDisk(const Replica& replica, const std::string& vfs);
  // Points into this object.
  FinalReplica state();

 private:
  const std::int64_t node_;
  store::Database log_;
  store::Database books_;
};

}  // namespace properties
