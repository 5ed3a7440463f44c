#include "traces/fuzz/reports.h"

namespace fuzz {
namespace {

// What GitHub's runner undoes: %, CR and LF everywhere, in a property also what ends one.
std::string escaped(const std::string& text, bool property) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '%':
        result += "%25";
        break;
      case '\r':
        result += "%0D";
        break;
      case '\n':
        result += "%0A";
        break;
      case ':':
        result += property ? "%3A" : ":";
        break;
      case ',':
        result += property ? "%2C" : ",";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace

std::string annotations(const Overview& overview, const ReportContext& context) {
  std::string lines;
  for (const FindingView& finding : overview.findings) {
    const std::string title = rule_of(finding) + " in " + finding.smallest.scenario + ", seed " +
                              std::to_string(finding.smallest.seed);
    const std::string message = finding.message + "\nin " + std::to_string(finding.count) +
                                " runs; again: " + context.reproduce(finding);
    lines += "::error title=" + escaped(title, true) + "::" + escaped(message, false) + "\n";
  }
  return lines;
}

}  // namespace fuzz
