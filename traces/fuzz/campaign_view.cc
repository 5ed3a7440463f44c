#include "traces/fuzz/campaign_view.h"

#include <algorithm>

namespace fuzz {
namespace {

std::vector<CampaignRow> campaigns(Sqlite& database) {
  std::vector<CampaignRow> result;
  Rows rows = database.query(
      "SELECT b.name, seed_base, scenarios, shard, shards, started_s, wall_ms FROM campaigns c "
      "JOIN "
      "builds b ON b.id = c.build ORDER BY started_s, c.id");
  while (rows.next()) {
    result.push_back({rows.text(0), rows.natural(1), rows.text(2), rows.natural(3), rows.natural(4),
                      rows.integer(5), rows.integer(6)});
  }
  return result;
}

std::map<std::string, ScenarioTotals> scenarios(Sqlite& database) {
  std::map<std::string, ScenarioTotals> result;
  Rows rows = database.query(
      "SELECT s.name, verdict, count(*), count(repeat_digest), sum(events), sum(virtual_us), "
      "sum(wall_us) FROM runs r JOIN scenarios s ON s.id = r.scenario GROUP BY 1, 2");
  while (rows.next()) {
    ScenarioTotals& totals = result[rows.text(0)];
    totals.verdicts[rows.text(1)] += rows.natural(2);
    totals.runs += rows.natural(2);
    totals.repeated += rows.natural(3);
    totals.events += rows.natural(4);
    totals.virtual_us += rows.integer(5);
    totals.wall_us += rows.integer(6);
  }
  return result;
}

Counts counts(Sqlite& database, std::string_view sql) {
  Counts result;
  Rows rows = database.query(sql);
  while (rows.next()) {
    result.emplace(rows.text(0), rows.natural(1));
  }
  return result;
}

void add_seeds(Sqlite& database, FindingView& finding) {
  Rows rows = database.query(
      "SELECT s.name, r.seed FROM failures r JOIN scenarios s ON s.id = r.scenario WHERE finding = "
      "?1 ORDER BY s.name, r.seed, r.build LIMIT ?2",
      finding.id, kSeedsShown);
  while (rows.next()) {
    finding.first.push_back({rows.text(0), rows.natural(1)});
  }
}

void add_counts(Sqlite& database, FindingView& finding) {
  Rows rows = database.query(
      "SELECT s.name, count(*) FROM failures r JOIN scenarios s ON s.id = r.scenario WHERE finding "
      "= ?1 GROUP BY 1",
      finding.id);
  while (rows.next()) {
    finding.scenarios.insert(rows.text(0));
    finding.count += rows.natural(1);
  }
}

FindingView finding_from(const Rows& rows) {
  FindingView finding;
  finding.id = rows.integer(0);
  finding.cause = {kind_from(rows.text(1)).value_or(Kind::crashed), rows.text(2), rows.text(3),
                   rows.text(4)};
  finding.build = rows.text(5);
  finding.smallest = {rows.text(6), rows.natural(7)};
  finding.events = rows.natural(8);
  finding.message = rows.text(9);
  finding.diagnostics = rows.text(10);
  finding.trace = rows.text(11);
  return finding;
}

std::vector<FindingView> findings(Sqlite& database, const std::set<std::int64_t>* only) {
  std::vector<FindingView> result;
  {
    Rows rows = database.query(
        "SELECT f.id, kind, property, place, shape, b.name, s.name, seed, events, message, "
        "diagnostics, trace FROM findings f JOIN builds b ON b.id = f.build JOIN scenarios s ON "
        "s.id = f.scenario ORDER BY kind, property, place, shape");
    while (rows.next()) {
      if (only == nullptr || only->contains(rows.integer(0))) {
        result.push_back(finding_from(rows));
      }
    }
  }
  for (FindingView& finding : result) {
    add_seeds(database, finding);
    add_counts(database, finding);
  }
  return result;
}

}  // namespace

Overview overview(Sqlite& database, const std::set<std::int64_t>* only) {
  return {campaigns(database), scenarios(database),
          counts(database, "SELECT kind, sum(count) FROM faults GROUP BY 1"),
          counts(database, "SELECT name, sum(hits) FROM probes GROUP BY 1"),
          findings(database, only)};
}

}  // namespace fuzz
