// How a witness looks to a person.
#include <algorithm>
#include <map>

#include "properties/linearizability/witness.h"

namespace linearizability {
namespace {

constexpr std::size_t kWidest = 110;
constexpr std::size_t kMostListed = 40;

// An operation of unknown outcome, or taken as one, has no end.
bool is_open(const WitnessOperation& shown) { return shown.relaxed || !shown.operation.known(); }

std::string lines_of(const Operation& operation) {
  return "line " + std::to_string(operation.invoked_line) + " to " +
         (operation.known() ? std::to_string(operation.returned_line) : "?");
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string process_of(const WitnessOperation& shown) {
  return "process " + std::to_string(shown.operation.process);
}

std::string list(const Witness& witness) {
  std::size_t lines = 0;
  std::size_t process = 0;
  for (const WitnessOperation& shown : witness.operations) {
    lines = std::max(lines, lines_of(shown.operation).size());
    process = std::max(process, process_of(shown).size());
  }
  std::string text;
  const std::size_t all = witness.operations.size();
  const std::size_t first = all > kMostListed ? all - kMostListed : 0;
  text += first == 0 ? "" : "  " + std::to_string(first) + " operations before these\n";
  for (std::size_t i = 0; i < all; ++i) {
    const WitnessOperation& shown = witness.operations[i];
    if (i < first && i != witness.failed) {
      continue;
    }
    text += "  " + padded(lines_of(shown.operation), lines) + "  " +
            padded(process_of(shown), process) + "  " + shown.call;
    text += !shown.operation.known() ? "   (outcome unknown)"
            : shown.relaxed          ? "   (whether or not it took effect)"
            : i == witness.failed    ? "   <- no order explains this"
                                     : "";
    text += "\n";
  }
  return text;
}

// One column per event, as far apart as the calls between them are long.
std::map<std::size_t, std::size_t> columns(const Witness& witness) {
  std::map<std::size_t, std::size_t> column;
  for (const WitnessOperation& shown : witness.operations) {
    column[shown.operation.invoked] = 0;
    if (!is_open(shown)) {
      column[shown.operation.returned] = 0;
    }
  }
  std::size_t next = 0;
  for (auto& [place, x] : column) {
    x = next;
    for (const WitnessOperation& shown : witness.operations) {
      if (!is_open(shown) && shown.operation.returned == place) {
        x = std::max(x, column[shown.operation.invoked] + shown.call.size() + 3);
      }
    }
    next = x + 2;
  }
  return column;
}

std::string timeline(const Witness& witness) {
  if (witness.operations.size() > kMostListed) {
    return "";
  }
  std::map<std::size_t, std::size_t> column = columns(witness);
  std::map<std::pair<std::int64_t, std::size_t>, std::string> rows;
  std::size_t process = 0;
  for (std::size_t i = 0; i < witness.operations.size(); ++i) {
    const WitnessOperation& shown = witness.operations[i];
    process = std::max(process, process_of(shown).size());
    // Behind an open operation its process may go on: a row of its own.
    std::string& row = rows[{shown.operation.process, is_open(shown) ? i + 1 : 0}];
    row = padded(row, column[shown.operation.invoked]);
    row += "[ " + shown.call;
    if (is_open(shown)) {
      row += " ...";
    } else {
      row = padded(row, column[shown.operation.returned]) + "]";
    }
  }
  std::string text;
  for (const auto& [id, row] : rows) {
    if (row.size() > kWidest) {
      return "";
    }
    text += "  " + padded("process " + std::to_string(id.first), process) + "  " + row + "\n";
  }
  return "\n" + text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

std::string ends(const Witness& witness) {
  std::string text;
  for (const WitnessEnd& end : witness.ends) {
    text += "  " + end.state;
    text += end.done.empty() ? "" : ", after " + joined(end.done);
    text += ": impossible now " + joined(end.impossible);
    text += end.leads_on.empty() ? "" : "; possible, but no way out, " + joined(end.leads_on);
    text += "\n";
  }
  if (witness.ends_all > witness.ends.size()) {
    text += "  and " + std::to_string(witness.ends_all - witness.ends.size()) + " more\n";
  }
  return text;
}

}  // namespace

std::string to_text(const Witness& witness) {
  const WitnessOperation& failed = witness.operations[witness.failed];
  std::string text;
  if (!witness.key.is(Value::Kind::nil)) {
    text += "Key " + to_short_string(witness.key) + ", ";
  }
  text += "line " + std::to_string(failed.operation.returned_line) + ": " + process_of(failed) +
          ", " + failed.call + ": no order of the operations so far explains it.\n\n";
  text += witness.start_line == 0
              ? "At the start " + witness.start + ".\n"
              : "Behind line " + std::to_string(witness.start_line) + " " + witness.start + ".\n";
  text += list(witness) + timeline(witness);
  text += "\nHow far one gets before that return:\n" + ends(witness);
  text += witness.shortest ? "" : "The history may be wrong at an earlier return already.\n";
  text += "These are " + std::to_string(witness.operations.size()) + " of the " +
          std::to_string(witness.prefix) + " operations of this object until then.\n";
  return text;
}

}  // namespace linearizability
