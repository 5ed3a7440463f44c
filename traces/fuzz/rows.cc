#include "traces/fuzz/rows.h"

#include <tuple>

namespace fuzz {
namespace {

struct Standing {
  std::int64_t id = 0;
  FailingRun run;
  std::string scenario;
  std::string trace;
};

std::optional<Standing> find(Sqlite& database, const Cause& cause) {
  Rows rows = database.query(
      "SELECT f.id, f.build, f.scenario, f.seed, f.events, s.name, f.trace FROM findings f JOIN "
      "scenarios s ON s.id = f.scenario WHERE kind = ?1 AND property = ?2 AND place = ?3 AND "
      "shape = ?4",
      to_string(cause.kind), cause.property, cause.place, cause.shape);
  if (!rows.next()) {
    return std::nullopt;
  }
  return Standing{rows.integer(0),
                  {rows.integer(1), rows.integer(2), rows.natural(3), rows.natural(4)},
                  rows.text(5),
                  rows.text(6)};
}

std::string scenario_name(Sqlite& database, std::int64_t id) {
  Rows rows = database.query("SELECT name FROM scenarios WHERE id = ?1", id);
  return rows.next() ? rows.text(0) : std::string();
}

bool smaller(Sqlite& database, const FailingRun& run, const Standing& standing) {
  const std::string name = scenario_name(database, run.scenario);
  return std::tie(run.events, name, run.seed) <
         std::tie(standing.run.events, standing.scenario, standing.run.seed);
}

void add_failing_run(Sqlite& database, std::int64_t finding, const FailingRun& run) {
  database.run("INSERT OR IGNORE INTO failures VALUES (?1, ?2, ?3, ?4)", finding, run.build,
               run.scenario, run.seed);
}

}  // namespace

std::int64_t build_id(Sqlite& database, const std::string& name) {
  database.run("INSERT OR IGNORE INTO builds (name) VALUES (?1)", name);
  Rows rows = database.query("SELECT id FROM builds WHERE name = ?1", name);
  rows.next();
  return rows.integer(0);
}

std::int64_t scenario_id(Sqlite& database, const std::string& name, const std::string& definition) {
  database.run("INSERT OR IGNORE INTO scenarios (name, definition) VALUES (?1, ?2)", name,
               definition);
  Rows rows = database.query("SELECT id FROM scenarios WHERE name = ?1 AND definition = ?2", name,
                             definition);
  rows.next();
  return rows.integer(0);
}

FindingRow record_failure(Sqlite& database, const FailingRun& run, const Failure& failure,
                          const std::string& trace) {
  const Cause& cause = failure.cause;
  const std::optional<Standing> standing = find(database, cause);
  if (!standing) {
    database.run(
        "INSERT INTO findings (kind, property, place, shape, build, scenario, seed, events, "
        "message, diagnostics, trace) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        to_string(cause.kind), cause.property, cause.place, cause.shape, run.build, run.scenario,
        run.seed, run.events, failure.message, failure.diagnostics, trace);
    const std::int64_t id = database.last_id();
    add_failing_run(database, id, run);
    return {id, true, {}};
  }
  const bool smallest = smaller(database, run, *standing);
  if (smallest) {
    database.run(
        "UPDATE findings SET build = ?2, scenario = ?3, seed = ?4, events = ?5, message = ?6, "
        "diagnostics = ?7, trace = ?8 WHERE id = ?1",
        standing->id, run.build, run.scenario, run.seed, run.events, failure.message,
        failure.diagnostics, trace);
  }
  add_failing_run(database, standing->id, run);
  return {standing->id, smallest, smallest ? standing->trace : std::string()};
}

}  // namespace fuzz
