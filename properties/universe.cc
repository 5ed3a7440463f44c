#include "properties/universe.h"

#include <algorithm>
#include <utility>

#include "properties/final_disk.h"
#include "properties/topology.h"
#include "system/lottery/app.h"
#include "system/lottery/bank.h"
#include "system/lottery/client.h"
#include "system/lottery/edge.h"
#include "system/lottery/ledger_node.h"
#include "system/lottery/planner.h"
#include "system/replica/events.h"

namespace properties {
namespace {

constexpr const char* kDraw = "draw-1";
constexpr const char* kSku = "standard";
constexpr const char* kSecret = "of the operator";
constexpr std::uint64_t kEventsBetweenQuestions = 200'000;

simnet::LinkOptions link(std::int64_t base_us, std::int64_t jitter_us, std::int64_t tail_ms) {
  simnet::LinkOptions options;
  options.latency_base = std::chrono::microseconds(base_us);
  options.latency_jitter = std::chrono::microseconds(jitter_us);
  options.tail_extra = std::chrono::milliseconds(tail_ms);
  return options;
}

lottery::OpenDraw opening(const Scenario& scenario) {
  lottery::OpenDraw open;
  open.draw = kDraw;
  open.sku = kSku;
  open.capacity = scenario.capacity;
  open.price = scenario.price;
  open.closes_at_us = sim_env::unix_us(simnet::Time(std::chrono::seconds(scenario.closes_at_s)));
  open.hold_ttl_us = scenario.hold_ttl_s * 1'000'000;
  return open;
}

std::size_t replicas_behind(const Scenario& scenario, const Reference& reference) {
  const auto& replicas = reference.replicas();
  return ledger_replicas(scenario.voters).size() -
         static_cast<std::size_t>(std::ranges::count_if(replicas, [&](const auto& replica) {
           return replica.second >= reference.committed_index();
         }));
}

// What runs on the machine of a user who wants nothing.
struct Nobody {};

env::Endpoint http(const char* host) { return {host, lottery::kHttpPort}; }

// Few, so that a replica that was away for a while needs a snapshot.
constexpr std::uint64_t kKeptEntries = 64;

lottery::LedgerMembers ledger_members(const Scenario& scenario) {
  lottery::LedgerMembers members;
  for (const Replica& replica : ledger_replicas(scenario.voters)) {
    members.push_back({replica.id, replica.host, replica.learner});
  }
  return members;
}

}  // namespace

faults::Plan draw_plan(const Scenario& scenario, std::uint64_t seed) {
  const simnet::StreamKey randomness = simnet::StreamKey(0).child(seed).child("swarm");
  return faults::draw_plan(randomness, scenario.swarm_targets(),
                           {scenario.duration_s * 1000, scenario.faults_per_kind,
                            scenario.kind_off_percent, scenario.fault_kinds});
}

Universe::Universe(const Scenario& scenario, std::uint64_t seed, faults::Plan plan,
                   Workload workload)
    : scenario_(scenario),
      workload_(std::move(workload)),
      world_(seed),
      nemesis_(world_, std::move(plan)) {
  const probe::Recording recording(probes_);
  set_links();
  add_servers();
  add_clients();
}

// The hosts' processes end before the environments and the oracle they speak to.
Universe::~Universe() {
  for (const auto& host : world_.hosts()) {
    host->stop(simnet::StopKind::process);
  }
}

void Universe::set_links() {
  simnet::Network& network = world_.network();
  network.set_default_link(link(200, 100, 5));
  network.set_region_link("east", "centre", link(4'000, 1'000, 40));
  network.set_region_link("west", "centre", link(6'000, 1'000, 40));
  network.set_region_link("east", "west", link(9'000, 2'000, 40));
  for (const char* region : {"east", "centre", "west"}) {
    network.set_region_link("home", region, link(12'000, 8'000, 150));
    network.set_region_link(region, "bank", link(4'000, 2'000, 40));
  }
}

env::Env& Universe::make_env(simnet::Host& host) {
  auto observer = [this](simnet::Host& emitter, const env::EventRef& event) {
    if (watcher_ != nullptr) {
      watcher_->on_event(world_.now(), emitter.name(), event);
    }
    ++emitted_[std::string(event.name())];
    if (event.as<replica::Elected>() != nullptr) {
      nemesis_.leads(emitter.name());
    }
    if (const auto* done = event.as<lottery::UserDone>()) {
      done_.insert(done->user);
    }
    if (const auto* repeated = event.as<lottery::UserRepeated>()) {
      ++(repeated->why == "retry" ? retries_ : double_presses_);
    }
    oracle_.observe(world_.now(), event);
  };
  envs_.push_back(std::make_unique<sim_env::SimEnv>(host, std::move(observer)));
  return *envs_.back();
}

void Universe::add_servers() {
  const auto add = [&](const char* name, const char* region, auto start) {
    simnet::Host& host = world_.add_host({name, region});
    env::Env& env = make_env(host);
    host.set_program([&env, start](simnet::Host&) -> std::shared_ptr<void> { return start(env); });
    host.boot();
  };
  add("edge", "centre", [](env::Env& env) {
    return lottery::Edge::start(env, {{http("app-1"), http("app-2")}});
  });
  const lottery::LedgerMembers ledger = ledger_members(scenario_);
  const auto app = [ledger](env::Env& env) {
    return lottery::App::start(env, {kSecret, ledger, http("bank")});
  };
  add("app-1", "centre", app);
  add("app-2", "east", app);
  for (const Replica& replica : ledger_replicas(scenario_.voters)) {
    lottery::LedgerOptions options;
    options.initial_draws = {opening(scenario_)};
    options.id = replica.id;
    options.members = ledger;
    options.keep_entries = kKeptEntries;
    options.compact_every = kKeptEntries;
    options.tick = std::chrono::milliseconds(scenario_.tick_ms);
    options.append_bytes_max = static_cast<std::size_t>(scenario_.append_bytes_max);
    options.appends_in_flight_max = static_cast<std::size_t>(scenario_.appends_in_flight_max);
    add(replica.host, replica.region,
        [options](env::Env& env) { return lottery::LedgerNode::start(env, options); });
  }
  const auto planner = [ledger](env::Env& env) { return lottery::Planner::start(env, {ledger}); };
  add("planner-1", "centre", planner);
  add("planner-2", "west", planner);
  add("bank", "bank", [](env::Env& env) { return lottery::Bank::start(env); });
}

simnet::Host::Program Universe::client(simnet::Host& host, const User& user) {
  lottery::ClientOptions options;
  options.user = user.name;
  options.edge = http("edge");
  options.draw = kDraw;
  options.sku = kSku;
  options.arrives_after = std::chrono::milliseconds(user.arrives_ms);
  options.intents = user.intents;
  env::Env& env = make_env(host);
  return [&env, options](simnet::Host&) -> std::shared_ptr<void> {
    return lottery::Client::start(env, options);
  };
}

// A user who is not in the workload has his machine all the same, with nothing on it: the
// hosts' numbers and so their addresses stay, and faults may strike it.
void Universe::add_clients() {
  std::map<std::string, const User*> users;
  for (const User& user : workload_.users) {
    users.emplace(user.name, &user);
  }
  for (const std::string& name : scenario_.clients()) {
    simnet::Host& host = world_.add_host({name, "home"});
    const auto user = users.find(name);
    if (user != users.end()) {
      host.set_program(client(host, *user->second));
    } else {
      host.set_program([](simnet::Host&) { return std::make_shared<Nobody>(); });
    }
    host.boot();
  }
}

// What keeps the universe from being at rest; empty when it is.
std::string Universe::unfinished() const {
  const ReferencePurchases& state = oracle_.reference().state();
  const Tally tally = oracle_.tally();
  const std::int64_t moved = tally.charges + tally.refunds;
  const std::size_t users = workload_.users.size();
  const std::size_t behind = replicas_behind(scenario_, oracle_.reference());
  if (done_.size() >= users && state.open_purchases().empty() &&
      state.settled_sequence() >= moved && behind == 0) {
    return {};
  }
  return std::to_string(users - done_.size()) + " of " + std::to_string(users) +
         " users are not finished, " + std::to_string(state.open_purchases().size()) +
         " purchases are open, " + std::to_string(state.settled_sequence()) + " of " +
         std::to_string(moved) + " rows of the bank are settled, " + std::to_string(behind) +
         " replicas are behind";
}

bool Universe::unsafe() const {
  return std::ranges::any_of(oracle_.properties(), [](const auto& property) {
    return property->id().front() != 'L' && !property->violations().empty();
  });
}

bool Universe::advance(simnet::Time until, const std::function<bool(const Progress&)>& keep_going) {
  while (world_.now() < until) {
    const simnet::Time next = std::min(until, world_.now() + std::chrono::seconds(1));
    world_.run_until(next, kEventsBetweenQuestions);
    if (keep_going && !keep_going({world_.now(), until, world_.digest().events(), unsafe()})) {
      return false;
    }
  }
  return true;
}

Report Universe::run(const std::function<bool(const Progress&)>& keep_going) {
  const probe::Recording recording(probes_);
  nemesis_.start();
  const simnet::Time end_of_faults{std::chrono::seconds(scenario_.duration_s)};
  const simnet::Time end_of_grace = end_of_faults + std::chrono::seconds(scenario_.grace_s);
  bool going = advance(end_of_faults, keep_going);
  if (going) {
    nemesis_.heal();
  }
  while (going && world_.now() < end_of_grace && !(settled_ = unfinished().empty())) {
    going = advance(world_.now() + std::chrono::seconds(1), keep_going);
  }
  // Both without the stop at the end and what opening the disks for it brings.
  const simnet::WorldStatistics hosts = world_.statistics();
  ProbeCounts probes = probe_counts(probes_, world_, nemesis_.struck());
  judge_the_end(going);
  Report result = report(!going);
  result.hosts = hosts;
  result.probes = std::move(probes);
  return result;
}

void Universe::watch(Watcher& watcher) {
  watcher_ = &watcher;
  nemesis_.set_observer([this](const faults::Fault& fault, bool strikes) {
    watcher_->on_fault(world_.now(), fault, strikes);
  });
  oracle_.set_reader([this](simnet::Time at, const Evidence& evidence) {
    watcher_->on_books(at, evidence);
  });
}

void Universe::record() {
  world_.set_journal(&journal_);
  world_.tape().record();
}

simnet::Recording Universe::recording() const {
  return {journal_.events(), world_.tape().recorded()};
}

std::vector<std::string> Universe::host_names() const {
  std::vector<std::string> names;
  for (const auto& host : world_.hosts()) {
    names.push_back(host->name());
  }
  return names;
}

void Universe::judge_the_end(bool healed) {
  for (const auto& host : world_.hosts()) {
    host->stop(simnet::StopKind::process);
  }
  nemesis_.release();
  FinalState final{world_.now(), {}, healed, unfinished()};
  std::vector<std::unique_ptr<FinalDisk>> disks;
  std::string unreadable;
  for (const Replica& replica : ledger_replicas(scenario_.voters)) {
    world_.find(replica.host)->disk().power_on();
    try {
      disks.push_back(std::make_unique<FinalDisk>(replica, world_.vfs().name()));
      final.replicas.push_back(disks.back()->state());
    } catch (const store::Error& error) {
      unreadable = error.what();
    }
  }
  if (final.replicas.empty()) {
    world_.aborts().push_back(
        {world_.now(), "ledger", "no disk of it can be read at the end: " + unreadable});
    return;
  }
  oracle_.finish(final);
}

Report Universe::report(bool interrupted) {
  Report report;
  bool liveness = false;
  bool safety = false;
  for (const auto& property : oracle_.properties()) {
    report.properties.push_back({std::string(property->id()), std::string(property->statement()),
                                 property->checks(), property->violations()});
    const bool violated = !property->violations().empty();
    (property->id().front() == 'L' ? liveness : safety) |= violated;
  }
  report.aborts = world_.aborts();
  for (const simnet::Abort& stop : world_.fail_stops()) {
    if (nemesis_.excuses_stop(stop.host, stop.at)) {
      ++report.excused_stops;
    } else {
      report.fail_stops.push_back(stop);
    }
  }
  report.unreadable = oracle_.unreadable();
  const bool ended = !report.aborts.empty() || !report.fail_stops.empty();
  report.verdict = safety        ? Verdict::safety_violated
                   : ended       ? Verdict::aborted
                   : liveness    ? Verdict::liveness_violated
                   : interrupted ? Verdict::interrupted
                                 : Verdict::holds;
  report.whole = !interrupted;
  report.digest = world_.digest().value();
  report.checkpoints = world_.digest().checkpoints();
  report.events = world_.digest().events();
  report.end = world_.now();
  report.settled = settled_;
  report.tally = oracle_.tally();
  report.faults = nemesis_.struck();
  report.network = world_.network().statistics();
  report.emitted = emitted_;
  report.users = workload_.users.size();
  report.intents = workload_.intents();
  report.double_presses = double_presses_;
  report.retries = retries_;
  return report;
}

}  // namespace properties
