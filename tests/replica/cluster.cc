#include "tests/replica/cluster.h"

#include <algorithm>
#include <utility>

#include "system/env/async.h"
#include "system/rpc/frame.h"
#include "tests/replica/client.h"

namespace replica_test {
namespace {

constexpr std::uint64_t kRegions = 3;
constexpr env::Duration kReadTimeout = milliseconds(1500);

std::string region_of(std::uint64_t number) { return "r" + std::to_string(number % kRegions); }

void lay_cables(simnet::Network& network) {
  simnet::LinkOptions far;
  far.latency_base = milliseconds(10);
  far.latency_jitter = milliseconds(2);
  far.tail_extra = milliseconds(20);
  for (std::uint64_t a = 0; a < kRegions; ++a) {
    for (std::uint64_t b = a + 1; b < kRegions; ++b) {
      network.set_region_link(region_of(a), region_of(b), far);
    }
  }
}

}  // namespace

class Cluster::Server {
 public:
  Server(env::Env& env, std::uint64_t id, const replica::ReplicaOptions& options, Server*& place)
      : machine(env, id), replica(replica::Replica::start(env, machine, options)), place_(place) {
    place_ = this;
    rpc::serve_frames(env, kServicePort,
                      [this](std::string request) { return handle(std::move(request)); });
  }
  ~Server() { place_ = nullptr; }

  RegisterMachine machine;
  std::shared_ptr<replica::Replica> replica;

 private:
  env::awaitable<std::string> handle(std::string bytes) {
    Request request;
    try {
      request = decode_request(bytes);
    } catch (const rpc::CodecError&) {
      co_return std::string();
    }
    Answer answer{request.id, Status::unknown, 0, 0};
    if (request.verb == Verb::write) {
      const auto outcome = co_await replica->propose(std::move(request.value));
      answer.status = outcome.result == replica::ProposeResult::committed    ? Status::done
                      : outcome.result == replica::ProposeResult::not_leader ? Status::refused
                                                                             : Status::unknown;
      answer.index = outcome.index;
    } else if (co_await replica->wait_linearizable(kReadTimeout)) {
      answer.status = Status::done;
      answer.index = machine.applied_index();
    }
    answer.leader = replica->leader();
    co_return encode(answer);
  }

  Server*& place_;
};

env::Env& Cluster::add(const std::string& name, std::uint64_t number) {
  simnet::Host& host = world.add_host({name, region_of(number)});
  envs_[name] = std::make_unique<sim_env::SimEnv>(
      host, [this](simnet::Host&, const env::EventRef& event) { safety.see(event); });
  return *envs_[name];
}

void Cluster::add_server(std::uint64_t id, const std::vector<replica::Member>& members) {
  replica::ReplicaOptions options;
  options.id = id;
  options.members = members;
  options.keep_entries = options_.keep_entries;
  options.compact_every = options_.compact_every;
  env::Env& env = add("n" + std::to_string(id), id);
  Server*& place = servers_[id];
  host(id).set_program([&env, &place, id, options](simnet::Host&) -> std::shared_ptr<void> {
    try {
      return std::make_shared<Server>(env, id, options, place);
    } catch (const store::Error& error) {
      env.fail_stop(error.what());
      return nullptr;
    }
  });
}

Cluster::Cluster(std::uint64_t seed, ClusterOptions options) : world(seed), options_(options) {
  lay_cables(world.network());
  std::vector<replica::Member> members;
  std::vector<env::Endpoint> services;
  for (std::uint64_t id = 1; id <= size(); ++id) {
    const std::string name = "n" + std::to_string(id);
    members.push_back({id, {name, kReplicaPort}, id > options_.voters});
    services.push_back({name, kServicePort});
  }
  for (const replica::Member& member : members) {
    add_server(member.id, members);
  }
  for (std::uint64_t i = 1; i <= options_.clients; ++i) {
    const std::string name = "c" + std::to_string(i);
    env::Env& env = add(name, i);
    world.find(name)->set_program([this, &env, services](simnet::Host&) {
      env::spawn(env, run_client(&env, &history, services));
      return std::shared_ptr<void>();
    });
  }
  for (const auto& each : world.hosts()) {
    each->boot();
  }
}

Cluster::~Cluster() {
  for (const auto& each : world.hosts()) {
    each->stop(simnet::StopKind::process);
  }
}

replica::Replica* Cluster::replica(std::uint64_t id) {
  Server* server = servers_[id];
  return server != nullptr ? server->replica.get() : nullptr;
}

RegisterMachine* Cluster::machine(std::uint64_t id) {
  Server* server = servers_[id];
  return server != nullptr ? &server->machine : nullptr;
}

std::uint64_t Cluster::leader() {
  for (std::uint64_t id = 1; id <= size(); ++id) {
    if (replica(id) != nullptr && replica(id)->leads()) {
      return id;
    }
  }
  return 0;
}

bool Cluster::converged(std::uint64_t index, const std::set<std::uint64_t>& without) {
  std::set<std::uint64_t> hashes;
  for (std::uint64_t id = 1; id <= size(); ++id) {
    if (without.contains(id)) {
      continue;
    }
    const RegisterMachine* each = machine(id);
    if (each == nullptr || each->applied_index() < index) {
      return false;
    }
    hashes.insert(each->hash());
  }
  return hashes.size() == 1;
}

std::vector<std::string> Cluster::server_names() const {
  std::vector<std::string> names;
  for (std::uint64_t id = 1; id <= size(); ++id) {
    names.push_back("n" + std::to_string(id));
  }
  return names;
}

std::vector<std::string> Cluster::client_names() const {
  std::vector<std::string> names;
  for (std::uint64_t i = 1; i <= options_.clients; ++i) {
    names.push_back("c" + std::to_string(i));
  }
  return names;
}

}  // namespace replica_test
