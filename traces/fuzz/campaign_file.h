// The file of a campaign: opened, recognised as ours and of a version that is known, and, for those
// who write, locked against a second writer. README.md documents the tables.
#pragma once

#include <memory>
#include <string>

#include "traces/fuzz/sqlite.h"

namespace fuzz {

inline constexpr std::int64_t kApplicationId = 0x64706633;  // "dpf3"
inline constexpr std::int64_t kSchemaVersion = 1;

class CampaignFile {
 public:
  // Of `read` and `write` the file must exist. Errors: faults::InputError, one line that names the
  // file; then it is as it was.
  CampaignFile(const std::string& path, Access access);
  ~CampaignFile();
  CampaignFile(const CampaignFile&) = delete;
  CampaignFile& operator=(const CampaignFile&) = delete;

  Sqlite& database() { return *database_; }

 private:
  void lock();
  void recognise(Access access);

  const std::string path_;
  int lock_ = -1;  // closed after the database: closing it ends SQLite's own locks on the file
  std::unique_ptr<Sqlite> database_;
};

}  // namespace fuzz
