#include "traces/fuzz/campaign.h"

#include "traces/fuzz/rows.h"

namespace fuzz {
namespace {

std::string names_of(const std::vector<NamedScenario>& scenarios) {
  Json names = Json::array();
  for (const NamedScenario& scenario : scenarios) {
    names.push_back(scenario.name);
  }
  return names.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string text_of(const Counts& counts) { return Json(counts).dump(); }

std::string text_of(const std::optional<std::uint64_t>& digest) {
  return digest ? traces::hex(*digest) : std::string();
}

}  // namespace

Campaign::Campaign(CampaignFile& file, const Identity& identity, std::int64_t now_s)
    : database_(file.database()) {
  SqliteTransaction transaction(database_);
  build_ = build_id(database_, identity.build);
  for (const NamedScenario& scenario : identity.scenarios) {
    scenarios_.push_back(scenario_id(database_, scenario.name, scenario.definition));
  }
  const std::string names = names_of(identity.scenarios);
  database_.run(
      "INSERT OR IGNORE INTO campaigns (build, seed_base, scenarios, shard, shards, started_s, "
      "wall_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
      build_, identity.seed_base, names, identity.shard, identity.shards, now_s);
  {
    Rows rows = database_.query(
        "SELECT id, wall_ms FROM campaigns WHERE build = ?1 AND seed_base = ?2 AND scenarios = ?3 "
        "AND shard = ?4 AND shards = ?5",
        build_, identity.seed_base, names, identity.shard, identity.shards);
    rows.next();
    campaign_ = rows.integer(0);
    wall_before_ms_ = rows.integer(1);
  }
  transaction.commit();
}

bool Campaign::done(const Task& task) {
  Rows rows = database_.query(
      "SELECT digest IS NULL OR repeat_digest IS NOT NULL FROM runs WHERE build = ?1 AND scenario "
      "= ?2 AND seed = ?3",
      build_, scenarios_[task.scenario], task.seed);
  return rows.next() && (!task.compared || rows.integer(0) != 0);
}

void Campaign::begin() {
  if (!pending_) {
    pending_.emplace(database_);
  }
}

void Campaign::commit() {
  if (pending_) {
    pending_->commit();
    pending_.reset();
  }
}

void Campaign::add(const RunRow& run) {
  begin();
  database_.run(
      "INSERT OR REPLACE INTO runs VALUES (?1, ?2, ?3, ?4, nullif(?5, ''), nullif(?6, ''), ?7, ?8, "
      "?9, ?10, ?11)",
      build_, scenarios_[run.task.scenario], run.task.seed, run.verdict, text_of(run.digest),
      text_of(run.repeat_digest), run.events, run.virtual_us, run.wall_us, text_of(run.faults),
      text_of(run.probes));
}

Recorded Campaign::add_failure(const RunRow& run, const Failure& failure) {
  add(run);
  const FailingRun failing{build_, scenarios_[run.task.scenario], run.task.seed, run.events};
  const FindingRow row = record_failure(database_, failing, failure, "");
  Recorded recorded{row.id, 0, row.smallest, row.old_trace};
  {
    Rows rows = database_.query("SELECT count(*) FROM failures WHERE finding = ?1", row.id);
    rows.next();
    recorded.nth = rows.natural(0);
  }
  commit();
  return recorded;
}

void Campaign::set_trace(std::int64_t finding, const std::string& file) {
  begin();
  database_.run("UPDATE findings SET trace = ?2 WHERE id = ?1", finding, file);
  commit();
}

void Campaign::flush(std::int64_t wall_ms) {
  begin();
  database_.run("UPDATE campaigns SET wall_ms = ?2 WHERE id = ?1", campaign_,
                wall_before_ms_ + wall_ms);
  commit();
}

std::map<std::int64_t, Kind> Campaign::findings_of(const Task& task) {
  std::map<std::int64_t, Kind> found;
  Rows rows = database_.query(
      "SELECT f.id, f.kind FROM failures r JOIN findings f ON f.id = r.finding WHERE r.build = ?1 "
      "AND r.scenario = ?2 AND r.seed = ?3",
      build_, scenarios_[task.scenario], task.seed);
  while (rows.next()) {
    if (const std::optional<Kind> kind = kind_from(rows.text(1))) {
      found.emplace(rows.integer(0), *kind);
    }
  }
  return found;
}

std::optional<Resumable> newest_campaign(Sqlite& database) {
  Rows rows = database.query(
      "SELECT b.name, seed_base, scenarios, shard, shards FROM campaigns c JOIN builds b ON b.id = "
      "c.build ORDER BY started_s DESC, c.id DESC LIMIT 1");
  if (!rows.next()) {
    return std::nullopt;
  }
  Resumable found{rows.text(0), rows.natural(1), {}, rows.natural(3), rows.natural(4)};
  try {
    found.scenarios = Json::parse(rows.text(2)).get<std::vector<std::string>>();
  } catch (const Json::exception&) {
    throw faults::InputError(database.path() + ": this database is damaged (campaigns.scenarios)");
  }
  return found;
}

}  // namespace fuzz
