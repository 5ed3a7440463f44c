#include "properties/generators/case.h"

#include <ostream>

#include "properties/universe.h"
#include "simnet/random.h"

namespace properties {
namespace {

using faults::Kind;

constexpr std::int64_t kGrace_s = 300;  // the longest wait of a bank call, several times

// A few kinds that strike leaders and some that make them change.
const std::vector<Kind>& kinds_for_elections() {
  static const std::vector<Kind> kinds{Kind::isolate_leader, Kind::deafen_leader,
                                       Kind::pause_leader,   Kind::crash_leader,
                                       Kind::power_loss,     Kind::degrade};
  return kinds;
}

Scenario draw_scenario(simnet::Random& random) {
  Scenario s;
  s.name = "generated";
  s.duration_s = random.between(8, 30);
  s.closes_at_s = random.between(5, s.duration_s);
  s.users = random.between(1, 8);
  s.rush_percent = random.between(0, 100);
  s.rush_s = random.between(1, s.closes_at_s);
  s.intents_per_user = random.between(1, 3);
  s.tickets_max = random.between(1, 4);
  s.capacity = random.between(1, 24);
  s.price = random.ratio(1, 10) ? 0 : random.between(1, 500);
  s.hold_ttl_s = random.between(1, 20);
  s.think_max_ms = random.between(0, 3000);
  s.decline_percent = random.between(0, 50);
  s.walk_away_percent = random.between(0, 30);
  s.cancel_percent = random.between(0, 40);
  s.give_up_percent = random.between(0, 60);
  s.double_press_percent = random.between(0, 60);
  s.grace_s = kGrace_s;
  s.faults_per_kind = random.between(1, 5);
  s.kind_off_percent = random.between(30, 90);
  s.voters = random.ratio(1, 2) ? 3 : 5;
  s.tick_ms = random.ratio(1, 3) ? 40 : 100;
  s.append_bytes_max = random.ratio(1, 3) ? 1 : 65'536;
  s.appends_in_flight_max = random.ratio(1, 3) ? 1 : 16;
  if (random.ratio(1, 3)) {
    s.fault_kinds = kinds_for_elections();
  }
  return s;
}

}  // namespace

Case draw_case(std::uint64_t number) {
  const simnet::StreamKey key = simnet::StreamKey(number).child("case");
  simnet::Random random(key.child("scenario"));
  Case drawn;
  drawn.scenario = draw_scenario(random);
  drawn.seed = key.child("seed").at(0);
  drawn.plan = draw_plan(drawn.scenario, drawn.seed);
  return drawn;
}

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << "seed " << one.seed << "\nscenario " << to_json(one.scenario).dump() << "\nplan "
             << faults::to_json(one.plan).dump();
}

}  // namespace properties
