#include "traces/cli/report.h"

#include <algorithm>
#include <cstdio>

#include "properties/repeats.h"
#include "traces/cli/probe_report.h"
#include "traces/cli/version.h"
#include "traces/trace.h"

namespace cli {
namespace {

using properties::Report;
using properties::Verdict;
using traces::hex;
using ull = unsigned long long;

double seconds(simnet::Time time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

void print_purchases(const Report& report) {
  std::printf("Purchases");
  std::int64_t total = 0;
  for (const auto& [state, count] : report.tally.purchases_by_state) {
    total += count;
  }
  std::printf("      %lld", static_cast<long long>(total));
  for (const auto& [state, count] : report.tally.purchases_by_state) {
    std::printf("  %s %lld", state.c_str(), static_cast<long long>(count));
  }
  std::printf("\nTickets sold   %lld\n", static_cast<long long>(report.tally.tickets_sold));
  std::printf("Intents        %llu of %llu users, begun %lld, satisfied %lld\n",
              static_cast<ull>(report.intents), static_cast<ull>(report.users),
              static_cast<long long>(report.tally.intents),
              static_cast<long long>(report.tally.intents_satisfied));
  std::printf(
      "Users          %llu requests pressed twice, %llu repeated because the outcome was "
      "unknown\n",
      static_cast<ull>(report.double_presses), static_cast<ull>(report.retries));
  std::printf("Bank           %lld charges, %lld refunds, %lld declines\n",
              static_cast<long long>(report.tally.charges),
              static_cast<long long>(report.tally.refunds),
              static_cast<long long>(report.tally.declines));
}

void print_faults(const Report& report) {
  std::printf("Faults        ");
  if (report.faults.empty()) {
    std::printf(" none");
  }
  for (const auto& [kind, count] : report.faults) {
    std::printf(" %s %llu ", std::string(faults::to_string(kind)).c_str(), static_cast<ull>(count));
  }
  std::printf(
      "\nProcesses      %llu starts, %llu crashes, %llu power losses (%llu inside a disk "
      "call), %llu stopped themselves\n",
      static_cast<ull>(report.hosts.boots), static_cast<ull>(report.hosts.process_crashes),
      static_cast<ull>(report.hosts.power_losses), static_cast<ull>(report.hosts.power_cuts),
      static_cast<ull>(report.hosts.fail_stops));
}

void print_traffic(const Report& report, const RunFigures& figures) {
  const auto& net = report.network;
  std::printf(
      "Packets        %llu sent, %llu lost, %llu cut off by partitions, %llu twice, %llu "
      "sent again\n",
      static_cast<ull>(net.sent), static_cast<ull>(net.lost), static_cast<ull>(net.blocked),
      static_cast<ull>(net.duplicated), static_cast<ull>(net.retransmitted));
  std::printf("Time           %.1f s virtual in %.2f s, %llu events, %.0f events/s\n",
              seconds(report.end), figures.wall_s, static_cast<ull>(report.events),
              figures.wall_s > 0 ? static_cast<double>(report.events) / figures.wall_s : 0.0);
}

void print_properties(const Report& report) {
  std::printf("\n");
  for (const auto& property : report.properties) {
    const char* verdict = !property.violations.empty() ? "VIOLATED"
                          : property.checks == 0       ? "not checked"
                                                       : "holds";
    std::printf("  %-4s %-12s %9llu checks  %s\n", property.id.c_str(), verdict,
                static_cast<ull>(property.checks), property.statement.c_str());
    for (const properties::Repeats& found : properties::each_once(property.violations)) {
      std::printf("       at %.3f s", seconds(found.first->at));
      if (found.times > 1) {
        std::printf(" and %llu times more until %.3f s", static_cast<ull>(found.times - 1),
                    seconds(found.last));
      }
      std::printf(": %s\n", found.first->what.c_str());
    }
  }
  for (const auto& abort : report.aborts) {
    std::printf("  ABORT at %.3f s on %s: %s\n", seconds(abort.at), abort.host.c_str(),
                abort.what.c_str());
  }
  for (const auto& stop : report.fail_stops) {
    std::printf("  STOPPED ITSELF at %.3f s on %s: %s\n", seconds(stop.at), stop.host.c_str(),
                stop.what.c_str());
  }
  if (report.unreadable > 0) {
    std::printf("  At %llu events the books could not be read; they were compared at the next.\n",
                static_cast<ull>(report.unreadable));
  }
}

bool all_checked(const Report& report) {
  return std::all_of(report.properties.begin(), report.properties.end(),
                     [](const auto& property) { return property.checks > 0; });
}

const char* sentence(const Report& report) {
  switch (report.verdict) {
    case Verdict::holds:
      return all_checked(report)
                 ? "HOLDS. Nothing was oversold, nobody was charged twice, everything came to rest."
                 : "HOLDS as far as it was checked. Too little happened to judge every property.";
    case Verdict::safety_violated:
      return "VIOLATED. A safety property does not hold; see above.";
    case Verdict::liveness_violated:
      return "STUCK. Nothing wrong happened, but not everything came to an end; see above.";
    case Verdict::aborted:
      return "ABORTED. A process of the system under test ended by itself; see above.";
    case Verdict::interrupted:
      return "INTERRUPTED. What was checked up to here holds; liveness was not judged.";
  }
  return "";
}

}  // namespace

void print_header(const RunOptions& options) {
  std::printf("drawproof %s (%s)  scenario %s  seed %llu%s\n", version().c_str(), commit().c_str(),
              options.scenario.name.c_str(), static_cast<ull>(options.seed),
              options.no_faults ? "  no faults" : "");
  if (!options.scenario.about.empty()) {
    std::printf("%s\n", options.scenario.about.c_str());
  }
  std::printf("\n");
  std::fflush(stdout);
}

void print_report(const RunOptions& options, const Report& report, const RunFigures& figures) {
  print_purchases(report);
  print_faults(report);
  print_traffic(report, figures);
  print_probes_reached(report.probes);
  print_properties(report);
  std::printf("\nDigest         %s%s\n", hex(report.digest).c_str(),
              figures.repeated && figures.divergence.empty() ? ", the same in a second run" : "");
  if (!figures.divergence.empty()) {
    std::printf("NOT DETERMINISTIC: %s\n", figures.divergence.c_str());
  }
  for (const std::string& note : figures.notes) {
    std::printf("%s\n", note.c_str());
  }
  std::printf("Verdict        %s\n", sentence(report));
  std::printf("Run it again   %s%s\n", options.reproduce(options.seed).c_str(),
              figures.divergence.empty() ? "" : " --repeat-check");
}

}  // namespace cli
