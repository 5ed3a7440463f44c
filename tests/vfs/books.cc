#include "tests/vfs/books.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "simnet/random.h"

namespace vfs_tests {
namespace {

using simnet::StreamKey;

constexpr const char* kSchema =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS tally(n INTEGER);"
    "CREATE TABLE IF NOT EXISTS book(id INTEGER PRIMARY KEY, version INTEGER, body TEXT);"
    "CREATE INDEX IF NOT EXISTS by_version ON book(version, id);"
    "INSERT INTO tally SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM tally);"
    "COMMIT;";
constexpr const char* kRows = "SELECT id, version, body FROM book ORDER BY id";

std::uint64_t start_fingerprint(std::uint64_t transactions) {
  return StreamKey(transactions).at(0);
}

std::uint64_t add_row(std::uint64_t fingerprint, int id, int version, std::string_view body) {
  return StreamKey(fingerprint)
      .child(static_cast<std::uint64_t>(id))
      .child(body)
      .at(static_cast<std::uint64_t>(version));
}

std::string body_of(Shape shape, StreamKey key) {
  const std::uint64_t longest = shape == Shape::small ? 120 : 900;
  std::string body(simnet::below(key.at(0), longest), '\0');
  for (std::size_t i = 0; i < body.size(); ++i) {
    body[i] = static_cast<char>('a' + simnet::below(key.at(1 + i / 16), 26));
  }
  return body;
}

}  // namespace

Books::Books(Shape shape, std::uint64_t seed, int transactions, bool savepoints)
    : shape_(shape), seed_(seed), savepoints_(savepoints) {
  Rows rows;
  fingerprints_.push_back(start_fingerprint(0));
  for (int number = 1; number <= transactions; ++number) {
    transactions_.push_back(draw_transaction(rows, number));
    std::uint64_t fingerprint = start_fingerprint(static_cast<std::uint64_t>(number));
    for (const auto& [id, row] : rows) {
      fingerprint = add_row(fingerprint, id, row.version, row.body);
    }
    fingerprints_.push_back(fingerprint);
  }
}

Books::Transaction Books::draw_transaction(Rows& rows, int number) {
  simnet::Random random(StreamKey(seed_).child("books").child(static_cast<std::uint64_t>(number)));
  Transaction transaction;
  transaction.twice = random.ratio(1, 6) && savepoints_;
  const std::int64_t ops = random.between(1, shape_ == Shape::small ? 4 : 8);
  // A shrinking file grows in odd transactions and loses rows in even ones.
  const bool shrinks = shape_ == Shape::shrinking && number % 2 == 0;
  for (std::int64_t i = 0; i < ops; ++i) {
    Op op;
    op.id = static_cast<int>(random.between(1, 30));
    if (shrinks ? random.ratio(9, 10) : random.ratio(1, 5)) {
      const auto victim = rows.lower_bound(op.id);
      op.id = victim != rows.end() ? victim->first : op.id;
      rows.erase(op.id);
    } else {
      op.version = number;
      op.body = body_of(shape_, StreamKey(random.next()));
      rows[op.id] = {op.version, op.body};
    }
    transaction.ops.push_back(std::move(op));
  }
  return transaction;
}

const Books::Transaction& Books::transaction(int number) const {
  return transactions_.at(static_cast<std::size_t>(number - 1));
}

std::optional<int> Books::state(std::uint64_t fingerprint) const {
  const auto found = std::find(fingerprints_.begin(), fingerprints_.end(), fingerprint);
  return found == fingerprints_.end()
             ? std::nullopt
             : std::optional(static_cast<int>(found - fingerprints_.begin()));
}

std::string Books::pragmas() const {
  switch (shape_) {
    case Shape::small:
      return "";
    case Shape::spilling:
      return "PRAGMA cache_size=3;";
    case Shape::shrinking:
      return "PRAGMA auto_vacuum=FULL;";
  }
  return "";
}

Session::Session(const Books& books, const std::string& path, const std::string& pragmas)
    : books_(books), db_(path) {
  ready_ = db_.run(pragmas + books.pragmas()) == SQLITE_OK && db_.run(kSchema) == SQLITE_OK &&
           prepare("BEGIN IMMEDIATE", begin_) && prepare("COMMIT", commit_) &&
           prepare("REPLACE INTO book VALUES(?, ?, ?)", put_) &&
           prepare("DELETE FROM book WHERE id=?", erase_) &&
           prepare("UPDATE tally SET n=?", count_);
}

Session::~Session() {
  for (sqlite3_stmt* statement : {begin_, commit_, put_, erase_, count_}) {
    sqlite3_finalize(statement);
  }
}

bool Session::prepare(const char* sql, sqlite3_stmt*& statement) {
  return sqlite3_prepare_v2(db_.handle(), sql, -1, &statement, nullptr) == SQLITE_OK;
}

bool Session::step(sqlite3_stmt* statement) {
  const int code = sqlite3_step(statement);
  sqlite3_reset(statement);
  return code == SQLITE_DONE;
}

bool Session::apply(const Books::Transaction& transaction) {
  for (const Books::Op& op : transaction.ops) {
    sqlite3_stmt* statement = op.version == 0 ? erase_ : put_;
    sqlite3_bind_int(statement, 1, op.id);
    if (op.version != 0) {
      sqlite3_bind_int(statement, 2, op.version);
      sqlite3_bind_text(statement, 3, op.body.data(), static_cast<int>(op.body.size()),
                        SQLITE_STATIC);
    }
    if (!step(statement)) {
      return false;
    }
  }
  return true;
}

bool Session::transact(int number) {
  const Books::Transaction& transaction = books_.transaction(number);
  bool good = step(begin_);
  if (good && transaction.twice) {
    good = db_.run("SAVEPOINT s") == SQLITE_OK && apply(transaction) &&
           db_.run("ROLLBACK TO s; RELEASE s") == SQLITE_OK;
  }
  sqlite3_bind_int(count_, 1, number);
  good = good && apply(transaction) && step(count_) && step(commit_);
  if (!good && sqlite3_get_autocommit(db_.handle()) == 0) {
    db_.run("ROLLBACK");
  }
  return good;
}

Progress Session::run(int first, int last) { return persist(first, last, 1); }

Progress Session::persist(int first, int last, int patience) {
  Progress progress{ready_, first - 1, first - 1};
  int failures = 0;
  for (int next = first; ready_ && next <= last && failures < patience;) {
    progress.attempted = next;
    if (transact(next)) {
      progress.acknowledged = next++;
      failures = 0;
    } else if (++failures < patience) {
      const auto seen = fingerprint();
      next += seen && books_.state(*seen) == next ? 1 : 0;
    }
  }
  return progress;
}

std::optional<std::uint64_t> Session::fingerprint() {
  const std::string tally = db_.text("SELECT n FROM tally");
  sqlite3_stmt* rows = nullptr;
  if (tally.empty() || tally.front() == 'e' || !prepare(kRows, rows)) {
    return std::nullopt;
  }
  std::uint64_t fingerprint = start_fingerprint(std::strtoull(tally.c_str(), nullptr, 10));
  int code = sqlite3_step(rows);
  for (; code == SQLITE_ROW; code = sqlite3_step(rows)) {
    const auto* body = reinterpret_cast<const char*>(sqlite3_column_text(rows, 2));
    const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(rows, 2));
    fingerprint = add_row(fingerprint, sqlite3_column_int(rows, 0), sqlite3_column_int(rows, 1),
                          body != nullptr ? std::string_view(body, bytes) : std::string_view());
  }
  sqlite3_finalize(rows);
  return code == SQLITE_DONE ? std::optional(fingerprint) : std::nullopt;
}

Verdict judge(const Books& books, const std::string& path, const Progress& progress) {
  {
    Connection db(path);
    const std::string integrity = db.text("PRAGMA integrity_check");
    if (integrity != "ok") {
      return {Symptom::corrupt, "integrity: " + integrity.substr(0, 100), 0};
    }
    if (db.text("SELECT count(*) FROM sqlite_schema") == "0") {
      const Symptom symptom = progress.schema ? Symptom::lost_commit : Symptom::none;
      return {symptom, "the schema is gone", 0};
    }
  }
  Session session(books, path, "");
  const auto fingerprint = session.fingerprint();
  if (!fingerprint) {
    return {Symptom::corrupt, "the rows cannot be read", 0};
  }
  const auto state = books.state(*fingerprint);
  const std::string promised = " of " + std::to_string(progress.acknowledged) + " acknowledged";
  if (!state || *state > progress.attempted) {
    return {Symptom::half_transaction, "no state that ever was," + promised, 0};
  }
  if (*state < progress.acknowledged) {
    return {Symptom::lost_commit, "state " + std::to_string(*state) + promised, *state};
  }
  return {Symptom::none, "", *state};
}

}  // namespace vfs_tests
