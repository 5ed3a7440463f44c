// Workloads as files: JSON both ways, what is refused and how, and mutated files.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

#include "properties/workload.h"
#include "tests/faults/mutate.h"

namespace properties {
namespace {

using lottery::Act;
using lottery::Try;

Scenario quick() { return load_scenario("quick"); }

Workload read(const std::string& text) {
  return workload_from_json(faults::parse_json(text, "w.json"), "w.json", quick());
}

std::string workload_refusal(const std::string& text) {
  try {
    read(text);
  } catch (const faults::InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string of_users(const std::string& users) {
  return workload_refusal("{\"version\": 1, \"users\": [" + users + "]}");
}

std::string of_intents(const std::string& intents) {
  return of_users(R"({"user": "user-1", "arrives_ms": 5, "intents": [)" + intents + "]}");
}

std::string of_try(const std::string& members) {
  return of_intents(R"({"intent": 1, "tries": [{)" + members + "}]}");
}

std::int64_t number(std::int64_t low, std::int64_t high) {
  return *rc::gen::inRange<std::int64_t>(low, high + 1);
}

bool coin() { return number(0, 1) == 1; }

std::optional<std::int64_t> maybe(std::int64_t high) {
  return coin() ? std::optional(number(0, high)) : std::nullopt;
}

Try any_try() {
  Try result;
  result.think_ms = number(0, faults::kDay_ms);
  result.act = static_cast<Act>(number(0, 2));
  if (result.act == Act::pay) {
    result.declined = coin();
    result.gives_up_after = number(0, 1000);
    result.press_again_ms = maybe(60'000);
  }
  return result;
}

lottery::Intent any_intent(std::int64_t number_of_it) {
  lottery::Intent intent;
  intent.number = number_of_it;
  intent.think_ms = number(0, faults::kDay_ms);
  intent.tickets = number(1, 10);
  intent.press_again_ms = maybe(60'000);
  intent.other_cart = intent.press_again_ms && coin();
  intent.cancel_again_ms = maybe(60'000);
  intent.tries.clear();
  for (std::int64_t left = number(1, static_cast<std::int64_t>(kTriesMax)); left > 0; --left) {
    intent.tries.push_back(any_try());
  }
  return intent;
}

Workload any_workload() {
  Workload workload;
  for (const std::string& name : quick().clients()) {
    if (coin()) {
      continue;
    }
    User user{name, number(0, faults::kDay_ms), {}};
    for (std::int64_t intents = number(0, 4), last = 0; intents > 0; --intents) {
      last += number(1, 100);
      user.intents.push_back(any_intent(last));
    }
    workload.users.push_back(std::move(user));
  }
  return workload;
}

TEST(WorkloadJson, JsonRoundTrip) {
  EXPECT_TRUE(rc::check("a workload survives its JSON", [] {
    const Workload workload = any_workload();
    const faults::Json json = to_json(workload);
    RC_ASSERT(workload_from_json(json, "w.json", quick()) == workload);
    RC_ASSERT(read(json.dump(2)) == workload);
  }));
}

TEST(WorkloadJson, OfEveryShippedScenarioCanBeReadBack) {
  for (const char* name : {"quick", "storm", "elections", "deadline_rush"}) {
    const Scenario scenario = load_scenario(name);
    const Workload workload = draw_workload(scenario, 9);
    EXPECT_EQ(workload.users.size(), static_cast<std::size_t>(scenario.users));
    EXPECT_EQ(workload.intents(),
              static_cast<std::size_t>(scenario.users * scenario.intents_per_user));
    EXPECT_EQ(workload_from_json(to_json(workload), "w.json", scenario), workload) << name;
    EXPECT_NE(workload, draw_workload(scenario, 10)) << name;
  }
}

TEST(WorkloadJson, TheDocumentItself) {
  EXPECT_EQ(workload_refusal("[]"), "w.json: expected an object, got []");
  EXPECT_EQ(workload_refusal("{}"),
            "w.json: version: expected an integer from 1 to 1, got nothing");
  EXPECT_EQ(workload_refusal(R"({"version": 2, "users": []})"),
            "w.json: version: expected an integer from 1 to 1, got 2");
  EXPECT_EQ(workload_refusal(R"({"version": 1})"), "w.json: users: expected a list, got nothing");
  EXPECT_EQ(workload_refusal(R"({"version": 1, "users": {}})"),
            "w.json: users: expected a list, got {}");
  EXPECT_EQ(workload_refusal(R"({"version": 1, "users": [], "seed": 3})"),
            "w.json: seed: unknown field; known here: users, version");
  EXPECT_EQ(of_users(""), "accepted");
  EXPECT_EQ(of_users("7"), "w.json: users[0]: expected an object, got 7");
}

TEST(WorkloadJson, EachFieldOfAUser) {
  const std::string one = R"({"user": "user-1", "arrives_ms": 5, "intents": []})";
  EXPECT_EQ(of_users(one), "accepted");
  EXPECT_EQ(of_users(one + "," + one),
            "w.json: users[1].user: expected each user once, got \"user-1\"");
  EXPECT_EQ(of_users(R"({"user": "user-21", "arrives_ms": 5, "intents": []})"),
            "w.json: users[0].user: expected the name of a user of the scenario, got \"user-21\"");
  EXPECT_EQ(of_users(R"({"user": "bank", "arrives_ms": 5, "intents": []})"),
            "w.json: users[0].user: expected the name of a user of the scenario, got \"bank\"");
  EXPECT_EQ(of_users(R"({"user": "user-1", "arrives_ms": -1, "intents": []})"),
            "w.json: users[0].arrives_ms: expected an integer from 0 to 86400000, got -1");
  EXPECT_EQ(of_users(R"({"user": "user-1", "arrives_ms": 1})"),
            "w.json: users[0].intents: expected a list, got nothing");
  EXPECT_EQ(of_users(R"({"user": "user-1", "arrives_ms": 1, "intents": [], "age": 3})"),
            "w.json: users[0].age: unknown field; known here: arrives_ms, intents, user");
}

TEST(WorkloadJson, EachFieldOfAnIntent) {
  const std::string at = "w.json: users[0].intents[0].";
  EXPECT_EQ(of_intents(R"({"intent": 1}, {"intent": 7})"), "accepted");
  EXPECT_EQ(of_intents(R"({"intent": 7}, {"intent": 7})"),
            "w.json: users[0].intents[1].intent: expected more than the 7 before it, got 7");
  EXPECT_EQ(of_intents("3"), "w.json: users[0].intents[0]: expected an object, got 3");
  EXPECT_EQ(of_intents("{}"), at + "intent: expected an integer from 1 to 1000, got nothing");
  EXPECT_EQ(of_intents(R"({"intent": 0})"),
            at + "intent: expected an integer from 1 to 1000, got 0");
  EXPECT_EQ(of_intents(R"({"intent": 1, "tickets": 0})"),
            at + "tickets: expected an integer from 1 to 10, got 0");
  EXPECT_EQ(of_intents(R"({"intent": 1, "tickets": 2.5})"),
            at + "tickets: expected an integer from 1 to 10, got 2.5");
  EXPECT_EQ(of_intents(R"({"intent": 1, "think_ms": 86400001})"),
            at + "think_ms: expected an integer from 0 to 86400000, got 86400001");
  EXPECT_EQ(of_intents(R"({"intent": 1, "press_again_ms": 60001})"),
            at + "press_again_ms: expected an integer from 0 to 60000, got 60001");
  EXPECT_EQ(of_intents(R"({"intent": 1, "cancel_again_ms": null})"),
            at + "cancel_again_ms: expected an integer from 0 to 60000, got null");
  EXPECT_EQ(of_intents(R"({"intent": 1, "other_cart": true})"),
            at + "other_cart: expected false, because there is no press_again_ms, got true");
  EXPECT_EQ(of_intents(R"({"intent": 1, "tries": []})"),
            at + "tries: expected 1 to 10 elements, got 0");
  EXPECT_EQ(of_intents(R"({"intent": 1, "tries": [{},{},{},{},{},{},{},{},{},{},{}]})"),
            at + "tries: expected 1 to 10 elements, got 11");
  EXPECT_TRUE(of_intents(R"({"intent": 1, "card": "x"})").starts_with(at + "card: unknown field"));
}

TEST(WorkloadJson, EachFieldOfATry) {
  const std::string at = "w.json: users[0].intents[0].tries[0].";
  EXPECT_EQ(of_try(R"("act": "pay", "declined": true, "gives_up_after": 2, "press_again_ms": 1)"),
            "accepted");
  EXPECT_EQ(of_try(R"("act": "wait")"),
            at + "act: expected one of pay, cancel, walk_away, got \"wait\"");
  EXPECT_EQ(of_try(R"("act": 1)"), at + "act: expected a string, got 1");
  EXPECT_EQ(of_try(R"("gives_up_after": -1)"),
            at + "gives_up_after: expected an integer from 0 to 1000, got -1");
  EXPECT_EQ(of_try(R"("declined": 1)"), at + "declined: expected true or false, got 1");
  EXPECT_TRUE(of_try(R"("act": "cancel", "declined": true)")
                  .starts_with(at + "declined: unknown field; known here: act, think_ms"));
  EXPECT_TRUE(of_try(R"("act": "walk_away", "press_again_ms": 3)")
                  .starts_with(at + "press_again_ms: unknown field"));
}

TEST(WorkloadJson, HasALimitThatScenariosKeepTo) {
  faults::Json scenario = to_json(quick());
  scenario["users"] = 400;
  scenario["intents_per_user"] = 501;
  try {
    scenario_from_json(scenario, "s.json");
    ADD_FAILURE() << "accepted";
  } catch (const faults::InputError& error) {
    EXPECT_STREQ(error.what(),
                 "s.json: intents_per_user: expected at most 500, because users is "
                 "400, got 501");
  }
  Scenario crowd = quick();
  crowd.users = 201;
  faults::Json many = {{"version", 1}, {"users", faults::Json::array()}};
  faults::Json intents = faults::Json::array();
  for (int i = 1; i <= 1000; ++i) {
    intents.push_back({{"intent", i}});
  }
  for (const std::string& name : crowd.clients()) {
    many["users"].push_back({{"user", name}, {"arrives_ms", 0}, {"intents", intents}});
  }
  try {
    workload_from_json(many, "w.json", crowd);
    ADD_FAILURE() << "accepted";
  } catch (const faults::InputError& error) {
    EXPECT_STREQ(error.what(),
                 "w.json: users[200].intents: expected at most 200000 intents in all");
  }
}

TEST(WorkloadJson, MutatedFilesAreAcceptedOrRefused) {
  Workload workload = draw_workload(quick(), 1);
  workload.users.resize(4);
  const std::string text = to_json(workload).dump(1);
  int refused = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const std::string hostile = faults_test::mutate(text, i);
    try {
      const Workload taken = read(hostile);
      EXPECT_EQ(read(to_json(taken).dump()), taken);
    } catch (const faults::InputError& error) {
      ++refused;
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      EXPECT_TRUE(std::string(error.what()).starts_with("w.json: ")) << error.what();
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace properties
