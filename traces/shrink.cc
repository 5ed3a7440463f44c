#include "traces/shrink.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "traces/ddmin.h"
#include "traces/shrinker.h"

namespace traces {
RecipeSize size_of(const Json& recipe) {
  RecipeSize size;
  size.faults = recipe.at("plan").at("faults").size();
  for (const Json& user : recipe.at("workload").at("users")) {
    ++size.users;
    size.intents += user.at("intents").size();
    for (const Json& intent : user.at("intents")) {
      size.tickets += intent.value("tickets", std::size_t{1});
    }
  }
  size.tape = recipe.at("tape").size();
  size.duration_s = recipe.at("scenario").at("duration_s").get<std::int64_t>();
  size.capacity = recipe.at("scenario").at("capacity").get<std::int64_t>();
  return size;
}

Shrinker::Shrinker(Json recipe, std::int64_t at_us, const ShrinkOptions& options)
    : options_(options), recipe_(std::move(recipe)), at_us_(at_us) {
  tried_.emplace(recipe_.dump(), Tried{true, true, at_us});
}

bool Shrinker::exhausted() {
  stopped_ = stopped_ || runs_ >= options_.runs_max || options_.stop();
  return stopped_;
}

std::vector<Json> Shrinker::variants_of(const Json& candidate, std::size_t seeds) const {
  std::vector<Json> variants;
  const auto seed = candidate.at("seed").get<std::uint64_t>();
  for (std::size_t i = 0; i < seeds; ++i) {
    variants.push_back(candidate);
    variants.back().at("seed") = seed + i;
  }
  Json other = candidate;
  if (smaller_stock(other)) {
    variants.push_back(std::move(other));
  }
  return variants;
}

bool Shrinker::smaller_stock(Json& candidate) const {
  const RecipeSize now = size_of(recipe_);
  const RecipeSize then = size_of(candidate);
  const bool scarce = static_cast<std::size_t>(now.capacity) < now.tickets;
  if (!scarce || then.intents >= now.intents || then.capacity != now.capacity) {
    return false;
  }
  const auto share = static_cast<std::size_t>(now.capacity) * then.intents / now.intents;
  candidate.at("scenario").at("capacity") = std::max<std::size_t>(1, share);
  return true;
}

std::size_t Shrinker::seeds_for(std::size_t kept, std::size_t now) const {
  const std::size_t worth = kept <= now / 2 ? 4 : kept <= now * 3 / 4 ? 2 : 1;
  return worth * persistence_;
}

void Shrinker::thin(const Pointer& list, std::size_t parts_max) {
  const Json all = recipe_.at(list);
  const auto first_failing = [&](const std::vector<Kept>& choices) {
    std::vector<Json> candidates;
    std::vector<std::size_t> seeds;
    for (const Kept& kept : choices) {
      Json fewer = Json::array();
      for (const std::size_t index : kept) {
        fewer.push_back(all[index]);
      }
      seeds.push_back(seeds_for(kept.size(), recipe_.at(list).size()));
      candidates.push_back(recipe_);
      candidates.back().at(list) = std::move(fewer);
    }
    return take_first(candidates, seeds);
  };
  ddmin(all.size(), first_failing, parts_max);
}

bool Shrinker::half(const Pointer& list, std::size_t seeds) {
  const Json now = recipe_.at(list);
  if (now.size() < 2) {
    return false;
  }
  const auto middle = now.begin() + static_cast<std::ptrdiff_t>(now.size() / 2);
  std::vector<Json> halves(2, recipe_);
  halves[0].at(list) = Json(Json::array_t(now.begin(), middle));
  halves[1].at(list) = Json(Json::array_t(middle, now.end()));
  return take_first(halves, {seeds, seeds}) < halves.size();
}

std::optional<Json> Shrinker::without(const Pointer& object,
                                      const std::vector<std::string>& members) const {
  Json candidate = recipe_;
  std::size_t erased = 0;
  for (const std::string& member : members) {
    erased += candidate.at(object).erase(member);
  }
  return erased > 0 ? std::optional(std::move(candidate)) : std::nullopt;
}

bool Shrinker::drop(const Pointer& object, const std::vector<std::string>& members) {
  const std::optional<Json> candidate = without(object, members);
  return candidate && take(*candidate);
}

void Shrinker::drop_each(const Pointer& object,
                         const std::vector<std::vector<std::string>>& groups) {
  for (std::size_t begin = 0; begin < groups.size();) {
    std::vector<Json> candidates;
    std::vector<std::size_t> group_of;
    for (std::size_t i = begin; i < groups.size(); ++i) {
      if (std::optional<Json> candidate = without(object, groups[i])) {
        candidates.push_back(std::move(*candidate));
        group_of.push_back(i);
      }
    }
    const std::size_t taken =
        take_first(candidates, std::vector<std::size_t>(candidates.size(), 1));
    begin = taken < candidates.size() ? group_of[taken] + 1 : groups.size();
  }
}

void Shrinker::halve(const Pointer& number, std::int64_t low) {
  for (;;) {
    Json candidate = recipe_;
    const auto value = candidate.at(number).get<std::int64_t>();
    const std::int64_t next = low + (value - low) / 2;
    candidate.at(number) = next;
    if (next == value || !take(candidate)) {
      return;
    }
  }
}

namespace {

// What a person can take in. A recipe no larger than that is not worth a search for luck.
constexpr std::size_t kFewElements = 3;
constexpr std::size_t kPersistence[] = {1, 4, 16};
// Large pieces of everything before small pieces of anything: runs become short soon.
constexpr std::size_t kPieces[] = {4, 16, SIZE_MAX};

bool few(const Json& recipe) {
  const RecipeSize size = size_of(recipe);
  return size.faults <= kFewElements && size.intents <= kFewElements;
}

// Fewer elements, until none can go.
void thin_all(Shrinker& shrinker) {
  Json before;
  do {
    before = shrinker.recipe();
    halve_all(shrinker);
    for (const std::size_t parts_max : kPieces) {
      thin_faults(shrinker, parts_max);
      thin_users(shrinker, parts_max);
    }
    make_plain(shrinker);
  } while (!shrinker.stopped() && shrinker.recipe() != before);
}

void simplify_all(Shrinker& shrinker) {
  Json before;
  do {
    before = shrinker.recipe();
    simplify_intents(shrinker);
    simplify_faults(shrinker);
    thin_tape(shrinker);
    thin_all(shrinker);
  } while (!shrinker.stopped() && shrinker.recipe() != before);
}

}  // namespace

Shrunk shrink(Json recipe, std::int64_t at_us, const ShrinkOptions& options) {
  Shrinker shrinker(std::move(recipe), at_us, options);
  for (const std::size_t persistence : kPersistence) {
    shrinker.set_persistence(persistence);
    thin_all(shrinker);
    if (shrinker.stopped() || few(shrinker.recipe())) {
      break;
    }
  }
  shrinker.set_persistence(1);
  simplify_all(shrinker);
  return {shrinker.recipe(), shrinker.runs(), shrinker.known(), !shrinker.stopped()};
}

}  // namespace traces
