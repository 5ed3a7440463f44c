#include "traces/cli/campaign_report.h"

#include "properties/oracle.h"
#include "properties/probes.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/fuzz_options.h"
#include "traces/cli/probe_report.h"
#include "traces/cli/version.h"

namespace cli {
namespace {

using faults::Json;
using fuzz::FindingView;
using ull = unsigned long long;

double seconds(std::int64_t us) { return static_cast<double>(us) / 1e6; }

// One line, however long a message or strange a name.
std::string one_line(std::string text, std::size_t most) {
  for (char& c : text) {
    c = static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return text.size() <= most ? text : text.substr(0, most) + "...";
}

fuzz::ScenarioTotals sum_of(const fuzz::Overview& overview) {
  fuzz::ScenarioTotals sum;
  for (const auto& [name, totals] : overview.scenarios) {
    sum.runs += totals.runs;
    sum.repeated += totals.repeated;
    sum.events += totals.events;
    sum.virtual_us += totals.virtual_us;
    sum.wall_us += totals.wall_us;
    for (const auto& [verdict, count] : totals.verdicts) {
      sum.verdicts[verdict] += count;
    }
  }
  return sum;
}

double wall_of(const fuzz::Overview& overview) {
  double wall_s = 0;
  for (const fuzz::CampaignRow& campaign : overview.campaigns) {
    wall_s += static_cast<double>(campaign.wall_ms) / 1000;
  }
  return wall_s;
}

void print_counts(const char* title, const fuzz::Counts& counts) {
  if (counts.empty()) {
    return;
  }
  std::printf("%-14s", title);
  for (const auto& [name, count] : counts) {
    std::printf(" %s %llu ", name.c_str(), static_cast<ull>(count));
  }
  std::printf("\n");
}

std::string seeds_text(const FindingView& finding) {
  std::string text;
  for (const fuzz::SeedOf& seed : finding.first) {
    text += (text.empty() ? "" : ", ") + seed.scenario + " " + std::to_string(seed.seed);
  }
  return text + (finding.count > finding.first.size() ? ", ..." : "");
}

Json json_of(const fuzz::CampaignRow& campaign) {
  return {{"build", campaign.build},
          {"seed_base", campaign.seed_base},
          {"scenarios", Json::parse(campaign.scenarios, nullptr, false)},
          {"shard", campaign.shard},
          {"shards", campaign.shards},
          {"started_s", campaign.started_s},
          {"wall_s", static_cast<double>(campaign.wall_ms) / 1000}};
}

Json json_of(const fuzz::ScenarioTotals& totals) {
  return {{"runs", totals.runs},       {"repeated", totals.repeated},
          {"events", totals.events},   {"virtual_us", totals.virtual_us},
          {"wall_us", totals.wall_us}, {"verdicts", totals.verdicts}};
}

Json json_of(const std::string& program, const FindingView& finding) {
  Json json;
  json["rule"] = rule_of(finding);
  json["kind"] = to_string(finding.cause.kind);
  json["exit_code"] = exit_code(finding.cause.kind);
  json["property"] = finding.cause.property;
  json["place"] = finding.cause.place;
  json["shape"] = finding.cause.shape;
  json["count"] = finding.count;
  json["scenarios"] = finding.scenarios;
  json["build"] = finding.build;
  json["scenario"] = finding.smallest.scenario;
  json["seed"] = finding.smallest.seed;
  json["events"] = finding.events;
  json["message"] = finding.message;
  json["diagnostics"] = finding.diagnostics;
  json["trace"] = finding.trace;
  json["reproduce"] = reproduce(program, finding);
  json["first"] = Json::array();
  for (const fuzz::SeedOf& seed : finding.first) {
    json["first"].push_back({{"scenario", seed.scenario}, {"seed", seed.seed}});
  }
  return json;
}

}  // namespace

std::string reproduce(const std::string& program, const std::string& scenario, std::uint64_t seed,
                      fuzz::Kind kind) {
  return run_options_for(program, scenario).reproduce(seed) +
         (kind == fuzz::Kind::non_determinism ? " --repeat-check" : "");
}

std::string reproduce(const std::string& program, const FindingView& finding) {
  return reproduce(program, finding.smallest.scenario, finding.smallest.seed, finding.cause.kind);
}

fuzz::ReportContext report_context(const std::string& program) {
  fuzz::ReportContext context;
  context.program_version = version() + " (" + commit() + ")";
  const properties::Oracle oracle;
  for (const auto& property : oracle.properties()) {
    context.properties.push_back({std::string(property->id()), std::string(property->statement())});
  }
  context.reproduce = [program](const FindingView& finding) { return reproduce(program, finding); };
  return context;
}

void print_findings(std::FILE* out, const std::string& program,
                    const std::vector<FindingView>& findings) {
  for (const FindingView& finding : findings) {
    const std::string& kind = std::string(to_string(finding.cause.kind));
    std::fprintf(out, "  %-4s %-17s in %llu runs (%s)\n", finding.cause.property.c_str(),
                 kind.c_str(), static_cast<ull>(finding.count), seeds_text(finding).c_str());
    std::fprintf(out, "       %s\n", one_line(finding.message, 300).c_str());
    std::fprintf(out, "       %s\n", reproduce(program, finding).c_str());
    if (!finding.trace.empty()) {
      std::fprintf(out, "       trace: %s\n", finding.trace.c_str());
    }
  }
}

void print_overview(const std::string& program, const fuzz::Overview& overview) {
  for (const fuzz::CampaignRow& campaign : overview.campaigns) {
    std::printf("Campaign       %s  seed base %llu  shard %llu/%llu  scenarios %s  %.1f s\n",
                one_line(campaign.build, 100).c_str(), static_cast<ull>(campaign.seed_base),
                static_cast<ull>(campaign.shard), static_cast<ull>(campaign.shards),
                one_line(campaign.scenarios, 200).c_str(),
                static_cast<double>(campaign.wall_ms) / 1000);
  }
  const fuzz::ScenarioTotals sum = sum_of(overview);
  const double wall_s = wall_of(overview);
  std::printf("Runs           %llu, %.1f per second, %llu of them made twice\n",
              static_cast<ull>(sum.runs), wall_s > 0 ? static_cast<double>(sum.runs) / wall_s : 0.0,
              static_cast<ull>(sum.repeated));
  for (const auto& [name, totals] : overview.scenarios) {
    std::printf("  %-12s %8llu runs, %.2f s each, %.0f s virtual each\n", name.c_str(),
                static_cast<ull>(totals.runs),
                seconds(totals.wall_us) / static_cast<double>(totals.runs),
                seconds(totals.virtual_us) / static_cast<double>(totals.runs));
  }
  print_counts("Verdicts", sum.verdicts);
  print_counts("Faults", overview.faults);
  properties::ProbeCounts probes = properties::no_probes();  // a row holds those reached
  properties::add(probes, overview.probes);
  print_probes(probes);
  std::printf("Findings       %zu\n", overview.findings.size());
  print_findings(stdout, program, overview.findings);
}

Json overview_json(const std::string& program, const fuzz::Overview& overview) {
  const fuzz::ScenarioTotals sum = sum_of(overview);
  Json json;
  json["version"] = 1;
  json["program"] = version();
  json["commit"] = commit();
  json["campaigns"] = Json::array();
  for (const fuzz::CampaignRow& campaign : overview.campaigns) {
    json["campaigns"].push_back(json_of(campaign));
  }
  json["total"] = json_of(sum);
  json["scenarios"] = Json::object();
  for (const auto& [name, totals] : overview.scenarios) {
    json["scenarios"][name] = json_of(totals);
  }
  json["faults"] = overview.faults;
  json["probes"] = overview.probes;
  json["findings"] = Json::array();
  for (const FindingView& finding : overview.findings) {
    json["findings"].push_back(json_of(program, finding));
  }
  return json;
}

}  // namespace cli
