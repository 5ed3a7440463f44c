#include "system/lottery/schema.h"

#include <string>

namespace lottery {
namespace {

constexpr std::int64_t kSchemaVersion = 4;

// Tables are b-trees of their key, but for those with long texts, such as idempotency's
// replies: they would spill out of a keyed b-tree's small cells (231 bytes on 1 KiB
// pages), so these tables are b-trees of a row number. That of idempotency is the order of
// arrival, as no row is ever deleted; (user, key) has no index (key_rows.h says why), so nothing
// here keeps it unique.
//
// No CHECK holds a limit of an account: Books does, in one place.
// The partial indexes hold only live purchases, so the reads of the sweepers and
// of the bank lane cost what they find, and the closing of a draw what lives, however long the
// history is. An index more costs every hold.
// Their predicates are ORs of comparisons: for IN with more than two words SQLite fills a table of
// its own at every INSERT.
constexpr const char* kTables = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('applied_index', 0), ('last_now_us', 0), ('settled_sequence', 0);

CREATE TABLE accounts(
  id TEXT PRIMARY KEY,
  ledger TEXT NOT NULL,
  debits_pending INTEGER NOT NULL,
  debits_posted INTEGER NOT NULL,
  credits_pending INTEGER NOT NULL,
  credits_posted INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE transfers(
  id TEXT PRIMARY KEY,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  amount INTEGER NOT NULL,
  state TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE draws(
  id TEXT PRIMARY KEY,
  sku TEXT NOT NULL,
  state TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  price INTEGER NOT NULL,
  closes_at_us INTEGER NOT NULL,
  hold_ttl_us INTEGER NOT NULL,
  next_ticket INTEGER NOT NULL,
  version INTEGER NOT NULL,
  commitment TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX draws_commitments ON draws(commitment) WHERE commitment <> '';
CREATE INDEX draws_open ON draws(closes_at_us) WHERE state = 'OPEN';

CREATE TABLE purchases(
  id TEXT PRIMARY KEY,
  entry INTEGER NOT NULL,
  position INTEGER NOT NULL,
  user TEXT NOT NULL,
  draw TEXT NOT NULL,
  sku TEXT NOT NULL,
  count INTEGER NOT NULL,
  price INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  hold_deadline_us INTEGER NOT NULL,
  charging_since_us INTEGER NOT NULL,
  bank_key TEXT NOT NULL,
  card TEXT NOT NULL,
  pay_key TEXT NOT NULL,
  refund_key TEXT NOT NULL,
  call_due_us INTEGER NOT NULL,
  sends INTEGER NOT NULL,
  first_ticket INTEGER NOT NULL,
  draw_version INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX purchases_held ON purchases(hold_deadline_us, entry, position)
  WHERE state = 'HELD';
CREATE INDEX purchases_calling ON purchases(call_due_us, entry, position)
  WHERE state = 'CHARGING' OR state = 'ABANDONING' OR state = 'REFUNDING';

CREATE TABLE tickets(
  draw TEXT NOT NULL,
  number INTEGER NOT NULL,
  purchase TEXT NOT NULL,
  owner TEXT NOT NULL,
  PRIMARY KEY(draw, number)) WITHOUT ROWID;

CREATE TABLE idempotency(
  number INTEGER PRIMARY KEY,
  user TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  purchase TEXT NOT NULL,
  attempt INTEGER NOT NULL);

CREATE TABLE sessions(
  id TEXT PRIMARY KEY,
  user TEXT NOT NULL,
  version INTEGER NOT NULL,
  data TEXT NOT NULL);

CREATE TABLE locks(
  resource TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  token INTEGER NOT NULL,
  ttl_us INTEGER NOT NULL,
  expires_at_us INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE plans(
  resource TEXT PRIMARY KEY,
  generation INTEGER NOT NULL,
  token INTEGER NOT NULL,
  value TEXT NOT NULL);

CREATE TABLE outbox(
  sequence INTEGER PRIMARY KEY,
  topic TEXT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL);

CREATE TABLE outbox_consumers(
  consumer TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE jobs(
  id TEXT PRIMARY KEY,
  entry INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  lane TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  token INTEGER NOT NULL,
  due_us INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX jobs_lanes ON jobs(lane, entry, position) WHERE state = 'OPEN';
CREATE INDEX jobs_due ON jobs(due_us, entry, position) WHERE state = 'OPEN';

CREATE TABLE receipts(
  purchase TEXT PRIMARY KEY,
  text TEXT NOT NULL);

CREATE TABLE draw_results(
  draw TEXT PRIMARY KEY,
  count INTEGER NOT NULL,
  sum INTEGER NOT NULL,
  root TEXT NOT NULL,
  seed TEXT NOT NULL,
  numbers TEXT NOT NULL,
  log_offset INTEGER NOT NULL);

PRAGMA user_version = 4;
)sql";

std::int64_t version_of(store::Database& database) {
  store::Query query = database.query("PRAGMA user_version");
  query.step();
  return query.integer(0);
}

}  // namespace

void create_schema(store::Database& database) {
  store::Transaction transaction(database);
  const std::int64_t version = version_of(database);
  if (version == 0) {
    database.execute(kTables);
  } else if (version != kSchemaVersion) {
    throw store::Error(SQLITE_MISMATCH, "ledger schema version " + std::to_string(version) +
                                            " is not version " + std::to_string(kSchemaVersion) +
                                            ", which this program reads and writes");
  }
  transaction.commit();
}

std::int64_t read_meta(store::Database& database, std::string_view name) {
  store::Query query = database.query("SELECT value FROM meta WHERE name = ?1", name);
  if (!query.step()) {
    throw store::Error(SQLITE_CORRUPT, "meta row " + std::string(name) + " is missing");
  }
  return query.integer(0);
}

void record_progress(store::Database& database, std::int64_t index, std::int64_t now_us) {
  database.run(
      "UPDATE meta SET value = CASE name WHEN 'applied_index' THEN ?1 ELSE ?2 END "
      "WHERE name IN ('applied_index', 'last_now_us')",
      index, now_us);
}

void record_settled(store::Database& database, std::int64_t sequence) {
  database.run("UPDATE meta SET value = max(value, ?1) WHERE name = 'settled_sequence'", sequence);
}

}  // namespace lottery
