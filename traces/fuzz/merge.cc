#include "traces/fuzz/merge.h"

#include <map>

#include "traces/fuzz/rows.h"

namespace fuzz {
namespace {

using Ids = std::map<std::int64_t, std::int64_t>;  // of rows in the other database, to ours

struct Translation {
  Ids builds;
  Ids scenarios;
};

Translation translate(Sqlite& into, Sqlite& other) {
  Translation ids;
  Rows builds = other.query("SELECT id, name FROM builds ORDER BY id");
  while (builds.next()) {
    ids.builds[builds.integer(0)] = build_id(into, builds.text(1));
  }
  Rows scenarios = other.query("SELECT id, name, definition FROM scenarios ORDER BY id");
  while (scenarios.next()) {
    ids.scenarios[scenarios.integer(0)] = scenario_id(into, scenarios.text(1), scenarios.text(2));
  }
  return ids;
}

// Of one campaign in both, the later state.
void add_campaigns(Sqlite& into, Sqlite& other, const Translation& ids) {
  Rows rows = other.query(
      "SELECT build, seed_base, scenarios, shard, shards, started_s, wall_ms FROM campaigns ORDER "
      "BY id");
  while (rows.next()) {
    into.run(
        "INSERT INTO campaigns (build, seed_base, scenarios, shard, shards, started_s, wall_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET started_s = "
        "min(started_s, excluded.started_s), wall_ms = max(wall_ms, excluded.wall_ms)",
        ids.builds.at(rows.integer(0)), rows.integer(1), rows.text(2), rows.integer(3),
        rows.integer(4), rows.integer(5), rows.integer(6));
  }
}

// How a run ended: its digest, or how it died.
std::string ending_of(const Rows& rows, int verdict, int digest) {
  return rows.null(digest) ? rows.text(verdict) : rows.text(digest);
}

std::optional<std::string> known_ending(Sqlite& into, std::int64_t build, std::int64_t scenario,
                                        std::int64_t seed) {
  Rows rows = into.query(
      "SELECT verdict, digest FROM runs WHERE build = ?1 AND scenario = ?2 AND seed = ?3", build,
      scenario, seed);
  return rows.next() ? std::optional(ending_of(rows, 0, 1)) : std::nullopt;
}

void record_difference(Sqlite& into, const FailingRun& run, const std::string& one,
                       const std::string& other) {
  Failure failure;
  failure.cause.kind = Kind::non_determinism;
  failure.message = "two databases have this run, one with " + one + ", the other with " + other;
  record_failure(into, run, failure, "");
}

void add_run(Sqlite& into, const Rows& rows, std::int64_t build, std::int64_t scenario) {
  into.run(
      "INSERT INTO runs VALUES (?1, ?2, ?3, ?4, nullif(?5, ''), nullif(?6, ''), ?7, ?8, ?9, ?10, "
      "?11)",
      build, scenario, rows.integer(2), rows.text(3), rows.text(4), rows.text(5), rows.integer(6),
      rows.integer(7), rows.integer(8), rows.text(9), rows.text(10));
}

Merged add_runs(Sqlite& into, Sqlite& other, const Translation& ids) {
  Merged merged;
  Rows rows = other.query("SELECT * FROM runs");
  while (rows.next()) {
    const std::int64_t build = ids.builds.at(rows.integer(0));
    const std::int64_t scenario = ids.scenarios.at(rows.integer(1));
    const auto known = known_ending(into, build, scenario, rows.integer(2));
    if (!known) {
      add_run(into, rows, build, scenario);
      ++merged.runs;
      continue;
    }
    ++merged.known;
    const std::string ending = ending_of(rows, 3, 4);
    if (*known != ending) {
      ++merged.different;
      record_difference(into, {build, scenario, rows.natural(2), rows.natural(6)}, *known, ending);
    }
    if (!rows.null(5)) {
      into.run(
          "UPDATE runs SET repeat_digest = coalesce(repeat_digest, ?4) WHERE build = ?1 AND "
          "scenario = ?2 AND seed = ?3",
          build, scenario, rows.integer(2), rows.text(5));
    }
  }
  return merged;
}

// First the runs that stand for the findings, with all they have; then the others, which bring
// nothing but themselves.
void add_findings(Sqlite& into, Sqlite& other, const Translation& ids) {
  Rows rows = other.query(
      "SELECT id, kind, property, place, shape, build, scenario, seed, events, message, "
      "diagnostics, trace FROM findings ORDER BY id");
  while (rows.next()) {
    const std::optional<Kind> kind = kind_from(rows.text(1));
    if (!kind) {
      throw faults::InputError(other.path() + ": a finding of an unknown kind, " + rows.text(1));
    }
    const Failure failure{
        {*kind, rows.text(2), rows.text(3), rows.text(4)}, rows.text(9), rows.text(10)};
    const FailingRun run{ids.builds.at(rows.integer(5)), ids.scenarios.at(rows.integer(6)),
                         rows.natural(7), rows.natural(8)};
    const FindingRow row = record_failure(into, run, failure, rows.text(11));
    Rows failures = other.query("SELECT build, scenario, seed FROM failures WHERE finding = ?1",
                                rows.integer(0));
    while (failures.next()) {
      into.run("INSERT OR IGNORE INTO failures VALUES (?1, ?2, ?3, ?4)", row.id,
               ids.builds.at(failures.integer(0)), ids.scenarios.at(failures.integer(1)),
               failures.integer(2));
    }
  }
}

}  // namespace

Merged merge(Sqlite& into, Sqlite& other) {
  SqliteTransaction transaction(into);
  try {
    const Translation ids = translate(into, other);
    add_campaigns(into, other, ids);
    const Merged merged = add_runs(into, other, ids);
    add_findings(into, other, ids);
    transaction.commit();
    return merged;
  } catch (const std::out_of_range&) {
    throw faults::InputError(other.path() + ": this database is damaged (rows refer to none)");
  }
}

}  // namespace fuzz
