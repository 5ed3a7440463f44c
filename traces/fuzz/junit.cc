#include <cstdio>

#include "traces/fuzz/reports.h"
#include "traces/writer.h"

namespace fuzz {
namespace {

std::string attribute(const char* name, const std::string& value) {
  return std::string(" ") + name + "=\"" + xml_text(value) + "\"";
}

std::string seconds(std::int64_t us) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(us / 1'000'000),
                static_cast<long long>(us / 1000 % 1000));
  return text;
}

bool fails(const FindingView& finding, const Rule& rule, const std::string& scenario) {
  return rule_of(finding) == rule.id && finding.scenarios.contains(scenario);
}

std::string body_of(const FindingView& finding, const ReportContext& context) {
  std::string text = finding.message + "\nin " + std::to_string(finding.count) +
                     " runs; again: " + context.reproduce(finding) + "\n";
  if (!finding.trace.empty()) {
    text += "trace: " + finding.trace + "\n";
  }
  return text + finding.diagnostics;
}

// All its findings in one element: Jenkins keeps one per case.
std::string failure(const std::vector<const FindingView*>& findings, const ReportContext& context) {
  std::string text = "      <failure" + attribute("type", rule_of(*findings.front())) +
                     attribute("message", findings.front()->message) + ">";
  for (const FindingView* finding : findings) {
    text += xml_text(body_of(*finding, context)) + "\n";
  }
  return text + "</failure>\n";
}

struct Suite {
  std::string cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
};

void add_case(Suite& suite, const Overview& overview, const ReportContext& context,
              const Rule& rule, const std::string& scenario) {
  std::vector<const FindingView*> findings;
  for (const FindingView& finding : overview.findings) {
    if (fails(finding, rule, scenario)) {
      findings.push_back(&finding);
    }
  }
  ++suite.tests;
  suite.cases += "    <testcase" + attribute("classname", "drawproof." + scenario) +
                 attribute("name", rule.id + " " + rule.statement) + attribute("time", "0");
  if (findings.empty()) {
    suite.cases += "/>\n";
    return;
  }
  ++suite.failures;
  suite.cases += ">\n" + failure(findings, context) + "    </testcase>\n";
}

std::string counts_of(std::size_t tests, std::size_t failures, std::int64_t wall_us) {
  return attribute("tests", std::to_string(tests)) +
         attribute("failures", std::to_string(failures)) + attribute("errors", "0") +
         attribute("skipped", "0") + attribute("time", seconds(wall_us));
}

}  // namespace

std::string rule_of(const FindingView& finding) {
  return finding.cause.property.empty() ? std::string(to_string(finding.cause.kind))
                                        : finding.cause.property;
}

std::string xml_text(const std::string& text) {
  const std::string legible = traces::legible(text);
  std::string result;
  for (std::size_t i = 0; i < legible.size(); ++i) {
    const char c = legible[i];
    const std::string_view next = std::string_view(legible).substr(i, 3);
    if (next == "\xEF\xBF\xBE" || next == "\xEF\xBF\xBF") {
      i += 2;  // U+FFFE and U+FFFF are no characters of XML
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '"') {
      result += "&quot;";
    } else if (c == '\n' || c == '\t' || c == '\r') {
      result += "&#" + std::to_string(byte) + ";";
    } else if (byte >= 0x20) {
      result += c;
    }
  }
  return result;
}

std::string junit(const Overview& overview, const ReportContext& context) {
  std::string suites;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::int64_t wall_us = 0;
  for (const auto& [scenario, totals] : overview.scenarios) {
    Suite suite;
    for (const Rule& rule : all_rules(context)) {
      add_case(suite, overview, context, rule, scenario);
    }
    suites += "  <testsuite" + attribute("name", "drawproof." + scenario) +
              counts_of(suite.tests, suite.failures, totals.wall_us) + ">\n" + suite.cases +
              "  </testsuite>\n";
    tests += suite.tests;
    failures += suite.failures;
    wall_us += totals.wall_us;
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
         attribute("name", "drawproof fuzz") + counts_of(tests, failures, wall_us) + ">\n" +
         suites + "</testsuites>\n";
}

}  // namespace fuzz
