// One universe: virtual time, the event queue, hosts and the network. It jumps
// from event to event; nothing outside moves it. Same seed and same calls: same
// digest. One World at a time owns SQLite's default VFS.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simnet/digest.h"
#include "simnet/event_queue.h"
#include "simnet/host.h"
#include "simnet/journal.h"
#include "simnet/names.h"
#include "simnet/network.h"
#include "simnet/random.h"
#include "simnet/tap.h"
#include "simnet/tape.h"
#include "simnet/task.h"
#include "simnet/vfs.h"

namespace simnet {

// A process that ended by itself: by an exception that nobody caught, or because it
// asked to be stopped (request_stop) for the reason given.
struct Abort {
  Time at;
  std::string host;
  std::string what;
};

struct WorldStatistics {
  std::uint64_t boots = 0;
  std::uint64_t process_crashes = 0;
  std::uint64_t power_losses = 0;
  std::uint64_t power_cuts = 0;  // of the losses, those inside a disk call
  std::uint64_t fail_stops = 0;
};

class World {
 public:
  explicit World(std::uint64_t seed);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // The world that was made last and still exists; null without one.
  static World* current() { return current_; }

  std::uint64_t seed() const { return seed_; }
  Time now() const { return now_; }
  Network& network() { return network_; }
  Names& names() { return names_; }
  Tape& tape() { return tape_; }
  const Tape& tape() const { return tape_; }
  const Digest& digest() const { return digest_; }
  EventQueue& queue() { return queue_; }
  // Made at the first call: SQLite on the hosts' disks.
  Vfs& vfs();
  // The host whose task is running; null outside of any.
  const Host* running_host() const { return running_; }

  // Part of the run's identity: what happened now, at `host` (0: the world).
  void note(HostId host, EventKind kind, std::uint64_t payload) {
    digest_.fold(now_, host, kind, payload);
    if (journal_ != nullptr) {
      journal_->note({now_, host, kind, payload, tape_.draws()});
    }
  }
  // From now on every event goes to `journal` too; null: to none.
  void set_journal(Journal* journal) { journal_ = journal; }
  // From now on `tap` looks on; null: nobody. It outlives the world.
  void set_tap(Tap* tap) { tap_ = tap; }
  Tap* tap() const { return tap_; }
  // A stream for whoever builds on the world; keyed by name.
  Random stream(std::string_view name) const { return Random(root_.child(name)); }
  StreamKey root_key() const { return root_; }

  Host& add_host(HostOptions options);
  Host& host(HostId id) { return *hosts_[id - 1]; }
  Host* find(std::string_view name);
  // The host is going: SQLite must not find its disk any more.
  void forget_disk(Host& host);
  const std::vector<std::unique_ptr<Host>>& hosts() const { return hosts_; }

  // An action of the world itself at a time not before now.
  template <class Function>
  void at(Time when, EventKind kind, HostId host, std::uint64_t payload, Function function) {
    auto task = std::make_unique<FunctionTask<Function>>(std::move(function));
    task->kind = kind;
    task->host = host;
    task->payload = payload;
    schedule(when, std::move(task));
  }
  template <class Function>
  void at(Time when, Function function) {
    at(when, EventKind::world, 0, 0, std::move(function));
  }
  void schedule(Time when, std::unique_ptr<Task> task) {
    queue_.push(std::max(when, now_), std::move(task));
  }

  // For Host: runs a task whose turn it is. REQUIRES: it has a context.
  void execute(Task& task);

  // True inside an action of the world itself, at the end of which come the operations
  // that it completed, in this order, as part of its event.
  bool in_own_task() const { return in_own_task_; }
  void follow(std::unique_ptr<Task> task) {
    task->add_entry();
    following_.push_back(task.release());
  }

  // Runs the next event; false when nothing will ever happen any more.
  bool step();
  // Runs every event up to and including `until`; then now() == until.
  void run_until(Time until);
  // The same, but gives up after `events` events: false when some are left. For
  // callers that must stay responsive even if a program spins without time passing.
  bool run_until(Time until, std::uint64_t events);

  WorldStatistics& statistics() { return statistics_; }
  std::vector<Abort>& aborts() { return aborts_; }
  std::vector<Abort>& fail_stops() { return fail_stops_; }

 private:
  static World* current_;
  bool step_until(Time until);
  void run_host_task(Task& task);
  void run_own_task(Task& task);
  void run_following();
  void run_now(Task& task);

  const std::uint64_t seed_;
  const StreamKey root_;
  Time now_{};
  Tape tape_;
  Digest digest_;
  Journal* journal_ = nullptr;
  Tap* tap_ = nullptr;
  const Host* running_ = nullptr;
  bool in_own_task_ = false;
  std::vector<Task*> following_;  // each with an entry of the task
  EventQueue queue_;
  std::unique_ptr<Vfs> vfs_;
  Network network_;
  Names names_;
  std::vector<std::unique_ptr<Host>> hosts_;
  std::map<std::string, HostId, std::less<>> host_names_;
  WorldStatistics statistics_;
  std::vector<Abort> aborts_;
  std::vector<Abort> fail_stops_;
};

}  // namespace simnet
