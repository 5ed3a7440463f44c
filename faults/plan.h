// A plan: which faults strike when. Plain data, JSON both ways; a run of the same
// scenario, seed and plan is the same universe. Times count from the start of the
// universe in virtual milliseconds.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "faults/input.h"

namespace faults {

// The catalogue is in README.md: what each kind does and the real cause it stands for.
enum class Kind : std::uint8_t {
  crash,       // the process dies; the machine stays up
  power_loss,  // the machine goes dark; unsynced sectors are at chance
  power_cut,   // power loss inside the `value`-th disk call from then
  pause,       // the process stands still; the machine's network goes on
  partition,   // nothing between `hosts` and `peers`, both ways
  one_way,     // nothing from `hosts` to `peers`
  degrade,     // packets between `hosts` and `peers` late, lost or twice
  clock_jump,  // the wall clock moves by `value` ms, for good
  setting,     // the setting `name` of the service has `value`
};

std::string_view to_string(Kind kind);
const std::vector<Kind>& all_kinds();

struct Fault {
  Kind kind = Kind::crash;
  std::int64_t at_ms = 0;
  std::int64_t for_ms = 0;            // how long; not for clock_jump
  std::vector<std::string> hosts;     // whom it strikes
  std::vector<std::string> peers;     // partition, one_way, degrade
  std::string name;                   // setting
  std::int64_t value = 0;             // power_cut, clock_jump, setting
  std::int64_t extra_latency_ms = 0;  // degrade
  std::int64_t loss_ppm = 0;          // degrade
  std::int64_t duplicate_ppm = 0;     // degrade

  bool operator==(const Fault&) const = default;
};

struct Plan {
  std::vector<Fault> faults;  // in the order of at_ms
  bool operator==(const Plan&) const = default;
};

// Behind those that strike earlier or at the same time.
void insert(Plan& plan, Fault fault);

inline constexpr std::int64_t kPlanVersion = 1;

Json to_json(const Plan& plan);
// `where` is the file's name. `hosts`: those that exist, to refuse others.
// Errors: InputError.
Plan plan_from_json(const Json& json, const std::string& where, const std::set<std::string>& hosts);

}  // namespace faults
