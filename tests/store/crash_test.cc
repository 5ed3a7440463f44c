// The N-th disk call goes wrong, for N = 1, 2, 3, ... until the work gets by: whatever the
// work was, the database then holds what was before or what was to be, and no page of it is
// taken for damage.

#include <gtest/gtest.h>

#include <functional>

#include "system/store/content_hash.h"
#include "tests/store/machine.h"

namespace store_tests {
namespace {

using store::content_hash;
using store::Database;

using Work = std::function<void(Database&)>;
using Trouble = std::function<void(simnet::Disk&, std::uint64_t call)>;

struct Tally {
  int before = 0;
  int after = 0;
  std::uint64_t calls = 0;
};

std::uint64_t hash_of(const Machine& machine) {
  Database database(machine.file());
  database.serialize();  // reads every page
  return content_hash(database);
}

// False when the work was through before anything went wrong.
bool strike(const Work& prepare, const Work& work, const Trouble& trouble,
            std::uint32_t sector_bytes, std::uint64_t call, Tally& tally) {
  Machine machine(sector_bytes);
  std::uint64_t before = 0;
  bool finished = false;
  bool struck = false;
  {
    Database database(machine.file());
    prepare(database);
    before = content_hash(database);
    trouble(machine.disk(), call);
    const int code = code_of([&] { work(database); });
    EXPECT_NE(code, SQLITE_IOERR_DATA) << "call " << call;  // nothing is damaged
    finished = code == SQLITE_OK;
    struck = machine.disk().power_was_cut() || machine.disk().stats().injected_errors != 0;
    machine.lose_power(call);
  }
  Database twin(env::DatabaseFile{":memory:", ""});
  prepare(twin);
  work(twin);
  // Again in the middle of the recovery.
  machine.disk().cut_power_after(1 + call % 12);
  code_of([&] { hash_of(machine); });
  machine.lose_power(~call);
  const std::uint64_t found = hash_of(machine);
  EXPECT_TRUE(found == content_hash(twin) || (found == before && !finished))
      << "call " << call << ", sectors of " << sector_bytes;
  ++(found == before ? tally.before : tally.after);
  return struck;
}

Tally strike_everywhere(const Work& prepare, const Work& work, const Trouble& trouble) {
  Tally tally;
  for (const std::uint32_t sector_bytes : {512U, 4096U}) {
    std::uint64_t call = 1;
    while (strike(prepare, work, trouble, sector_bytes, call, tally)) {
      ++call;
    }
    tally.calls += call - 1;
  }
  std::printf("    %llu calls, before %d, after %d\n", static_cast<unsigned long long>(tally.calls),
              tally.before, tally.after);
  EXPECT_GT(tally.calls, 20U);
  EXPECT_GT(tally.before, 10);
  EXPECT_GT(tally.after, 1);
  return tally;
}

void cut_power(simnet::Disk& disk, std::uint64_t call) { disk.cut_power_after(call); }
void fail_one(simnet::Disk& disk, std::uint64_t call) {
  simnet::DiskFaults faults;
  faults.io_error = {.spare = call - 1, .fail = 1};
  disk.set_faults(faults);
}
void fail_from(simnet::Disk& disk, std::uint64_t call) {
  simnet::DiskFaults faults;
  faults.io_error = {.spare = call - 1, .fail = ~0ULL};
  disk.set_faults(faults);
}
void fill_up(simnet::Disk& disk, std::uint64_t call) {
  simnet::DiskFaults faults;
  faults.no_space = {.spare = call - 1, .fail = ~0ULL};
  disk.set_faults(faults);
}

void prepare(Database& database) { fill(database, 60); }

std::string other_content() {
  Database other(env::DatabaseFile{":memory:", ""});
  fill(other, 90);
  other.execute("DELETE FROM ticket WHERE id > 80; CREATE TABLE extra(x); ");
  return other.serialize();
}

TEST(CrashOfReplacing, ByPowerCut) {
  const std::string other = other_content();
  strike_everywhere(
      prepare, [&](Database& database) { database.replace_with(other); }, cut_power);
}

TEST(CrashOfReplacing, ByAnIoError) {
  const std::string other = other_content();
  const Work work = [&](Database& database) { database.replace_with(other); };
  strike_everywhere(prepare, work, fail_one);
  strike_everywhere(prepare, work, fail_from);
}

TEST(CrashOfReplacing, ByAFullDisk) {
  const std::string other = other_content();
  strike_everywhere(
      prepare, [&](Database& database) { database.replace_with(other); }, fill_up);
}

// One transaction that spills, grows the file, leaves pages unused and rolls back in part.
void transact(Database& database) {
  database.execute("PRAGMA cache_size=10");
  store::Transaction transaction(database);
  database.run("DELETE FROM ticket WHERE id % 2 = 0");
  database.execute(
      "SAVEPOINT s; INSERT INTO ticket VALUES (5000, 'x', zeroblob(30000)); ROLLBACK TO s;"
      "INSERT INTO ticket VALUES (5001, 'x', zeroblob(20000)), (5002, 'y', zeroblob(40000));"
      "DELETE FROM ticket WHERE id = 5001;");
  transaction.commit();
}

// The process goes on after a failed call, and the power goes later: what the journal says of
// itself then is still true.
TEST(CrashOfATransaction, ByPowerCutAfterAnError) {
  for (const std::uint32_t sector_bytes : {512U, 4096U}) {
    bool struck = true;
    for (std::uint64_t call = 1; struck; ++call) {
      Machine machine(sector_bytes);
      {
        Database database(machine.file());
        prepare(database);
        fail_one(machine.disk(), call);
        code_of([&] { transact(database); });
        struck = machine.disk().stats().injected_errors != 0;
        machine.disk().set_faults({});
        machine.disk().cut_power_after(1 + call % 60);
        code_of([&] { transact(database); });
        machine.lose_power(call);
      }
      EXPECT_EQ(code_of([&] { hash_of(machine); }), SQLITE_OK)
          << "call " << call << ", sectors of " << sector_bytes;
    }
  }
}

TEST(CrashOfATransaction, ByPowerCut) { strike_everywhere(prepare, transact, cut_power); }

TEST(CrashOfATransaction, ByAnIoError) {
  strike_everywhere(prepare, transact, fail_one);
  strike_everywhere(prepare, transact, fail_from);
}

}  // namespace
}  // namespace store_tests
