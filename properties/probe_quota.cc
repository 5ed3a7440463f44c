// Quotas: what a campaign must have tried before "it holds" says much.
#include <optional>

#include "properties/probes.h"

namespace properties {
namespace {

constexpr std::int64_t kSeedsMax = 1'000'000;
constexpr std::int64_t kAtLeastMax = 1'000'000'000;

ProbeQuota read_quota(faults::Fields& fields, const ProbeCounts& known) {
  ProbeQuota quota;
  quota.seeds = static_cast<std::uint64_t>(fields.integer("seeds", 1, kSeedsMax));
  const faults::Json& least = fields.object("at_least");
  faults::Fields counts(least, fields.path("at_least"));
  for (const auto& [name, count] : least.items()) {
    if (!known.contains(name)) {
      counts.fail(name.c_str(), "the name of a probe of this program");
    }
    quota.at_least[name] = static_cast<std::uint64_t>(counts.integer(name.c_str(), 1, kAtLeastMax));
  }
  counts.finish();
  fields.finish();
  return quota;
}

}  // namespace

ProbeQuota probe_quota(const faults::Json& json, const std::string& where,
                       const std::string& scenario) {
  faults::Fields file(json, where);
  file.integer("version", 1, 1);
  const ProbeCounts known = no_probes();
  std::optional<ProbeQuota> found;
  std::size_t index = 0;
  for (const faults::Json& entry : file.array("quotas")) {
    faults::Fields fields(entry, where + ": quotas[" + std::to_string(index++) + "]");
    const std::string name = fields.text("scenario");
    ProbeQuota quota = read_quota(fields, known);
    if (name == scenario) {
      if (found) {
        fields.fail("scenario", "one that has no quota yet");
      }
      found = std::move(quota);
    }
  }
  file.finish();
  if (!found) {
    throw faults::InputError(where + ": there is no quota for scenario \"" + scenario + "\"");
  }
  return *found;
}

std::vector<MissedProbe> missed(const ProbeQuota& quota, const ProbeCounts& sum,
                                std::uint64_t seeds) {
  std::vector<MissedProbe> result;
  for (const auto& [name, count] : quota.at_least) {
    const std::uint64_t due = count * seeds / quota.seeds;
    const auto found = sum.find(name);
    const std::uint64_t reached = found == sum.end() ? 0 : found->second;
    if (reached < due) {
      result.push_back({name, reached, due});
    }
  }
  return result;
}

}  // namespace properties
