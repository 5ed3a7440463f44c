// The ledger's log: entries numbered from 1 without a gap, durable once append()
// has returned. The log is the authority; the books are what follows from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "system/store/database.h"

namespace lottery {

class LedgerLog {
 public:
  // Errors everywhere: store::Error; the caller must then stop the process.
  explicit LedgerLog(const env::DatabaseFile& file);

  std::int64_t last_index() const { return last_index_; }
  // REQUIRES: index == last_index() + 1.
  void append(std::int64_t index, std::string_view payload);
  // REQUIRES: 1 <= index <= last_index().
  std::string payload(std::int64_t index);

 private:
  store::Database database_;
  std::int64_t last_index_ = 0;
};

}  // namespace lottery
