#include "traces/reader.h"

#include <charconv>
#include <map>
#include <tuple>
#include <utility>

namespace traces {
namespace {

using faults::Fields;
using faults::InputError;

std::string element(const std::string& where, const char* list, std::size_t index) {
  return where + ": " + list + "[" + std::to_string(index) + "]";
}

void check_format(Fields& fields) {
  if (fields.text("format") != kFormat) {
    fields.fail("format", "\"" + std::string(kFormat) + "\"");
  }
  const std::string reads = "version " + std::to_string(kVersion);
  const std::int64_t version = fields.integer("version", INT64_MIN, INT64_MAX);
  if (version > kVersion) {
    fields.fail("version", reads + " at most: a newer drawproof wrote this trace");
  }
  if (version < kVersion) {
    fields.fail("version", reads + ": traces of older versions are no longer read");
  }
}

// Digests, and numbers that choices get.
std::uint64_t read_hex(Fields& fields, const char* name) {
  const std::string text = fields.text(name);
  const bool digits = text.size() == 16 && text.find_first_not_of("0123456789abcdef") == text.npos;
  if (!digits) {
    fields.fail(name, "16 digits of 0-9 and a-f");
  }
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, 16);
  return number;
}

const Json& read_list(Fields& fields, const char* name, std::size_t elements_max) {
  const Json& list = fields.array(name);
  if (list.size() > elements_max) {
    throw InputError(fields.path(name) + ": expected at most " + std::to_string(elements_max) +
                     " elements, got " + std::to_string(list.size()));
  }
  return list;
}

MadeBy read_made_by(Fields fields) {
  MadeBy made_by{fields.text("version"), fields.text("commit")};
  fields.finish();
  return made_by;
}

simnet::Tape::Entry read_choice(Fields fields) {
  simnet::Tape::Entry entry{fields.text("purpose"), fields.natural("place"),
                            fields.natural("thing"), fields.natural("occurrence"),
                            read_hex(fields, "number")};
  if (entry.purpose.empty()) {
    fields.fail("purpose", "the name of a kind of choice");
  }
  fields.finish();
  return entry;
}

// A choice that is given twice would silently be the later one.
std::vector<simnet::Tape::Entry> read_tape(const Json& list, const std::string& where) {
  using Label = std::tuple<std::string, std::uint64_t, std::uint64_t, std::uint64_t>;
  std::map<Label, std::size_t> first;
  std::vector<simnet::Tape::Entry> tape;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = element(where, "tape", i);
    tape.push_back(read_choice(Fields(list[i], place)));
    const auto& entry = tape.back();
    const auto [at, fresh] =
        first.emplace(Label{entry.purpose, entry.place, entry.thing, entry.occurrence}, i);
    if (!fresh) {
      throw InputError(place + ": expected each choice once, got that of tape[" +
                       std::to_string(at->second) + "] again");
    }
  }
  return tape;
}

Checkpoint read_checkpoint(Fields fields) {
  const std::uint64_t events = fields.natural("events");
  const simnet::Time at{std::chrono::nanoseconds(fields.integer("at_ns", 0, INT64_MAX))};
  const std::uint64_t value = read_hex(fields, "digest");
  fields.finish();
  return {events, at, value};
}

std::vector<Checkpoint> read_checkpoints(const Json& list, const std::string& where) {
  std::vector<Checkpoint> checkpoints;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Fields fields(list[i], element(where, "checkpoints", i));
    checkpoints.push_back(read_checkpoint(fields));
    if (i == 0) {
      continue;
    }
    const Checkpoint& before = checkpoints[i - 1];
    if (checkpoints[i].events <= before.events) {
      fields.fail("events", "more than the " + std::to_string(before.events) + " before it");
    }
    if (checkpoints[i].at < before.at) {
      fields.fail("at_ns", "no less than before it");
    }
  }
  return checkpoints;
}

std::vector<Abort> read_aborts(const Json& list, const std::string& where) {
  std::vector<Abort> aborts;
  for (std::size_t i = 0; i < list.size(); ++i) {
    Fields fields(list[i], where + ".aborts[" + std::to_string(i) + "]");
    aborts.push_back(
        {fields.integer("at_us", 0, INT64_MAX), fields.text("host"), fields.text("what")});
    fields.finish();
  }
  return aborts;
}

Outcome read_outcome(Fields& fields) {
  const std::string text = fields.text("outcome");
  std::string known;
  for (const Outcome outcome : kOutcomes) {
    if (to_string(outcome) == text) {
      return outcome;
    }
    known += (known.empty() ? "" : ", ") + std::string(to_string(outcome));
  }
  fields.fail("outcome", "one of " + known);
}

// S and digits, L and digits, or nothing, as the outcome asks for.
void check_property(const Fields& fields, const Verdict& verdict) {
  const char family = verdict.outcome == Outcome::safety_violated     ? 'S'
                      : verdict.outcome == Outcome::liveness_violated ? 'L'
                                                                      : '\0';
  if (family == '\0') {
    if (!verdict.property.empty()) {
      fields.fail("property", "\"\", because the outcome violates none");
    }
    return;
  }
  const std::string& id = verdict.property;
  const bool fits = id.size() > 1 && id.size() < 6 && id.front() == family &&
                    id.find_first_not_of("0123456789", 1) == id.npos;
  if (!fits) {
    fields.fail("property", std::string("the id of a property, ") + family + " and a number");
  }
}

Verdict read_verdict(Fields fields, const std::string& where) {
  Verdict verdict;
  verdict.outcome = read_outcome(fields);
  verdict.property = fields.text("property");
  check_property(fields, verdict);
  verdict.message = fields.text("message");
  verdict.at_us = fields.integer("at_us", 0, INT64_MAX);
  verdict.whole = fields.boolean("whole");
  if (verdict.whole && verdict.outcome == Outcome::interrupted) {
    fields.fail("whole", "false, because the run was interrupted");
  }
  verdict.digest = read_hex(fields, "digest");
  verdict.aborts = read_aborts(read_list(fields, "aborts", kAbortsMax), where);
  fields.finish();
  return verdict;
}

}  // namespace

Trace trace_from_json(const Json& json, const std::string& where, const ScenarioReader& scenario) {
  Fields fields(json, where);
  check_format(fields);
  Trace trace;
  trace.made_by = read_made_by(Fields(fields.object("made_by"), fields.path("made_by")));
  trace.note = fields.text_or("note", "");
  trace.scenario = fields.object("scenario");
  const Names names = scenario(trace.scenario, fields.path("scenario"));
  trace.seed = fields.natural("seed");
  trace.plan = faults::plan_from_json(fields.object("plan"), fields.path("plan"), names.hosts,
                                      &names.regions);
  if (fields.has("workload")) {
    trace.workload = fields.object("workload");
    names.workload(trace.workload, fields.path("workload"));
  }
  trace.tape = read_tape(read_list(fields, "tape", kTapeEntriesMax), where);
  trace.checkpoints = read_checkpoints(read_list(fields, "checkpoints", kCheckpointsMax), where);
  const std::string verdict = fields.path("verdict");
  trace.verdict = read_verdict(Fields(fields.object("verdict"), verdict), verdict);
  fields.finish();
  return trace;
}

Trace read_trace_file(const std::string& path, const ScenarioReader& scenario) {
  return trace_from_json(faults::read_json_file(path), path, scenario);
}

}  // namespace traces
