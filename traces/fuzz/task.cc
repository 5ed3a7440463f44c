#include "traces/fuzz/task.h"

#include <algorithm>

namespace fuzz {
namespace {

traces::Outcome outcome_from(const std::string& word) {
  const auto found = std::ranges::find_if(traces::kOutcomes, [&](traces::Outcome outcome) {
    return traces::to_string(outcome) == word;
  });
  if (found == std::end(traces::kOutcomes)) {
    throw faults::InputError("there is no outcome " + word);
  }
  return *found;
}

Json to_json(const std::vector<traces::Checkpoint>& checkpoints) {
  Json list = Json::array();
  for (const traces::Checkpoint& checkpoint : checkpoints) {
    list.push_back({checkpoint.events, checkpoint.at.time_since_epoch().count(), checkpoint.value});
  }
  return list;
}

std::vector<traces::Checkpoint> checkpoints_from(const Json& list) {
  std::vector<traces::Checkpoint> checkpoints;
  for (const Json& entry : list) {
    checkpoints.push_back({entry.at(0).get<std::uint64_t>(),
                           simnet::Time(std::chrono::nanoseconds(entry.at(1).get<std::int64_t>())),
                           entry.at(2).get<std::uint64_t>()});
  }
  return checkpoints;
}

}  // namespace

std::string to_text(const Result& result) {
  const Json json = {{"outcome", traces::to_string(result.outcome)},
                     {"property", result.property},
                     {"place", result.place},
                     {"message", result.message},
                     {"digest", result.digest},
                     {"events", result.events},
                     {"virtual_us", result.virtual_us},
                     {"faults", result.faults},
                     {"probes", result.probes},
                     {"checkpoints", to_json(result.checkpoints)},
                     {"trace", result.trace}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Result> result_from_text(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    Result result;
    result.outcome = outcome_from(json.at("outcome"));
    result.property = json.at("property");
    result.place = json.at("place");
    result.message = json.at("message");
    result.digest = json.at("digest");
    result.events = json.at("events");
    result.virtual_us = json.at("virtual_us");
    result.faults = json.at("faults").get<Counts>();
    result.probes = json.at("probes").get<Counts>();
    result.checkpoints = checkpoints_from(json.at("checkpoints"));
    result.trace = json.at("trace");
    return result;
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const faults::InputError&) {
    return std::nullopt;
  }
}

}  // namespace fuzz
