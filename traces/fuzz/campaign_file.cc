#include "traces/fuzz/campaign_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "faults/input.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTables = R"sql(
CREATE TABLE builds (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE scenarios (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, UNIQUE (name, definition));
CREATE TABLE campaigns (
  id INTEGER PRIMARY KEY, build INTEGER NOT NULL REFERENCES builds, seed_base INTEGER NOT NULL,
  scenarios TEXT NOT NULL, shard INTEGER NOT NULL, shards INTEGER NOT NULL,
  started_s INTEGER NOT NULL, wall_ms INTEGER NOT NULL,
  UNIQUE (build, seed_base, scenarios, shard, shards));
CREATE TABLE runs (
  build INTEGER NOT NULL REFERENCES builds, scenario INTEGER NOT NULL REFERENCES scenarios,
  seed INTEGER NOT NULL, verdict TEXT NOT NULL, digest TEXT, repeat_digest TEXT,
  events INTEGER NOT NULL, virtual_us INTEGER NOT NULL, wall_us INTEGER NOT NULL,
  faults TEXT NOT NULL, probes TEXT NOT NULL,
  PRIMARY KEY (build, scenario, seed)) WITHOUT ROWID;
CREATE TABLE findings (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, property TEXT NOT NULL, place TEXT NOT NULL,
  shape TEXT NOT NULL, build INTEGER NOT NULL REFERENCES builds,
  scenario INTEGER NOT NULL REFERENCES scenarios, seed INTEGER NOT NULL, events INTEGER NOT NULL,
  message TEXT NOT NULL, diagnostics TEXT NOT NULL, trace TEXT NOT NULL,
  UNIQUE (kind, property, place, shape));
CREATE TABLE failures (
  finding INTEGER NOT NULL REFERENCES findings, build INTEGER NOT NULL REFERENCES builds,
  scenario INTEGER NOT NULL REFERENCES scenarios, seed INTEGER NOT NULL,
  PRIMARY KEY (finding, build, scenario, seed)) WITHOUT ROWID;
CREATE INDEX failures_of_a_run ON failures (build, scenario, seed);
CREATE VIEW faults AS
  SELECT build, scenario, seed, key AS kind, value AS count FROM runs, json_each(runs.faults);
CREATE VIEW probes AS
  SELECT build, scenario, seed, key AS name, value AS hits FROM runs, json_each(runs.probes);
)sql";

// SQLite would report any of these in other words, or take an empty file for a new database.
void check_path(const std::string& path, Access access) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    throw faults::InputError(path + ": is a directory, not a campaign's database");
  }
  const bool exists = fs::exists(path, error);
  if (!exists) {
    const fs::path folder = fs::path(path).parent_path();
    if (access != Access::create) {
      throw faults::InputError(path + ": there is no such database");
    }
    if (!folder.empty() && !fs::is_directory(folder, error)) {
      throw faults::InputError(path + ": cannot be made: there is no folder " + folder.string());
    }
    return;
  }
  if (!fs::is_regular_file(path, error)) {
    throw faults::InputError(path + ": is no regular file");
  }
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  std::array<char, 16> start{};
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), start.size());
  if (!file.is_open()) {
    throw faults::InputError(path + ": cannot be read");
  }
  const std::string_view read(start.data(), static_cast<std::size_t>(file.gcount()));
  if (read != kMagic && !(read.empty() && access == Access::create)) {
    throw faults::InputError(path + ": is no campaign's database, nor any of SQLite");
  }
}

}  // namespace

CampaignFile::CampaignFile(const std::string& path, Access access) : path_(path) {
  check_path(path, access);
  try {
    if (access != Access::read) {
      lock();
    }
    database_ = std::make_unique<Sqlite>(path, access);
    recognise(access);
  } catch (...) {
    database_.reset();
    close(lock_);
    throw;
  }
}

CampaignFile::~CampaignFile() {
  database_.reset();
  if (lock_ >= 0) {
    close(lock_);
  }
}

// flock() and SQLite's locks do not see each other, so readers may look on. The kernel ends it with
// the last process that has the file open, however it ends.
void CampaignFile::lock() {
  lock_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ < 0) {
    throw faults::InputError(path_ + ": cannot be written: " + std::strerror(errno));
  }
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    throw faults::InputError(path_ + ": another campaign is writing this database");
  }
}

void CampaignFile::recognise(Access access) {
  const std::int64_t application = database_->integer("PRAGMA application_id");
  const std::int64_t schema = database_->integer("PRAGMA user_version");
  const std::int64_t tables = database_->integer("SELECT count(*) FROM sqlite_schema");
  if (application == 0 && schema == 0 && tables == 0 && access == Access::create) {
    SqliteTransaction transaction(*database_);
    database_->execute(kTables);
    database_->execute("PRAGMA application_id = " + std::to_string(kApplicationId));
    database_->execute("PRAGMA user_version = " + std::to_string(kSchemaVersion));
    transaction.commit();
    return;
  }
  if (application != kApplicationId) {
    throw faults::InputError(path_ + ": is a database of SQLite, but of no campaign");
  }
  if (schema != kSchemaVersion) {
    throw faults::InputError(path_ + ": has version " + std::to_string(schema) +
                             " of the tables; this program knows version " +
                             std::to_string(kSchemaVersion));
  }
  Rows check = database_->query("PRAGMA quick_check(1)");
  if (check.next() && check.text(0) != "ok") {
    throw faults::InputError(path_ + ": this database is damaged (" + check.text(0) + ")");
  }
  if (access != Access::read) {
    SqliteTransaction(*database_).commit();  // whether it can be written
  }
}

}  // namespace fuzz
