// A campaign's books, as the process that runs it keeps them. What a finding says is committed
// before the call returns; runs are committed together by flush().
//
// A build is the code that ran: digests of one build must agree, those of two need not.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "traces/fuzz/campaign_file.h"
#include "traces/fuzz/finding.h"

namespace fuzz {

struct NamedScenario {
  std::string name;        // as the user calls it: a shipped one, or a file
  std::string definition;  // the text of its JSON; the same name may mean another one tomorrow
};

// Which campaign: the same again is the same one, resumed.
struct Identity {
  std::string build;
  std::uint64_t seed_base = 0;
  std::vector<NamedScenario> scenarios;
  std::uint64_t shard = 0;
  std::uint64_t shards = 1;
};

struct RunRow {
  Task task;
  std::string verdict;
  std::optional<std::uint64_t> digest;  // none: it never came to its end
  std::optional<std::uint64_t> repeat_digest;
  std::uint64_t events = 0;
  std::int64_t virtual_us = 0;
  std::int64_t wall_us = 0;
  Counts faults;
  Counts probes;
};

// A failure's place among those of its finding.
struct Recorded {
  std::int64_t finding = 0;
  std::uint64_t nth = 0;  // how many failures it has now, this one included
  bool smallest = false;  // no other run of it is as small: its trace is the one to keep
  std::string old_trace;  // the file of the one that was the smallest so far; may be empty
};

class Campaign {
 public:
  // `now_s`: of the wall clock, for the record.
  Campaign(CampaignFile& file, const Identity& identity, std::int64_t now_s);

  // The run is in the books, with its second run if it must have one.
  bool done(const Task& task);
  // Replaces what was there.
  void add(const RunRow& run);
  // The run with it, committed.
  Recorded add_failure(const RunRow& run, const Failure& failure);
  void set_trace(std::int64_t finding, const std::string& file);
  // Commits what is pending, and that the campaign has taken so long.
  void flush(std::int64_t wall_ms);

  // The findings that a run which is done belongs to.
  std::map<std::int64_t, Kind> findings_of(const Task& task);

 private:
  void begin();
  void commit();

  Sqlite& database_;
  std::vector<std::int64_t> scenarios_;  // their ids, by index
  std::int64_t build_ = 0;
  std::int64_t campaign_ = 0;
  std::int64_t wall_before_ms_ = 0;  // when it is resumed
  std::optional<SqliteTransaction> pending_;
};

// What --resume goes on with: the newest campaign in the file.
struct Resumable {
  std::string build;
  std::uint64_t seed_base = 0;
  std::vector<std::string> scenarios;
  std::uint64_t shard = 0;
  std::uint64_t shards = 1;
};
std::optional<Resumable> newest_campaign(Sqlite& database);

}  // namespace fuzz
