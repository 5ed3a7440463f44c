#include "universe.h"

#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "client.h"
#include "property.h"
#include "server.h"
#include "simnet/spawn.h"
#include "simnet/world.h"

namespace chat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint16_t kPort = 80;
constexpr int kMessages = 25;  // of each user
constexpr simnet::Time kFaultsEnd(seconds(20));
constexpr simnet::Time kTalkEnds(seconds(22));
constexpr simnet::Time kLeave(seconds(34));
constexpr simnet::Time kEnd(seconds(40));

struct Universe;

// What a server's process owns. The disk is the host's and outlives it.
struct ServerProcess {
  ServerProcess(Universe& universe, simnet::Host& host);
  ~ServerProcess();

  Universe& universe;
  History history;
  Server server;
};

struct Universe {
  explicit Universe(std::uint64_t seed) : world(seed) {}

  Record record;
  std::map<std::string, std::weak_ptr<Client>> clients;  // by host
  std::weak_ptr<ServerProcess> server;
  std::uint64_t repeats = 0;
  simnet::World world;  // last: what it destroys still reports to the others
};

ServerProcess::ServerProcess(Universe& owner, simnet::Host& host)
    : universe(owner),
      history("/" + host.name() + "/chat.db", host.world().vfs().name().c_str()),
      server(host.executor(), kPort, history) {
  server.start();
}

ServerProcess::~ServerProcess() { universe.repeats += history.repeats(); }

void add_server(Universe& universe) {
  simnet::Host& host = universe.world.add_host({"server", "eu"});
  host.set_program([&universe](simnet::Host& self) -> std::shared_ptr<void> {
    auto process = std::make_shared<ServerProcess>(universe, self);
    universe.server = process;
    return process;
  });
  host.boot();
}

std::string session_of(const simnet::Host& host) {
  return host.name() + "#" + std::to_string(host.incarnation());
}

void add_client(Universe& universe, const std::string& name, const std::string& region) {
  simnet::Host& host = universe.world.add_host({name, region});
  host.set_program([&universe](simnet::Host& self) -> std::shared_ptr<void> {
    ClientOptions options;
    options.server = "server";
    options.port = kPort;
    options.session = session_of(self);
    options.on_acknowledged = [&universe](const Acknowledgement& acknowledgement) {
      universe.record.acknowledged.push_back(acknowledgement);
    };
    auto client = std::make_shared<Client>(self.executor(), std::move(options));
    client->start();
    universe.clients[self.name()] = client;
    return client;
  });
  host.boot();
}

// Runs `act` as the process of that client would, unless it is down.
template <class Act>
void on_client(Universe& universe, const std::string& name, Act act) {
  simnet::Host& host = *universe.world.find(name);
  if (host.up()) {
    net::post(host.executor(), [&universe, name, act = std::move(act)] {
      if (const auto client = universe.clients[name].lock()) {
        act(*client);
      }
    });
  }
}

void add_user(Universe& universe, const std::string& name) {
  simnet::Random chance = universe.world.stream("user " + name);
  for (int i = 1; i <= kMessages; ++i) {
    const simnet::Time when(
        milliseconds(chance.between(0, kTalkEnds.time_since_epoch() / milliseconds(1))));
    const std::string text = "thought " + std::to_string(i) + " of " + name;
    universe.world.at(when, [&universe, name, text] {
      on_client(universe, name, [&universe, name, text](Client& client) {
        const std::string id = client.say(text);
        universe.record.said.emplace(id, text);
        universe.record.ids[session_of(*universe.world.find(name))].push_back(id);
      });
    });
  }
}

void partition(simnet::World& world, simnet::Random& chance, simnet::Time until) {
  std::set<std::uint32_t> here;
  std::set<std::uint32_t> there;
  for (const auto& host : world.hosts()) {
    (host->name() != "server" && chance.ratio(1, 2) ? there : here).insert(host->id());
  }
  const auto cut = [&world, until](std::set<std::uint32_t> from, std::set<std::uint32_t> to) {
    simnet::LinkRule rule;
    rule.from = std::move(from);
    rule.to = std::move(to);
    rule.block = true;
    const auto id = world.network().add_rule(std::move(rule));
    world.at(until, [&world, id] { world.network().remove_rule(id); });
  };
  const std::uint64_t direction = chance.below(4);  // 2 and 3: both
  if (direction != 0) {
    cut(here, there);
  }
  if (direction != 1) {
    cut(there, here);
  }
}

// The servers and clients are the hosts before the one that the faults come from.
void strike(simnet::World& world, simnet::Random& chance) {
  const simnet::Time until =
      std::min(world.now() + milliseconds(chance.between(200, 4000)), kFaultsEnd);
  const std::uint64_t kind = chance.below(10);
  if (kind < 5) {
    partition(world, chance, until);
    return;
  }
  const auto victim =
      static_cast<simnet::HostId>(1 + (kind < 8 ? 0 : chance.below(world.hosts().size() - 1)));
  world.host(victim).stop_until(
      chance.ratio(1, 2) ? simnet::StopKind::process : simnet::StopKind::power, until);
}

// The script of the faults, on a host of its own.
simnet::actor<> strike_now_and_then(simnet::World& world) {
  simnet::Random when = world.stream("times of faults");
  simnet::Random chance = world.stream("faults");
  co_await simnet::sleep_for(seconds(1));
  while (world.now() < kFaultsEnd) {
    strike(world, chance);
    co_await simnet::sleep_for(milliseconds(when.between(200, 3000)));
  }
}

void add_faults(simnet::World& world) {
  simnet::Host& host = world.add_host({"nemesis", "eu"});
  host.set_program([&world](simnet::Host& self) -> std::shared_ptr<void> {
    simnet::spawn(self, strike_now_and_then(world));
    return nullptr;
  });
  host.boot();
}

std::string unrest(Universe& universe) {
  for (const simnet::Abort& abort : universe.world.aborts()) {
    return abort.host + " died: " + abort.what;
  }
  for (const auto& [name, weak] : universe.clients) {
    const auto client = weak.lock();
    if (!client || client->unacknowledged() > 0 || !client->gone()) {
      return name + " did not come to rest";
    }
  }
  return universe.server.lock() ? "" : "the server is down";
}

std::map<std::string, std::vector<Message>> histories(Universe& universe) {
  std::map<std::string, std::vector<Message>> all;
  all.emplace("server", universe.server.lock()->history.messages());
  for (const auto& [name, client] : universe.clients) {
    all.emplace(name, client.lock()->history());
  }
  return all;
}

Verdict verdict(Universe& universe) {
  Verdict verdict;
  verdict.wrong = unrest(universe);
  if (verdict.wrong.empty()) {
    verdict.wrong = violation(universe.record, histories(universe));
  }
  verdict.digest = universe.world.digest().value();
  verdict.said = universe.record.said.size();
  verdict.acknowledged = universe.record.acknowledged.size();
  for (const auto& [name, weak] : universe.clients) {
    const auto client = weak.lock();
    verdict.connections += client ? client->connections() : 0;
  }
  const auto server = universe.server.lock();
  verdict.repeats = universe.repeats + (server ? server->history.repeats() : 0);
  verdict.crashes = universe.world.statistics().process_crashes;
  verdict.power_losses = universe.world.statistics().power_losses;
  return verdict;
}

}  // namespace

Verdict run_universe(std::uint64_t seed) {
  Universe universe(seed);
  simnet::LinkOptions link;
  link.latency_base = milliseconds(5);
  link.latency_jitter = milliseconds(3);
  link.loss_ppm = 5'000;
  link.duplicate_ppm = 5'000;
  universe.world.network().set_default_link(link);
  link.latency_base = milliseconds(70);
  universe.world.network().set_region_link("eu", "us", link);

  add_server(universe);
  const char* const kRegions[] = {"eu", "us", "eu", "us"};
  for (std::size_t i = 0; i < std::size(kRegions); ++i) {
    const std::string name = "client" + std::to_string(i + 1);
    add_client(universe, name, kRegions[i]);
    add_user(universe, name);
    universe.world.at(kLeave, [&universe, name] {
      on_client(universe, name, [](Client& client) { client.leave(); });
    });
  }
  add_faults(universe.world);
  universe.world.run_until(kEnd);
  return verdict(universe);
}

}  // namespace chat
