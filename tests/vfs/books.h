// A workload for a SQLite database that may lose its machine at any moment, and a twin
// that knows what the database must hold after each transaction. The twin is a map; it
// shares no code with SQLite.
//
// What it cannot see: damage that integrity_check and the rows do not show, such as a
// lost free page; a broken row that a later transaction has overwritten.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/vfs/connection.h"

namespace vfs_tests {

// What the transactions do to the file.
enum class Shape {
  small,      // a few short rows each: most commits touch two or three pages
  spilling,   // long rows and a cache of few pages: changes reach the file before the commit
  shrinking,  // many deletions with auto_vacuum: most commits truncate the file
};

class Books {
 public:
  struct Op {
    int id = 0;
    int version = 0;   // 0: the row is deleted
    std::string body;  // only of the row's own version
  };
  struct Transaction {
    std::vector<Op> ops;
    bool twice = false;  // with a rollback to a savepoint in between
  };

  // `savepoints`: one transaction in six is done, rolled back to a savepoint, done again.
  Books(Shape shape, std::uint64_t seed, int transactions, bool savepoints = true);

  int size() const { return static_cast<int>(transactions_.size()); }
  const Transaction& transaction(int number) const;  // from 1
  // How many transactions a database of this content has seen.
  std::optional<int> state(std::uint64_t fingerprint) const;
  // Pragmas that belong to the shape.
  std::string pragmas() const;

 private:
  struct Row {
    int version;
    std::string body;
  };
  using Rows = std::map<int, Row>;

  Transaction draw_transaction(Rows& rows, int number);

  Shape shape_;
  std::uint64_t seed_;
  bool savepoints_;
  std::vector<Transaction> transactions_;
  std::vector<std::uint64_t> fingerprints_;  // after 0, 1, 2, ... transactions
};

// What was promised to whoever ran the workload.
struct Progress {
  bool schema = false;
  int acknowledged = 0;
  int attempted = 0;  // at least as many; what was refused may be there nevertheless
};

// One connection that works through the books.
class Session {
 public:
  // `pragmas` come before the schema.
  Session(const Books& books, const std::string& path, const std::string& pragmas);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  bool ready() const { return ready_; }
  bool transact(int number);
  // The transactions first ... last, or as far as it gets.
  Progress run(int first, int last);
  // The same, but a failed transaction is looked at and, if it is not there, tried again
  // on this connection. Ends after `patience` failures in a row.
  Progress persist(int first, int last, int patience);
  // Of what the connection sees; none if it cannot read.
  std::optional<std::uint64_t> fingerprint();

 private:
  bool prepare(const char* sql, sqlite3_stmt*& statement);
  bool step(sqlite3_stmt* statement);
  bool apply(const Books::Transaction& transaction);

  const Books& books_;
  Connection db_;
  bool ready_ = false;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  sqlite3_stmt* put_ = nullptr;
  sqlite3_stmt* erase_ = nullptr;
  sqlite3_stmt* count_ = nullptr;
};

enum class Symptom {
  none,
  lost_commit,       // a whole state, but an older one than was acknowledged
  half_transaction,  // sound to SQLite, but no state that ever was
  corrupt,           // SQLite itself refuses or complains
};
constexpr int kSymptoms = 4;

struct Verdict {
  Symptom symptom = Symptom::none;
  std::string detail;
  int state = 0;
};

// Opens the database and compares it with what was promised.
Verdict judge(const Books& books, const std::string& path, const Progress& progress);

}  // namespace vfs_tests
