#include "properties/workload.h"

#include <algorithm>
#include <chrono>

#include "simnet/random.h"

namespace properties {
namespace {

using lottery::Act;
using lottery::Try;
using simnet::Random;
using simnet::StreamKey;

constexpr std::int64_t kPressAgainMax_ms = 299;
constexpr std::int64_t kOtherCartPercent = 20;  // of the holds that are sent twice
constexpr std::int64_t kAnswersMax = 30;        // who sat through so many "not yet" stays

bool percent(StreamKey key, std::int64_t share) {
  return Random(key).ratio(static_cast<std::uint64_t>(share), 100);
}

std::int64_t between(StreamKey key, std::int64_t low, std::int64_t high) {
  return Random(key).between(low, high);
}

std::optional<std::int64_t> press_again(StreamKey key, const Scenario& scenario) {
  if (!percent(key.child("twice"), scenario.double_press_percent)) {
    return std::nullopt;
  }
  return between(key.child("later"), 0, kPressAgainMax_ms);
}

// At each answer "not yet" a new chance to lose patience.
std::int64_t draw_patience(StreamKey key, const Scenario& scenario) {
  for (std::int64_t answer = 1; answer <= kAnswersMax; ++answer) {
    if (percent(key.child(static_cast<std::uint64_t>(answer)), scenario.give_up_percent)) {
      return answer;
    }
  }
  return 0;
}

Try draw_try(StreamKey key, const Scenario& scenario) {
  Try result;
  result.think_ms = between(key.child("think"), 0, scenario.think_max_ms);
  if (percent(key.child("walk_away"), scenario.walk_away_percent)) {
    result.act = Act::walk_away;
  } else if (percent(key.child("cancel"), scenario.cancel_percent)) {
    result.act = Act::cancel;
  } else {
    result.declined = percent(key.child("card"), scenario.decline_percent);
    result.gives_up_after = draw_patience(key.child("give_up"), scenario);
    result.press_again_ms = press_again(key.child("press"), scenario);
  }
  return result;
}

lottery::Intent draw_intent(StreamKey key, std::int64_t number, const Scenario& scenario) {
  lottery::Intent intent;
  intent.number = number;
  intent.think_ms = number == 1 ? 0 : between(key.child("think"), 0, scenario.think_max_ms);
  intent.tickets = between(key.child("tickets"), 1, scenario.tickets_max);
  intent.press_again_ms = press_again(key.child("hold"), scenario);
  intent.other_cart = intent.press_again_ms && percent(key.child("other_cart"), kOtherCartPercent);
  intent.cancel_again_ms = press_again(key.child("cancel"), scenario);
  intent.tries.clear();
  do {
    const std::uint64_t next = intent.tries.size();
    intent.tries.push_back(draw_try(key.child("try").child(next), scenario));
  } while (intent.tries.back().declined && intent.tries.size() < kTriesMax);
  return intent;
}

std::int64_t draw_arrival(StreamKey key, const Scenario& scenario) {
  const std::int64_t close_ms = scenario.closes_at_s * 1000;
  const std::int64_t rush_ms = scenario.rush_s * 1000;
  const bool rush = percent(key.child("rush"), scenario.rush_percent);
  const std::int64_t from_ms = rush ? close_ms - rush_ms : 0;
  const std::int64_t to_ms = rush ? close_ms : std::max<std::int64_t>(1, close_ms - rush_ms);
  return between(key.child("arrival"), from_ms, to_ms - 1);
}

}  // namespace

std::size_t Workload::intents() const {
  std::size_t count = 0;
  for (const User& user : users) {
    count += user.intents.size();
  }
  return count;
}

Workload draw_workload(const Scenario& scenario, std::uint64_t seed) {
  const StreamKey randomness = StreamKey(0).child(seed).child("workload");
  Workload workload;
  for (const std::string& name : scenario.clients()) {
    const StreamKey key = randomness.child(name);
    User user{name, draw_arrival(key, scenario), {}};
    for (std::int64_t number = 1; number <= scenario.intents_per_user; ++number) {
      user.intents.push_back(
          draw_intent(key.child(static_cast<std::uint64_t>(number)), number, scenario));
    }
    workload.users.push_back(std::move(user));
  }
  return workload;
}

}  // namespace properties
