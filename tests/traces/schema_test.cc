// traces/schema.json says the same as the writer, the reader and the tables behind them.
#include "tests/traces/schema.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "faults/fault.h"
#include "tests/traces/sample.h"
#include "traces/writer.h"

namespace traces_test {
namespace {

namespace fs = std::filesystem;

const fs::path kTraces = DRAWPROOF_SOURCE_DIR "/traces";

Json schema() { return faults::read_json_file((kTraces / "schema.json").string()); }

std::set<std::string> names_of(const Json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) {
    names.insert(name);
  }
  return names;
}

std::set<std::string> texts_of(const Json& list) { return {list.begin(), list.end()}; }

bool accepted(const Json& json) {
  try {
    traces::trace_from_json(json, "t.json", read_scenario);
    return true;
  } catch (const faults::InputError&) {
    return false;
  }
}

// Every object of the schema, by its JSON pointer in a trace ("-" for the elements of a list).
void collect_objects(const Json& part, const std::string& at, std::map<std::string, Json>& found) {
  if (part.contains("properties")) {
    found[at] = part;
    for (const auto& [name, value] : part["properties"].items()) {
      collect_objects(value, at + "/" + name, found);
    }
  }
  if (part.contains("items")) {
    collect_objects(part["items"], at + "/-", found);
  }
}

const char* const kTries = "/workload/users/-/intents/-/tries/-";

// The same place in the sample, of a list its first element.
Json::json_pointer in_sample(std::string at) {
  for (std::size_t i = 0; (i = at.find('-', i)) != at.npos;) {
    at[i] = '0';
  }
  return Json::json_pointer(at);
}

TEST(TraceSchema, WhatIsWrittenFits) {
  EXPECT_EQ(problem_of(schema(), to_json(sample())), "");
  Trace plain = sample();
  plain.note.clear();
  plain.workload = nullptr;
  plain.plan.faults.clear();
  plain.tape.clear();
  plain.checkpoints.clear();
  plain.verdict = {};
  EXPECT_EQ(problem_of(schema(), to_json(plain)), "");
  for (const auto& entry : fs::directory_iterator(kTraces / "corpus")) {
    if (entry.path().extension() == ".json") {
      EXPECT_EQ(problem_of(schema(), faults::read_json_file(entry.path().string())), "")
          << entry.path();
    }
  }
}

TEST(TraceSchema, EveryObjectIsClosedAndNamesWhatIsWritten) {
  std::map<std::string, Json> objects;
  collect_objects(schema(), "", objects);
  EXPECT_EQ(objects.size(), 13u);
  for (const auto& [at, object] : objects) {
    EXPECT_EQ(object["additionalProperties"], false) << at;
    if (at == "/plan/faults/-") {
      continue;  // no fault has every member: below
    }
    std::set<std::string> described = names_of(object["properties"]);
    if (at == kTries) {
      EXPECT_EQ(described.erase("act"), 1u);  // the default is not written
    }
    EXPECT_EQ(described, names_of(to_json(sample()).at(in_sample(at)))) << at;
  }
}

TEST(TraceSchema, RequiredIsWhatTheReaderAsksFor) {
  std::map<std::string, Json> objects;
  collect_objects(schema(), "", objects);
  objects.erase("/plan/faults/-");
  for (const auto& [at, object] : objects) {
    std::set<std::string> asked;
    for (const std::string& name : names_of(to_json(sample()).at(in_sample(at)))) {
      Json json = to_json(sample());
      json.at(in_sample(at)).erase(name);
      if (name == "press_again_ms") {
        json.at(in_sample(at)).erase("other_cart");  // which needs it
      }
      if (!accepted(json)) {
        asked.insert(name);
      }
    }
    EXPECT_EQ(texts_of(object["required"]), asked) << at;
  }
}

// Whatever the schema refuses in the value of a member, the reader refuses too, and of plain
// values of another type both refuse the same.
TEST(TraceSchema, TypesAndLimitsAreThoseOfTheReader) {
  std::map<std::string, Json> objects;
  collect_objects(schema(), "", objects);
  int tried = 0;
  for (const auto& [at, object] : objects) {
    const Json written = to_json(sample()).at(in_sample(at));
    for (const auto& [name, value] : written.items()) {
      for (const Json& other :
           {Json(nullptr), Json(true), Json(-1), Json(0), Json(1), Json(1.5), Json(10'001),
            Json(UINT64_MAX), Json("x"), Json(""), Json("0123456789abcdef"), Json::array(),
            Json::array({1}), Json::object()}) {
        Json json = to_json(sample());
        json.at(in_sample(at))[name] = other;
        const bool fits = problem_of(schema(), json).empty();
        const bool read = accepted(json);
        EXPECT_TRUE(fits || !read) << at << "/" << name << ": " << other;
        if (value.type_name() != std::string(other.type_name())) {
          EXPECT_EQ(fits, read) << at << "/" << name << ": " << other;
        }
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 500);
}

TEST(TraceSchema, ListsAreBoundedAlike) {
  const Json properties = schema()["properties"];
  EXPECT_EQ(properties["tape"]["maxItems"], traces::kTapeEntriesMax);
  EXPECT_EQ(properties["checkpoints"]["maxItems"], traces::kCheckpointsMax);
  EXPECT_EQ(properties["verdict"]["properties"]["aborts"]["maxItems"], traces::kAbortsMax);
}

TEST(TraceSchema, WordsAndVersions) {
  const Json properties = schema()["properties"];
  std::set<std::string> outcomes;
  for (const traces::Outcome outcome : traces::kOutcomes) {
    outcomes.emplace(to_string(outcome));
  }
  EXPECT_EQ(texts_of(properties["verdict"]["properties"]["outcome"]["enum"]), outcomes);
  EXPECT_EQ(properties["format"]["const"], traces::kFormat);
  EXPECT_EQ(properties["version"]["const"], traces::kVersion);
  EXPECT_EQ(properties["plan"]["properties"]["version"]["const"], faults::kPlanVersion);
}

TEST(TraceSchema, FaultsHaveTheMembersOfTheirTable) {
  const Json described =
      schema()["properties"]["plan"]["properties"]["faults"]["items"]["properties"];
  std::set<std::string> kinds;
  std::set<std::string> names = {"kind",    "at_ms",   "for_ms", "hosts",   "peers",
                                 "bridges", "regions", "name",   "checksum"};
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> limits;
  for (const faults::Kind kind : faults::all_kinds()) {
    kinds.emplace(faults::to_string(kind));
    for (const faults::Number& number : faults::shape_of(kind).numbers) {
      const std::string name(number.name);
      const auto at = limits.emplace(name, std::pair(number.low, number.high)).first;
      at->second = {std::min(at->second.first, number.low),
                    std::max(at->second.second, number.high)};
      names.insert(name);
    }
  }
  EXPECT_EQ(texts_of(described["kind"]["enum"]), kinds);
  const Json scenario = schema()["properties"]["scenario"]["properties"];
  EXPECT_EQ(texts_of(scenario["fault_kinds"]["items"]["enum"]), kinds);
  EXPECT_EQ(names_of(described), names);
  for (const auto& [name, both] : limits) {
    EXPECT_EQ(described[name]["minimum"], both.first) << name;
    EXPECT_EQ(described[name]["maximum"], both.second) << name;
  }
}

TEST(TraceSchema, TheValidatorRefuses) {
  const auto refuses = [](const char* schema_text, const char* text) {
    return !problem_of(Json::parse(schema_text), Json::parse(text)).empty();
  };
  EXPECT_TRUE(refuses(R"({"type": "integer"})", "1.5"));
  EXPECT_TRUE(refuses(R"({"type": "integer", "minimum": 2})", "1"));
  EXPECT_TRUE(refuses(R"({"type": "integer", "maximum": 2})", "18446744073709551615"));
  EXPECT_TRUE(refuses(R"({"const": 1})", "2"));
  EXPECT_TRUE(refuses(R"({"enum": ["a", "b"]})", "\"c\""));
  EXPECT_TRUE(refuses(R"({"type": "string", "pattern": "^a$"})", "\"b\""));
  EXPECT_TRUE(refuses(R"({"type": "string", "minLength": 1})", "\"\""));
  EXPECT_TRUE(refuses(R"({"type": "array", "maxItems": 1})", "[1, 2]"));
  EXPECT_TRUE(refuses(R"({"type": "array", "minItems": 1})", "[]"));
  EXPECT_TRUE(refuses(R"({"type": "array", "items": {"type": "string"}})", "[1]"));
  EXPECT_TRUE(refuses(R"({"not": {}})", "1"));
  EXPECT_TRUE(refuses(R"({"type": "object", "required": ["a"]})", "{}"));
  EXPECT_TRUE(refuses(R"({"type": "object", "properties": {}, "additionalProperties": false})",
                      R"({"a": 1})"));
  EXPECT_TRUE(refuses(R"({"$ref": "#"})", "1"));
  EXPECT_FALSE(
      refuses(R"({"type": "object", "properties": {"a": {"type": "boolean"}}})", R"({"a": true})"));
}

}  // namespace
}  // namespace traces_test
