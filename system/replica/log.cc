#include "system/replica/log.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "system/probe/probe.h"
#include "system/replica/codec.h"

namespace replica {
namespace {

std::int64_t to_sql(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t from_sql(std::int64_t value) { return static_cast<std::uint64_t>(value); }

std::uint64_t checksum_of(const raft::Entry& entry, std::uint64_t written, std::uint64_t previous) {
  Writer writer;
  writer.fixed(written);
  writer.fixed(entry.index);
  writer.fixed(entry.term);
  writer.byte(static_cast<std::uint8_t>(entry.kind));
  writer.raw(entry.data);
  const std::string bytes = writer.take();
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), previous);
}

}  // namespace

Log::Log(const env::DatabaseFile& file, raft::Configuration initial)
    : database_(file), initial_(std::move(initial)) {
  store::Transaction transaction(database_);
  database_.execute(
      "CREATE TABLE IF NOT EXISTS entries(idx INTEGER PRIMARY KEY, term INTEGER NOT NULL, "
      "kind INTEGER NOT NULL, data BLOB NOT NULL, written INTEGER NOT NULL, "
      "checksum INTEGER NOT NULL)");
  create_head_tables(database_);
  transaction.commit();
}

void Log::commit_head(store::Transaction& transaction) {
  ++head_.sequence;
  write_head(database_, head_);
  transaction.commit();
}

void Log::distrust(raft::Index up_to) {
  head_.distrusted_up_to = std::max(head_.distrusted_up_to, up_to);
}

std::uint64_t Log::checksum_at(raft::Index index) const {
  return index == head_.mark.index ? head_.mark_checksum : checksums_[index - head_.first_index()];
}

// REQUIRES of this and the next: a transaction is open, and the head is written afterwards.
void Log::cut_to(raft::Index last_index) {
  database_.run("DELETE FROM entries WHERE idx > ?1", to_sql(last_index));
  checksums_.resize(last_index - head_.mark.index);
  head_.last_index = last_index;
  head_.last_checksum = checksum_at(last_index);
}

void Log::restart_at(const raft::SnapshotMark& mark) {
  database_.run("DELETE FROM entries");
  checksums_.clear();
  head_.mark = mark;
  head_.mark_checksum = 0;
  head_.last_index = mark.index;
  head_.last_checksum = 0;
}

void Log::save(const std::optional<raft::HardState>& hard_state,
               const std::vector<raft::Entry>& entries) {
  store::Transaction transaction(database_);
  head_.hard_state = hard_state.value_or(head_.hard_state);
  if (!entries.empty() && entries.front().index <= head_.last_index) {
    cut_to(entries.front().index - 1);
  }
  for (const raft::Entry& entry : entries) {
    const std::uint64_t written = head_.sequence + 1;  // by commit_head
    const std::uint64_t checksum = checksum_of(entry, written, head_.last_checksum);
    database_.run(
        "INSERT INTO entries(idx, term, kind, data, written, checksum) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        to_sql(entry.index), to_sql(entry.term), static_cast<std::int64_t>(entry.kind),
        std::string_view(entry.data), to_sql(written), to_sql(checksum));
    checksums_.push_back(checksum);
    head_.last_index = entry.index;
    head_.last_checksum = checksum;
  }
  commit_head(transaction);
}

void Log::begin_install(const raft::SnapshotMark& mark,
                        const std::optional<raft::HardState>& hard_state) {
  store::Transaction transaction(database_);
  head_.hard_state = hard_state.value_or(head_.hard_state);
  head_.install = mark;
  commit_head(transaction);
}

void Log::finish_install() {
  store::Transaction transaction(database_);
  restart_at(*std::exchange(head_.install, std::nullopt));
  commit_head(transaction);
}

void Log::compact(const raft::SnapshotMark& mark) {
  store::Transaction transaction(database_);
  database_.run("DELETE FROM entries WHERE idx <= ?1", to_sql(mark.index));
  head_.mark_checksum = checksum_at(mark.index);
  const auto forgotten = static_cast<std::ptrdiff_t>(mark.index - head_.mark.index);
  checksums_.erase(checksums_.begin(), checksums_.begin() + forgotten);
  head_.mark = mark;
  commit_head(transaction);
}

void Log::trust() {
  probe::hit<"replica.disk_trusted_again">();
  store::Transaction transaction(database_);
  head_.distrusted_up_to = 0;
  commit_head(transaction);
}

raft::Restored Log::recover(raft::Index applied) {
  store::Transaction transaction(database_);
  Read read = recover_head(applied);
  recover_install(applied);
  recover_state(applied);
  database_.run("DELETE FROM entries WHERE idx <= ?1", to_sql(head_.mark.index));
  commit_head(transaction);

  raft::Restored restored;
  restored.hard_state = head_.hard_state;
  restored.snapshot = head_.mark;
  for (raft::Entry& entry : read.entries) {
    if (entry.index >= head_.first_index() && entry.index <= head_.last_index) {
      restored.log.push_back(std::move(entry));
    }
  }
  restored.applied = applied;
  restored.distrusted_up_to = head_.distrusted_up_to;
  return restored;
}

void Log::lose_vote() {
  probe::hit<"replica.vote_lost">();
  head_.hard_state.vote = raft::kNobody;
  distrust(UINT64_MAX);
}

Log::Read Log::recover_head(raft::Index applied) {
  const FoundHead found = read_head(database_);
  head_ = found.head;
  Read read;
  if (found.state == HeadState::sound) {
    read = read_records();
    checksums_.assign(read.checksums.begin(), read.checksums.end());
  }
  if (found.state == HeadState::absent && applied == 0 && !has_records()) {
    restart_at({0, 0, initial_});  // a new one
  } else if (found.state != HeadState::sound || read.head_is_old) {
    lose_vote();
    restart_at({0, 0, initial_});
  } else if (!read.whole) {
    probe::hit<"replica.log_damaged_at_start">();
    distrust(head_.last_index);
    restart_at(head_.mark);
  }
  return read;
}

void Log::recover_install(raft::Index applied) {
  const auto install = std::exchange(head_.install, std::nullopt);
  probe::hit_if<"replica.install_interrupted_before_the_state">(install &&
                                                                applied < install->index);
  if (install && applied >= install->index) {
    probe::hit<"replica.install_finished_after_restart">();
    restart_at(*install);
  }
}

void Log::recover_state(raft::Index applied) {
  if (applied < head_.mark.index) {  // it lost what the log no longer has
    probe::hit<"replica.state_older_than_the_log">();
    distrust(head_.last_index);
    restart_at({0, 0, initial_});
  }
  if (applied > std::max(head_.last_index, head_.distrusted_up_to)) {
    lose_vote();  // the log was once longer than head and records know
  }
}

Log::Read Log::read_records() {
  Read read;
  std::uint64_t previous = read.last_checksum = head_.mark_checksum;
  store::Query rows = database_.query(
      "SELECT idx, term, kind, data, written, checksum FROM entries WHERE idx > ?1 ORDER BY idx",
      to_sql(head_.mark.index));
  while (rows.step()) {
    raft::Entry entry;
    entry.index = from_sql(rows.integer(0));
    entry.term = from_sql(rows.integer(1));
    entry.kind = static_cast<raft::EntryKind>(rows.integer(2));
    entry.data = rows.text(3);
    const std::uint64_t written = from_sql(rows.integer(4));
    const std::uint64_t checksum = from_sql(rows.integer(5));
    const bool next = entry.index == head_.first_index() + read.entries.size();
    if (!next || checksum != checksum_of(entry, written, previous)) {
      probe::hit<"replica.log_record_damaged">();
      break;
    }
    previous = checksum;
    read.head_is_old |= written > head_.sequence;
    if (entry.index <= head_.last_index) {  // else what a lost write failed to delete
      read.checksums.push_back(checksum);
      read.entries.push_back(std::move(entry));
      read.last_checksum = checksum;
    }
  }
  read.whole = head_.mark.index + read.entries.size() == head_.last_index &&
               read.last_checksum == head_.last_checksum;
  return read;
}

bool Log::has_records() { return database_.query("SELECT 1 FROM entries LIMIT 1").step(); }

}  // namespace replica
