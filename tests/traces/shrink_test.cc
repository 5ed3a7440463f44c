// The passes of a shrink, on predicates in place of universes.
#include "traces/shrink.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "properties/universe.h"
#include "tests/traces/sample.h"
#include "traces/writer.h"

namespace traces_test {
namespace {

using traces::ShrinkOptions;
using traces::Shrunk;
using traces::Tried;

constexpr std::int64_t kFailure_us = 12'345'678;

// What the seed draws for scenario quick, and some choices.
Json large(std::uint64_t seed) {
  const properties::Scenario quick = properties::load_scenario("quick");
  Trace trace = sample();
  trace.scenario = properties::to_json(quick);
  trace.plan = properties::draw_plan(quick, seed);
  trace.plan.faults.resize(15);
  trace.workload = properties::to_json(properties::draw_workload(quick, seed));
  for (std::uint64_t i = 0; i < 20; ++i) {
    trace.tape.push_back({"extra", i, 0, 0, i});
  }
  trace.checkpoints.clear();
  return to_json(trace);
}

using Predicate = std::function<bool(const Trace&)>;

// Counts runs; what is no recipe costs none.
struct Runner {
  explicit Runner(Predicate has_the_failure) : same(std::move(has_the_failure)) {}

  Predicate same;
  std::size_t runs = 0;
  std::multiset<std::string> asked;
  std::size_t under_way = 0;
  std::size_t most_under_way = 0;

  class Try final : public traces::Attempt {
   public:
    Try(Runner& runner, Json recipe) : runner_(runner), recipe_(std::move(recipe)) {
      runner_.most_under_way = std::max(runner_.most_under_way, ++runner_.under_way);
    }
    ~Try() override { --runner_.under_way; }
    Tried wait() override {
      runner_.asked.insert(recipe_.dump());
      try {
        const Trace trace = traces::trace_from_json(recipe_, "t.json", read_scenario);
        ++runner_.runs;
        return {runner_.same(trace), true, kFailure_us};
      } catch (const faults::InputError&) {
        return {false, false, 0};
      }
    }

   private:
    Runner& runner_;
    Json recipe_;
  };

  ShrinkOptions options() {
    ShrinkOptions options;
    options.start = [this](const Json& recipe) -> std::unique_ptr<traces::Attempt> {
      return std::make_unique<Try>(*this, recipe);
    };
    options.stop = [] { return false; };
    options.grace_may_go = true;
    return options;
  }
};

Shrunk shrunk(const Predicate& same, const Json& recipe = large(3)) {
  Runner runner(same);
  const Shrunk result = traces::shrink(recipe, kFailure_us, runner.options());
  EXPECT_EQ(result.runs, runner.runs);
  EXPECT_TRUE(same(traces::trace_from_json(result.recipe, "t.json", read_scenario)));
  for (const std::string& text : runner.asked) {
    EXPECT_EQ(runner.asked.count(text), 1u) << "was run twice";
  }
  return result;
}

properties::Workload workload_of(const Trace& trace) {
  return properties::workload_from_json(trace.workload, "w",
                                        properties::scenario_from_json(trace.scenario, "s"));
}

TEST(Shrink, WhatFailsAlwaysNeedsNothing) {
  const Shrunk result = shrunk([](const Trace&) { return true; });
  const traces::RecipeSize size = traces::size_of(result.recipe);
  EXPECT_EQ(size.faults + size.users + size.intents + size.tape, 0u);
  EXPECT_EQ(size.duration_s, 1);
  EXPECT_EQ(size.capacity, 1);
  EXPECT_EQ(result.recipe["scenario"]["closes_at_s"], 1);
  EXPECT_EQ(result.recipe["scenario"]["grace_s"], 1);
  EXPECT_TRUE(result.whole);
  EXPECT_LT(result.runs, 30u);
}

// Every piece of the list would take some of one host's away, or leave some of the others'.
TEST(Shrink, TheFaultsOfOneHostAreTriedWithoutTheOthers) {
  Json recipe = large(3);
  Json& faults = recipe["plan"]["faults"];
  faults = Json::array();
  for (int i = 0; i < 12; ++i) {
    faults.push_back({{"kind", i % 2 == 0 ? "crash" : "pause"},
                      {"at_ms", 1000 + i},
                      {"for_ms", 500},
                      {"hosts", {i % 5 == 0 ? "reader-1" : "reader-2"}}});
  }
  const Shrunk result = shrunk(
      [](const Trace& trace) {
        const auto& all = trace.plan.faults;
        const auto own = std::ranges::count_if(
            all, [](const faults::Fault& fault) { return fault.hosts.front() == "reader-1"; });
        return own == 3 && (all.size() == 3 || all.size() == 12);
      },
      recipe);
  EXPECT_EQ(traces::size_of(result.recipe).faults, 3u);
}

TEST(Shrink, WhatCannotBeSmallerStays) {
  Json recipe = large(3);
  Json& users = recipe["workload"]["users"];
  users.erase(users.begin() + 4, users.end());
  const Trace before = traces::trace_from_json(recipe, "t.json", read_scenario);
  const auto all = [&](const Trace& trace) {
    return trace.plan == before.plan && trace.workload == before.workload &&
           trace.tape == before.tape && trace.scenario == before.scenario;
  };
  const Shrunk result = shrunk(all, recipe);
  // But for defaults, which need not be written.
  EXPECT_TRUE(traces::trace_from_json(result.recipe, "t.json", read_scenario) == before);
  EXPECT_TRUE(result.whole);
}

// A pair of faults, a user's second intent, and another one's first with two tickets or more.
TEST(Shrink, FindsWhatIsNeededAndMakesItPlain) {
  const faults::Plan plan = properties::draw_plan(properties::load_scenario("quick"), 3);
  ASSERT_GT(plan.faults.size(), 10u);
  const auto has_fault = [](const Trace& trace, const faults::Fault& fault) {
    return std::ranges::any_of(trace.plan.faults, [&](const faults::Fault& each) {
      return each.kind == fault.kind && each.at_ms == fault.at_ms;
    });
  };
  const Shrunk result = shrunk([&](const Trace& trace) {
    bool second = false;
    bool third = false;
    for (const properties::User& user : workload_of(trace).users) {
      for (const lottery::Intent& intent : user.intents) {
        second |= user.name == "user-7" && intent.number == 2;
        third |= user.name == "user-16" && intent.number == 1 && intent.tickets >= 2;
      }
    }
    return second && third && has_fault(trace, plan.faults[1]) && has_fault(trace, plan.faults[4]);
  });
  EXPECT_EQ(result.recipe["plan"]["faults"].size(), 2u);
  const Json users = result.recipe["workload"]["users"];
  ASSERT_EQ(users.size(), 2u);
  EXPECT_EQ(users[0]["intents"], Json::parse(R"([{"intent": 2}])"));
  EXPECT_EQ(users[1]["intents"], Json::parse(R"([{"intent": 1, "tickets": 2}])"));
  EXPECT_TRUE(result.recipe["tape"].empty());
  for (const Json& fault : result.recipe["plan"]["faults"]) {
    EXPECT_LE(fault.value("for_ms", 1), 1);
    EXPECT_LE(fault.value("hosts", Json::array()).size(), 1u);
    EXPECT_LE(fault.value("peers", Json::array()).size(), 1u);
  }
}

TEST(Shrink, ChoicesOfTheTapeThatMatterStay) {
  const Shrunk result = shrunk([](const Trace& trace) {
    return std::ranges::any_of(trace.tape, [](const auto& entry) {
      return entry.purpose == "extra" && entry.place == 13;
    });
  });
  ASSERT_EQ(result.recipe["tape"].size(), 1u);
  EXPECT_EQ(result.recipe["tape"][0]["place"], 13);
}

// What is short needs many users; of less there need be fewer.
TEST(Shrink, TheStockIsCutWithTheCrowd) {
  const auto sold_out = [](const Trace& trace) {
    std::int64_t wanted = 0;
    for (const properties::User& user : workload_of(trace).users) {
      for (const lottery::Intent& intent : user.intents) {
        wanted += intent.tickets;
      }
    }
    return wanted > trace.scenario.at("capacity").get<std::int64_t>();
  };
  const traces::RecipeSize size = traces::size_of(shrunk(sold_out).recipe);
  EXPECT_EQ(size.capacity, 1);
  EXPECT_EQ(size.intents, 1u);  // of two tickets
}

// Neither the crowd nor the stock can be cut alone: the excess is what matters.
TEST(Shrink, ACrowdAndItsStockGoTogether) {
  const auto little_too_few = [](const Trace& trace) {
    const traces::RecipeSize size = traces::size_of(to_json(trace));
    const auto for_sale = static_cast<std::size_t>(size.capacity);
    return size.tickets > for_sale && size.tickets < 3 * for_sale;
  };
  Json recipe = large(3);
  ASSERT_TRUE(little_too_few(traces::trace_from_json(recipe, "t.json", read_scenario)));
  const traces::RecipeSize size = traces::size_of(shrunk(little_too_few, recipe).recipe);
  EXPECT_EQ(size.intents, 1u);
  EXPECT_EQ(size.capacity, 1);
}

// Each decision that a failure can need, alone: it stays, and nothing else does.
TEST(Shrink, ADecisionThatMattersStaysAlone) {
  const std::vector<std::pair<std::function<bool(const lottery::Intent&)>, const char*>> needs = {
      {[](const auto& i) { return i.other_cart; }, "other_cart"},
      {[](const auto& i) { return i.press_again_ms.has_value(); }, "press_again_ms"},
      {[](const auto& i) { return i.tickets == 3; }, "tickets"},
      {[](const auto& i) { return i.tries.front().declined; }, "tries"},
      {[](const auto& i) { return i.tries.front().act == lottery::Act::cancel; }, "tries"},
      {[](const auto& i) { return i.tries.front().gives_up_after > 0; }, "tries"},
      {[](const auto& i) { return i.tries.size() > 1; }, "tries"},
  };
  for (std::size_t at = 0; at < needs.size(); ++at) {
    const Shrunk result = shrunk([&](const Trace& trace) {
      for (const properties::User& user : workload_of(trace).users) {
        if (std::ranges::any_of(user.intents, needs[at].first)) {
          return true;
        }
      }
      return false;
    });
    const traces::RecipeSize size = traces::size_of(result.recipe);
    EXPECT_EQ(size.users, 1u) << at;
    ASSERT_EQ(size.intents, 1u) << at;
    Json intent = result.recipe["workload"]["users"][0]["intents"][0];
    EXPECT_EQ(intent.erase("intent"), 1u);
    EXPECT_EQ(intent.erase(needs[at].second), 1u) << at << ": " << intent;
    intent.erase("press_again_ms");  // which other_cart needs
    EXPECT_TRUE(intent.empty()) << at << ": " << intent;
  }
}

// Whatever the failure needs, no single fault, user, intent or choice can go from the result.
TEST(Shrink, IsOneMinimal) {
  EXPECT_TRUE(rc::check("nothing whole can be left out", [] {
    const auto bits = *rc::gen::arbitrary<std::uint64_t>();
    // Fails while at least so many of a random half are there: several smallest recipes.
    const auto matters = [&](std::uint64_t number) {
      return (simnet::StreamKey(bits).at(number) & 1) != 0;
    };
    const auto most = *rc::gen::inRange<std::size_t>(0, 3);
    const Predicate same = [&](const Trace& trace) {
      std::size_t faults = 0;
      for (const auto& fault : trace.plan.faults) {
        faults += matters(static_cast<std::uint64_t>(fault.at_ms)) ? 1 : 0;
      }
      std::size_t intents = 0;
      for (const properties::User& user : workload_of(trace).users) {
        for (const lottery::Intent& intent : user.intents) {
          const auto arrival = static_cast<std::uint64_t>(user.arrives_ms + intent.number);
          intents += matters(arrival) ? 1 : 0;
        }
      }
      return faults >= most && intents >= most;
    };
    if (!same(traces::trace_from_json(large(3), "t.json", read_scenario))) {
      return;
    }
    const Shrunk result = shrunk(same);
    const traces::RecipeSize size = traces::size_of(result.recipe);
    RC_ASSERT(size.faults == most);
    RC_ASSERT(size.intents == most);
    RC_ASSERT(size.users <= most);
    RC_ASSERT(size.tape == 0u);
  }));
}

TEST(Shrink, StopsWhenTimeIsUpAndKeepsTheBest) {
  const Predicate three = [](const Trace& trace) { return workload_of(trace).intents() >= 3; };
  const std::size_t enough = shrunk(three).runs;
  ASSERT_GT(enough, 10u);
  for (std::size_t budget = 0; budget < enough; budget += 5) {
    Runner runner(three);
    ShrinkOptions options = runner.options();
    options.stop = [&] { return runner.runs >= budget; };
    const Shrunk result = traces::shrink(large(3), kFailure_us, options);
    EXPECT_EQ(result.runs, budget);
    EXPECT_FALSE(result.whole);
    EXPECT_TRUE(runner.same(traces::trace_from_json(result.recipe, "t.json", read_scenario)));
    Runner limited(runner.same);
    ShrinkOptions at_most = limited.options();
    at_most.runs_max = budget;
    EXPECT_EQ(traces::shrink(large(3), kFailure_us, at_most).recipe, result.recipe);
    EXPECT_EQ(limited.runs, budget);
  }
}

// An exact moment is met in few universes: the seed may change where that makes much smaller.
TEST(Shrink, TriesOtherSeedsForLargeSteps) {
  const auto lucky = [](const Trace& trace) {
    const std::size_t left = trace.plan.faults.size();
    const std::size_t intents = workload_of(trace).intents();
    return left >= 2 && intents >= 2 && (left == 15 || (trace.seed + left + intents) % 3 == 1);
  };
  const Shrunk result = shrunk(lucky);
  EXPECT_EQ(traces::size_of(result.recipe).faults, 2u);
  EXPECT_EQ(traces::size_of(result.recipe).intents, 2u);
}

// What runs ahead is what would have run next: with any number of jobs the result is the same, and
// so are the runs that count.
TEST(Shrink, SeveralAtOnceFindTheSame) {
  const Predicate some = [](const Trace& trace) {
    const std::size_t intents = workload_of(trace).intents();
    return trace.plan.faults.size() >= 3 && intents >= 2 && (trace.seed + intents) % 2 == 1;
  };
  for (const std::size_t runs_max : {std::size_t{20}, SIZE_MAX}) {
    Runner one(some);
    ShrinkOptions options = one.options();
    options.runs_max = runs_max;
    const Shrunk alone = traces::shrink(large(3), kFailure_us, options);
    EXPECT_EQ(one.most_under_way, 1u);
    for (const std::size_t jobs : {2, 3, 8, 64}) {
      Runner several(some);
      options = several.options();
      options.runs_max = runs_max;
      options.jobs = jobs;
      const Shrunk result = traces::shrink(large(3), kFailure_us, options);
      EXPECT_EQ(result.recipe, alone.recipe) << jobs;
      EXPECT_EQ(result.runs, alone.runs) << jobs;
      EXPECT_EQ(several.asked, one.asked) << jobs;
      EXPECT_LE(several.most_under_way, jobs);
      EXPECT_GT(several.most_under_way, 1u);
      EXPECT_EQ(several.under_way, 0u);
    }
  }
}

// With less time to come to rest anything fails so.
TEST(Shrink, TheGraceOfALivenessFailureIsLeftAlone) {
  Runner runner([](const Trace&) { return true; });
  ShrinkOptions options = runner.options();
  options.grace_may_go = false;
  const Shrunk result = traces::shrink(large(3), kFailure_us, options);
  EXPECT_EQ(result.recipe["scenario"]["grace_s"], large(3)["scenario"]["grace_s"]);
}

}  // namespace
}  // namespace traces_test
