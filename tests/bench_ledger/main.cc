// bench_ledger [--cold] [TICKETS...]: how many commands a second of processor time a ledger of three
// replicas commits and applies, without faults, everything synced on simulated disks, every
// property listening as in a universe. Each argument is how many tickets are held already when
// measuring starts (default 1000, 10000 and 100000; 1000000 takes a minute and 6 GB); the cost of a
// command should not depend on it.
//
// A command takes 5.5 KB of new memory, of three replicas' tables and logs and of the reference.
// Clearing that is the kernel's work and dear in a virtual machine; so that it is not measured,
// the memory was touched before. --cold leaves that out.
//
// The time is the process's own, so a busy machine disturbs it little; it includes the buyers and
// the network. Comparisons of whole books grow rare with their size (WholeComparisons), so that
// a measurement may hold one or none of them.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "properties/oracle.h"
#include "simnet/env/sim_env.h"
#include "simnet/keep_memory.h"
#include "system/env/async.h"
#include "system/lottery/ledger_client.h"
#include "system/lottery/ledger_node.h"

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kCapacity = 100'000'000;
constexpr std::size_t kBuyers = 2048;  // commands under way at once
constexpr std::int64_t kMeasured = 30'000;

const lottery::LedgerMembers kMembers = {
    {1, "ledger-1", false}, {2, "ledger-2", false}, {3, "ledger-3", false}};

class Bench {
 public:
  Bench() : world_(1) {
    for (const lottery::LedgerMember& member : kMembers) {
      lottery::LedgerOptions options;
      options.initial_draws = {{"d", "s", kCapacity, 100,
                                sim_env::unix_us(simnet::Time(std::chrono::hours(24))),
                                86'400'000'000, ""}};
      options.id = member.id;
      options.members = kMembers;
      add(member.host, [options](env::Env& env) -> std::shared_ptr<void> {
        return lottery::LedgerNode::start(env, options);
      });
    }
    add("buyers", [this](env::Env& env) -> std::shared_ptr<void> {
      auto client = std::make_shared<lottery::LedgerClient>(env, kMembers);
      for (std::size_t i = 0; i < kBuyers; ++i) {
        env::spawn(env, buy(client.get(), "user-" + std::to_string(i)));
      }
      return client;
    });
  }
  ~Bench() {
    for (const auto& host : world_.hosts()) {
      host->stop(simnet::StopKind::process);
    }
  }

  // Holds `count` more tickets.
  void hold(std::int64_t count) {
    const std::int64_t until = held_ + count;
    while (held_ < until) {
      world_.run_until(world_.now() + milliseconds(10));
    }
  }
  const properties::Oracle& oracle() const { return oracle_; }
  // Of all replicas: reads and writes of a page, of a journal's record, of its header.
  std::uint64_t disk_calls() const {
    std::uint64_t calls = 0;
    for (const auto& host : world_.hosts()) {
      calls += host->disk().stats().reads + host->disk().stats().writes;
    }
    return calls;
  }

 private:
  template <class Start>
  void add(const std::string& name, Start start) {
    simnet::Host& host = world_.add_host({name, "here"});
    envs_.push_back(
        std::make_unique<sim_env::SimEnv>(host, [this](simnet::Host&, const env::EventRef& event) {
          oracle_.observe(world_.now(), event);
        }));
    env::Env& env = *envs_.back();
    host.set_program([&env, start](simnet::Host&) { return start(env); });
    host.boot();
  }

  env::awaitable<void> buy(lottery::LedgerClient* ledger, std::string user) {
    for (std::int64_t i = 0;; ++i) {
      lottery::Command hold = lottery::Hold{user, std::to_string(i), "d", "s", 1, 0, 0};
      const env::Result<lottery::LedgerReply> reply = co_await ledger->propose(std::move(hold));
      held_ += reply && reply->status == 201 ? 1 : 0;
    }
  }

  simnet::World world_;
  properties::Oracle oracle_;
  std::vector<std::unique_ptr<sim_env::SimEnv>> envs_;
  std::int64_t held_ = 0;
};

void measure(std::int64_t before) {
  Bench bench;
  bench.hold(before);
  const std::int64_t entries = bench.oracle().reference().applied_index();
  const std::int64_t commands = bench.oracle().reference().commands();
  const std::uint64_t calls = bench.disk_calls();
  const std::clock_t begin = std::clock();
  bench.hold(kMeasured);
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  const auto done = static_cast<double>(bench.oracle().reference().commands() - commands);
  const auto in = static_cast<double>(bench.oracle().reference().applied_index() - entries);
  std::printf("| %lld | %.0f | %.1f | %.0f | %.1f | %s |\n", static_cast<long long>(before),
              done / seconds, 1e6 * seconds / done, done / in,
              static_cast<double>(bench.disk_calls() - calls) / done,
              bench.oracle().holds() ? "hold" : "VIOLATED");
  std::fflush(stdout);
}

// The process keeps it, so that what is measured finds it cleared.
void touch_memory(std::int64_t tickets) {
  constexpr std::size_t kBlock_bytes = 16 << 20;
  constexpr std::int64_t kPerTicket_bytes = 6 << 10;
  const auto bytes = static_cast<std::size_t>((tickets + kMeasured) * kPerTicket_bytes);
  std::vector<std::unique_ptr<char[]>> blocks(bytes / kBlock_bytes + 1);
  for (std::unique_ptr<char[]>& block : blocks) {
    block = std::make_unique<char[]>(kBlock_bytes);  // zeroed
  }
}

int run(const std::vector<std::int64_t>& tickets, bool cold) {
  std::printf(
      "| tickets held before | commands per processor second | us each | commands per entry "
      "| disk calls per command | properties |\n|---|---|---|---|---|---|\n");
  for (const std::int64_t before : tickets) {
    if (!cold) {
      touch_memory(before);
    }
    measure(before);
  }
  return 0;
}

int usage(const char* argument) {
  std::fprintf(stderr, "bench_ledger: %s: expected --cold or a number of tickets, 1 to 10000000\n",
               argument);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  simnet::keep_freed_memory();
  std::vector<std::int64_t> tickets;
  bool cold = false;
  for (int i = 1; i < argc; ++i) {
    char* end = nullptr;
    const std::int64_t number = std::strtoll(argv[i], &end, 10);
    if (std::string_view(argv[i]) == "--cold") {
      cold = true;
    } else if (*end != '\0' || number < 1 || number > 10'000'000) {
      return usage(argv[i]);
    } else {
      tickets.push_back(number);
    }
  }
  return run(tickets.empty() ? std::vector<std::int64_t>{1'000, 10'000, 100'000} : tickets, cold);
}
