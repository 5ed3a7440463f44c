// Findings in the formats that CI systems read.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "traces/fuzz/campaign_view.h"

namespace fuzz {

struct Rule {
  std::string id;         // "S3", or the name of a kind that is no property
  std::string statement;  // what must hold
};

struct ReportContext {
  std::string program_version;
  std::vector<Rule> properties;
  // The command line that shows the finding again.
  std::function<std::string(const FindingView&)> reproduce;
};

// The id of the property, or of a finding that violates none the name of its kind.
std::string rule_of(const FindingView& finding);

// The properties, and a rule for each kind of ending that is no property's.
std::vector<Rule> all_rules(const ReportContext& context);

// JUnit's XML as Jenkins and GitLab read it: a test suite per scenario, in it a case per property
// and one per kind of ending that is no property's.
std::string junit(const Overview& overview, const ReportContext& context);

// SARIF 2.1.0 (OASIS): one result per finding; its place is the trace.
Json sarif(const Overview& overview, const ReportContext& context);

// One workflow command of GitHub Actions per finding, a line each.
std::string annotations(const Overview& overview, const ReportContext& context);

// XML 1.0, section 2.2 and 2.4: text as it may stand in an element or a quoted attribute. What XML
// has no way to write (control characters, bytes that are no UTF-8) is left out or replaced.
std::string xml_text(const std::string& text);

}  // namespace fuzz
