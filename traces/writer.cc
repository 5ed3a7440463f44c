#include "traces/writer.h"

#include <filesystem>
#include <fstream>

namespace traces {
namespace {

namespace fs = std::filesystem;

// A list or object at the outside is broken into lines, what is in a list is not.
bool broken_up(const Json& json, int depth) {
  return json.is_structured() && !json.empty() && (depth < 2 || (depth == 2 && json.is_array()));
}

void append(std::string& text, const Json& json, int depth) {
  constexpr auto kReplace = Json::error_handler_t::replace;
  if (!broken_up(json, depth)) {
    text += json.dump(-1, ' ', false, kReplace);
    return;
  }
  const std::string margin(static_cast<std::size_t>(depth) + 1, ' ');
  const char* before = "\n";
  text += json.is_array() ? "[" : "{";
  for (const auto& [name, value] : json.items()) {
    text += before + margin;
    if (json.is_object()) {
      text += Json(name).dump(-1, ' ', false, kReplace) + ": ";
    }
    append(text, value, depth + 1);
    before = ",\n";
  }
  text += "\n" + margin.substr(1) + (json.is_array() ? "]" : "}");
}

Json to_json(const simnet::Tape::Entry& entry) {
  return {{"purpose", entry.purpose},
          {"place", entry.place},
          {"thing", entry.thing},
          {"occurrence", entry.occurrence},
          {"number", hex(entry.number)}};
}

Json to_json(const Checkpoint& checkpoint) {
  return {{"events", checkpoint.events},
          {"at_ns", checkpoint.at.time_since_epoch().count()},
          {"digest", hex(checkpoint.value)}};
}

Json to_json(const Abort& abort) {
  return {{"at_us", abort.at_us}, {"host", abort.host}, {"what", abort.what}};
}

template <class T>
Json list_of(const std::vector<T>& elements) {
  Json list = Json::array();
  for (const T& each : elements) {
    list.push_back(to_json(each));
  }
  return list;
}

}  // namespace

Json to_json(const Verdict& verdict) {
  Json json = Json::object();
  json["outcome"] = to_string(verdict.outcome);
  json["property"] = verdict.property;
  json["message"] = verdict.message;
  json["at_us"] = verdict.at_us;
  json["whole"] = verdict.whole;
  json["digest"] = hex(verdict.digest);
  json["aborts"] = list_of(verdict.aborts);
  return json;
}

Json to_json(const Trace& trace) {
  Json json = Json::object();
  json["format"] = kFormat;
  json["version"] = kVersion;
  json["made_by"] = {{"version", trace.made_by.version}, {"commit", trace.made_by.commit}};
  if (!trace.note.empty()) {
    json["note"] = trace.note;
  }
  json["scenario"] = trace.scenario;
  json["seed"] = trace.seed;
  json["plan"] = faults::to_json(trace.plan);
  if (!trace.workload.is_null()) {
    json["workload"] = trace.workload;
  }
  json["tape"] = list_of(trace.tape);
  json["checkpoints"] = list_of(trace.checkpoints);
  json["verdict"] = to_json(trace.verdict);
  return json;
}

std::string to_text(const Trace& trace) {
  std::string text;
  append(text, to_json(trace), 0);
  return text + "\n";
}

std::vector<Checkpoint> thinned(const std::vector<Checkpoint>& checkpoints) {
  if (checkpoints.size() <= kCheckpointsMax) {
    return checkpoints;
  }
  std::vector<Checkpoint> few;
  for (std::size_t i = 1; i <= kCheckpointsMax; ++i) {
    few.push_back(checkpoints[i * checkpoints.size() / kCheckpointsMax - 1]);
  }
  return few;
}

std::string legible(const std::string& text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace))
      .get<std::string>();
}

void check_can_save(const std::string& path, bool replace, const std::string& option) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    throw faults::InputError(option + ": " + path + " is a directory");
  }
  if (!replace && fs::exists(path, error)) {
    throw faults::InputError(option + ": " + path + " exists; --force replaces it");
  }
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, error)) {
    throw faults::InputError(option + ": " + path + " cannot be written: there is no folder " +
                             folder.string());
  }
}

void save_text(const std::string& text, const std::string& path, bool replace,
               const std::string& option) {
  check_can_save(path, replace, option);
  const std::string half = path + ".part";
  std::error_code error;
  std::ofstream file(half, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) {
    fs::rename(half, path, error);
  }
  if (!file || error) {
    std::error_code ignored;
    fs::remove(half, ignored);
    throw faults::InputError(option + ": " + path + " cannot be written");
  }
}

void save(const Trace& trace, const std::string& path, bool replace, const std::string& option) {
  save_text(to_text(trace), path, replace, option);
}

}  // namespace traces
