// A plan: which faults strike when. Plain data, JSON both ways; a run of the same
// scenario, seed and plan is the same universe. Times count from the start of the
// universe in virtual milliseconds.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "faults/fault.h"
#include "faults/input.h"

namespace faults {

// Errors: InputError listing the kinds there are.
Kind kind_from(const Fields& fields, const char* name, const std::string& text);

struct Plan {
  std::vector<Fault> faults;  // in the order of at_ms
  bool operator==(const Plan&) const = default;
};

// Behind those that strike earlier or at the same time.
void insert(Plan& plan, Fault fault);

inline constexpr std::int64_t kPlanVersion = 1;

Json to_json(const Fault& fault);
Json to_json(const Plan& plan);
// `where` is the file's name. `hosts`, `regions`: those that exist, to refuse others;
// without `regions` any region is accepted. Errors: InputError.
Plan plan_from_json(const Json& json, const std::string& where, const std::set<std::string>& hosts,
                    const std::set<std::string>* regions = nullptr);

}  // namespace faults
