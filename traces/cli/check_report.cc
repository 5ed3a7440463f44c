// What `drawproof check` found, told to a person and to a program.
#include <cstdio>

#include "faults/input.h"
#include "traces/cli/check.h"
#include "traces/cli/version.h"

namespace cli {
namespace {

namespace lin = linearizability;
using faults::Json;

std::string keys(const std::vector<lin::Value>& values) {
  constexpr std::size_t kMost = 8;
  std::string text;
  for (std::size_t i = 0; i < values.size() && i < kMost; ++i) {
    text += (i == 0 ? "" : ", ") + lin::to_short_string(values[i]);
  }
  return text + (values.size() > kMost ? ", ..." : "");
}

Json keys_json(const std::vector<lin::Value>& values) {
  Json list = Json::array();
  for (const lin::Value& value : values) {
    list.push_back(lin::to_string(value));
  }
  return list;
}

Json line_json(std::size_t line) { return line == 0 ? Json(nullptr) : Json(line); }

Json operation_json(const lin::WitnessOperation& shown) {
  const lin::Operation& operation = shown.operation;
  return {{"process", operation.process},
          {"call", shown.call},
          {"invoked_line", line_json(operation.invoked_line)},
          {"returned_line", line_json(operation.returned_line)},
          {"relaxed", shown.relaxed}};
}

Json witness_json(const lin::Witness& witness) {
  Json json;
  json["key"] = lin::to_string(witness.key);
  json["start"] = witness.start;
  json["start_line"] = line_json(witness.start_line);
  json["prefix"] = witness.prefix;
  json["failed"] = witness.failed;
  json["operations"] = Json::array();
  for (const lin::WitnessOperation& shown : witness.operations) {
    json["operations"].push_back(operation_json(shown));
  }
  json["ends"] = Json::array();
  for (const lin::WitnessEnd& end : witness.ends) {
    json["ends"].push_back({{"state", end.state},
                            {"done", end.done},
                            {"impossible", end.impossible},
                            {"leads_on", end.leads_on}});
  }
  json["ends_all"] = witness.ends_all;
  return json;
}

// Bytes that are no text for a terminal, as they may stand in a history.
std::string clean(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || (byte >= 0x20 && byte != 0x7f)) {
      result += c;
    } else {
      result += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return result;
}

}  // namespace

void print_text(const CheckOptions& options, const lin::CheckReport& report) {
  std::string text = "History        " + options.file + ", model " + options.model + "\n";
  text += "Operations     " + std::to_string(report.operations) + " on " +
          std::to_string(report.keys) + (report.keys == 1 ? " object" : " objects") +
          ", of these " + std::to_string(report.unknown) + " with an unknown outcome; " +
          std::to_string(report.failed) + " failed\n";
  text += "Search         at most " + std::to_string(report.configurations_max) +
          " configurations at a time\n";
  if (!report.not_linearizable.empty() && report.keys > 1) {
    text += "Wrong keys     " + std::to_string(report.not_linearizable.size()) + ": " +
            keys(report.not_linearizable) + "\n";
  }
  if (!report.undecided.empty()) {
    text += "Undecided      more than " + options.configurations +
            " configurations, or too long a search" +
            (report.keys > 1 ? ": " + keys(report.undecided) : "") + "\n";
  }
  if (report.witness) {
    text += "\n" + lin::to_text(*report.witness) + "\n";
  }
  text += report.verdict == lin::Verdict::linearizable ? "Verdict        LINEARIZABLE\n"
          : report.verdict == lin::Verdict::undecided  ? "Verdict        UNDECIDED\n"
                                                       : "Verdict        NOT LINEARIZABLE\n";
  std::fputs(clean(text).c_str(), stdout);
}

void print_json(const CheckOptions& options, const lin::CheckReport& report) {
  constexpr const char* kWords[] = {"linearizable", "not_linearizable", "undecided"};
  Json json;
  json["version"] = 1;
  json["program"] = version();
  json["commit"] = commit();
  json["file"] = options.file;
  json["model"] = options.model;
  json["verdict"] = kWords[static_cast<std::size_t>(report.verdict)];
  json["operations"] = report.operations;
  json["unknown"] = report.unknown;
  json["failed"] = report.failed;
  json["keys"] = report.keys;
  json["configurations_max"] = report.configurations_max;
  json["not_linearizable"] = keys_json(report.not_linearizable);
  json["undecided"] = keys_json(report.undecided);
  json["witness"] = report.witness ? witness_json(*report.witness) : Json(nullptr);
  std::printf("%s\n", json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

}  // namespace cli
