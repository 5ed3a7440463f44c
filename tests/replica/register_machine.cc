#include "tests/replica/register_machine.h"

#include <xxhash.h>

#include "system/rpc/bytes.h"

namespace replica_test {
namespace {

std::uint64_t next_hash(std::uint64_t previous, std::uint64_t index, std::string_view payload) {
  return XXH3_64bits_withSeed(payload.data(), payload.size(), previous ^ (index << 1));
}

std::int64_t to_sql(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

RegisterMachine::RegisterMachine(env::Env& env, std::uint64_t node)
    : env_(env), node_(node), database_(env.database_file("register.db")) {
  store::Transaction transaction(database_);
  database_.execute(
      "CREATE TABLE IF NOT EXISTS history(idx INTEGER PRIMARY KEY, payload BLOB NOT NULL);"
      "CREATE TABLE IF NOT EXISTS state(id INTEGER PRIMARY KEY, applied INTEGER NOT NULL, "
      "hash INTEGER NOT NULL)");
  load();
  transaction.commit();
  tell();
}

void RegisterMachine::load() {
  store::Query state = database_.query("SELECT applied, hash FROM state WHERE id = 1");
  std::uint64_t applied = 0;
  std::uint64_t expected = 0;
  if (state.step()) {
    applied = static_cast<std::uint64_t>(state.integer(0));
    expected = static_cast<std::uint64_t>(state.integer(1));
  }
  std::uint64_t hash = 0;
  std::uint64_t count = 0;
  store::Query rows = database_.query("SELECT idx, payload FROM history ORDER BY idx");
  while (rows.step()) {
    hash = next_hash(hash, static_cast<std::uint64_t>(rows.integer(0)), rows.text(1));
    ++count;
  }
  if (hash == expected && count == applied) {
    applied_ = applied;
    hash_ = hash;
  } else {
    forgot_ = true;
    database_.run("DELETE FROM history");
    database_.run("DELETE FROM state");
  }
}

void RegisterMachine::insert(std::uint64_t index, std::string_view payload) {
  database_.run("INSERT INTO history(idx, payload) VALUES(?1, ?2)", to_sql(index), payload);
  hash_ = next_hash(hash_, index, payload);
  applied_ = index;
}

void RegisterMachine::save_state() {
  database_.run("INSERT OR REPLACE INTO state(id, applied, hash) VALUES(1, ?1, ?2)",
                to_sql(applied_), to_sql(hash_));
}

void RegisterMachine::tell() {
  const Applied event{node_, applied_, hash_};
  env_.emit(event);
}

void RegisterMachine::apply(std::uint64_t index, std::uint64_t, std::string_view payload) {
  if (index != applied_ + 1) {
    throw std::logic_error("applied out of order");
  }
  store::Transaction transaction(database_);
  insert(index, payload);
  save_state();
  transaction.commit();
  tell();
}

std::vector<Written> RegisterMachine::history() {
  std::vector<Written> result;
  std::uint64_t hash = 0;
  store::Query rows = database_.query("SELECT idx, payload FROM history ORDER BY idx");
  while (rows.step()) {
    const auto index = static_cast<std::uint64_t>(rows.integer(0));
    result.push_back({index, rows.text(1)});
    hash = next_hash(hash, index, result.back().value);
  }
  if (hash != hash_) {
    throw store::Error(SQLITE_CORRUPT, "a row is not what was written");
  }
  return result;
}

std::string RegisterMachine::snapshot() {
  rpc::Writer writer;
  for (const Written& written : history()) {
    writer.text(written.value);
  }
  return writer.take();
}

void RegisterMachine::restore(std::string_view snapshot) {
  store::Transaction transaction(database_);
  database_.run("DELETE FROM history");
  hash_ = 0;
  std::uint64_t index = 0;
  try {
    for (std::string_view left = snapshot; !left.empty();) {
      rpc::Reader row(left);
      insert(++index, row.text("row"));
      left = row.rest();
    }
  } catch (const rpc::CodecError& error) {
    throw store::Error(SQLITE_CORRUPT, error.what());
  }
  applied_ = index;
  save_state();
  transaction.commit();
  tell();
}

}  // namespace replica_test
