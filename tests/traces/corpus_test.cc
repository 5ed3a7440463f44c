// Every trace of traces/corpus holds with the program as it is. Digests change with the code, so
// only the verdict counts. Blind: a trace whose universe has changed so much that the rare
// situation it was kept for no longer comes up.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "properties/universe.h"
#include "tests/traces/sample.h"

namespace traces_test {
namespace {

namespace fs = std::filesystem;

const fs::path kCorpus = DRAWPROOF_SOURCE_DIR "/traces/corpus";

std::vector<fs::path> corpus() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kCorpus)) {
    if (entry.path().extension() == ".json") {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

Trace read(const fs::path& file) { return traces::read_trace_file(file.string(), read_scenario); }

// What is violated, aborted or never came to rest; empty: it holds.
std::string complaint(const Trace& trace) {
  const properties::Scenario scenario = properties::scenario_from_json(trace.scenario, "scenario");
  properties::Universe universe(
      scenario, trace.seed, trace.plan,
      properties::workload_from_json(trace.workload, "workload", scenario));
  universe.replay(trace.tape);
  const properties::Report report = universe.run({});
  if (report.verdict == properties::Verdict::holds) {
    return {};
  }
  std::string text = "it does not hold";
  for (const auto& property : report.properties) {
    for (const auto& violation : property.violations) {
      text += "\n  " + property.id + ": " + violation.what;
    }
  }
  for (const auto& aborts : {report.aborts, report.fail_stops}) {
    for (const simnet::Abort& abort : aborts) {
      text += "\n  " + abort.host + ": " + abort.what;
    }
  }
  return text;
}

TEST(Corpus, EveryTraceHoldsToday) {
  for (const fs::path& file : corpus()) {
    EXPECT_EQ(complaint(read(file)), "") << file.filename();
  }
}

TEST(Corpus, EveryTraceIsDescribed) {
  std::ifstream in(kCorpus / "README.md");
  std::ostringstream readme;
  readme << in.rdbuf();
  const Json bugs = faults::read_json_file(DRAWPROOF_SOURCE_DIR "/properties/bugs.json").at("bugs");
  std::ptrdiff_t planted = 0;
  for (const fs::path& file : corpus()) {
    const Trace trace = read(file);
    const std::string name = file.filename().string();
    EXPECT_NE(readme.str().find("`" + name + "`"), std::string::npos) << name;
    EXPECT_NE(trace.note, "") << name;
    EXPECT_TRUE(trace.workload.is_object()) << name << " would change with how workloads are drawn";
    const bool of_a_bug = std::ranges::any_of(bugs, [&](const Json& bug) {
      return name == bug["id"].get<std::string>() + "-" + bug["name"].get<std::string>() + ".json";
    });
    planted += of_a_bug ? 1 : 0;
    if (of_a_bug) {
      EXPECT_EQ(trace.verdict.outcome, traces::Outcome::safety_violated) << name;
    }
  }
  // One for each whose failure is a violation: an abort or two digests leave nothing to shrink.
  EXPECT_EQ(planted, std::ranges::count_if(bugs, [](const Json& bug) {
              return bug["caught_by"][0] != "abort" && bug["caught_by"][0] != "determinism";
            }));
  EXPECT_GE(static_cast<std::ptrdiff_t>(corpus().size()), planted + 3);
}

}  // namespace
}  // namespace traces_test
