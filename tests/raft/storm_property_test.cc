// The same events as the storms, in sequences that RapidCheck draws and shrinks: a failure
// comes out as the shortest list of events it found.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <ostream>

#include "tests/raft/calm.h"
#include "tests/raft/storm.h"

namespace raft_tests {

void showValue(Event event, std::ostream& out) {
  const char* const names[kEvents] = {"deliver", "tick",    "propose", "read",     "crash",
                                      "start",   "cut",     "mend",    "transfer", "campaign",
                                      "change",  "compact", "damage"};
  out << names[static_cast<std::size_t>(event)];
}

}  // namespace raft_tests

namespace {

using namespace raft_tests;

// Long bursts of ticks and deliveries between the rest: elections need them.
rc::Gen<std::vector<Event>> events() {
  const auto one = rc::gen::weightedElement<Event>({{30, Event::deliver},
                                                    {14, Event::tick},
                                                    {5, Event::propose},
                                                    {2, Event::read},
                                                    {1, Event::crash},
                                                    {2, Event::start},
                                                    {1, Event::cut},
                                                    {1, Event::mend},
                                                    {1, Event::transfer},
                                                    {1, Event::campaign},
                                                    {1, Event::change},
                                                    {1, Event::compact}});
  return rc::gen::scale(10.0, rc::gen::container<std::vector<Event>>(one));
}

RC_GTEST_PROP(StormProperty, SafetyAlwaysAndLivenessAfterwards, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  Storm storm({.voters = 3, .learners = 1, .spares = 1}, seed);
  for (const Event event : *events()) {
    storm.happen(event);
    RC_ASSERT(storm.failure() == "");
  }
  storm.end();
  const Calm calm(storm.cluster());
  RC_ASSERT(calm.failure() == "");
}

// The same seed is the same run, to the last message.
RC_GTEST_PROP(StormProperty, TheSameSeedIsTheSameRun, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto play = [seed] {
    Storm storm({.steps = 0}, seed);
    for (int i = 0; i < 500; ++i) {
      storm.happen(storm.draw_event());
    }
    std::vector<raft::Message> wire;
    for (const Packet& packet : storm.cluster().wire) {
      wire.push_back(packet.message);
    }
    return wire;
  };
  RC_ASSERT(play() == play());
}

}  // namespace
