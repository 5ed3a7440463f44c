// A campaign told to a person, to a program, and to CI.
#pragma once

#include <cstdio>
#include <string>

#include "traces/fuzz/campaign_view.h"
#include "traces/fuzz/reports.h"

namespace cli {

// The command line that shows the finding again.
std::string reproduce(const std::string& program, const fuzz::FindingView& finding);

// Of a failing run.
std::string reproduce(const std::string& program, const std::string& scenario, std::uint64_t seed,
                      fuzz::Kind kind);

fuzz::ReportContext report_context(const std::string& program);

void print_findings(std::FILE* out, const std::string& program,
                    const std::vector<fuzz::FindingView>& findings);
void print_overview(const std::string& program, const fuzz::Overview& overview);

// README.md documents the members.
faults::Json overview_json(const std::string& program, const fuzz::Overview& overview);

}  // namespace cli
