// A simulated machine: a disk that survives, a network stack, a clock and at most
// one process. The process is a Program's coroutines; it loses everything but the
// disk in a crash. Limits: one process per host; it is busy while a disk call lasts
// and, with a CPU cost, for a fixed time per task.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simnet/address.h"
#include "simnet/clock.h"
#include "simnet/context.h"
#include "simnet/disk.h"
#include "simnet/executor.h"
#include "simnet/fifo.h"
#include "simnet/prefetch.h"
#include "simnet/random.h"
#include "simnet/tcp.h"
#include "simnet/time.h"
#include "simnet/udp.h"

namespace simnet {

class World;

struct HostOptions {
  std::string name;    // unique; also the network name
  std::string region;  // chooses latencies
};

// What a stop does to the machine.
enum class StopKind {
  process,  // the process dies; the kernel resets its connections, the page cache survives
  power,    // the machine goes dark; unsynced sectors are at chance, peers hear nothing
};

class Host {
 public:
  // Starts the process: spawns its coroutines and returns the object that they
  // share, which is destroyed after them when the process ends.
  using Program = std::function<std::shared_ptr<void>(Host&)>;

  Host(World& world, HostId id, HostOptions options);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  World& world() const { return world_; }
  HostId id() const { return id_; }
  const std::string& name() const { return options_.name; }
  const std::string& region() const { return options_.region; }
  // Made at the first call.
  Disk& disk();
  TcpStack& tcp() { return tcp_; }
  UdpStack& udp() { return udp_; }
  asio::ip::address_v4 address() const { return address_of(id_); }

  void set_program(Program program) { program_ = std::move(program); }
  // A process that ends by itself (fail_stop, an exception) is started again after this.
  void set_restart_delay(Duration delay) { restart_delay_ = delay; }

  bool up() const { return context_ != nullptr; }
  std::uint32_t incarnation() const { return incarnation_; }
  // REQUIRES: up().
  HostContext& context() { return *context_; }
  Executor executor() { return Executor(*context_); }

  // Starts a new incarnation as the next event, whatever stop_until said. No effect
  // when up.
  void boot();
  // Ends the incarnation now. When down, only a power loss has an effect: on what the
  // disk did not sync. Not from inside its own task: use request_stop there.
  void stop(StopKind kind);
  // Stops now and boots at `at`, or when the latest such request says.
  void stop_until(StopKind kind, Time at);
  // A power loss after which the disk is empty. Not from inside its own task.
  void lose_disk();
  // Stops when the current task returns; the restart delay applies.
  void request_stop(std::string reason);

  // Pauses count: the last resume() of as many lets the events run, in their order.
  void pause() { ++paused_; }
  void resume();
  bool paused() const { return paused_ > 0; }
  // A task whose time has come waits while the process is paused or busy, and behind
  // those that wait already. Takes over the entry of the queue.
  bool must_wait(Time now) const { return paused_ > 0 || busy_until_ > now || !waiting_.empty(); }
  void wait(Task* task);

  // The process is busy until then; its events wait.
  Time busy_until() const { return busy_until_; }
  void spend(Duration cost);

  // Every task of the process takes that long; 0: no time.
  void set_task_cost(Duration cost) { task_cost_ = cost; }
  Duration task_cost() const { return task_cost_; }

  Clock& clock() { return clock_; }
  const Clock& clock() const { return clock_; }

  // Next number of the stream `purpose` of this incarnation.
  std::uint64_t random(std::string_view purpose);

  // Settings an operator changes while the process runs.
  std::int64_t setting(std::string_view name, std::int64_t otherwise) const;
  void set(const std::string& name, std::int64_t value) { settings_[name] = value; }
  void unset(const std::string& name) { settings_.erase(name); }

  // Task::warm for a datagram that will come to `port`.
  void warm_datagram(std::uint16_t port, unsigned step) const {
    if (step == 0) {
      prefetch(this, kHot_bytes);
      return;
    }
    if (step == 1 && context_ != nullptr) {
      prefetch(context_.get(), sizeof(HostContext));
    }
    udp_.warm(port, step);
  }

  // Called by World around each task of this host.
  void after_task() {
    if (task_cost_ != Duration() || power_cut_ || stop_request_) {
      settle_task();
    }
  }
  void aborted(std::string what);
  // The power went inside a disk call of the current task, or the process is being
  // taken apart: what still runs reaches nobody.
  bool dying() const { return power_cut_ || !up() || !context_->alive(); }

 private:
  std::unique_ptr<Disk> make_disk();
  void start_process();
  void settle_task();
  void lose_power();
  bool has_power() const { return tcp_.powered() && (disk_ == nullptr || disk_->powered()); }
  void end_process();
  void boot_at(Time at);
  void schedule_wake_up();
  void run_waiting();
  void drop_waiting();

  // What every event of the host looks at stands together.
  World& world_;
  const HostId id_;
  int paused_ = 0;
  Time busy_until_{};
  Duration task_cost_{};
  std::unique_ptr<HostContext> context_;
  bool power_cut_ = false;
  bool wake_up_scheduled_ = false;
  Fifo<Task*> waiting_;  // each holds an entry of the task
  std::optional<std::string> stop_request_;
  UdpStack udp_;
  TcpStack tcp_;
  static constexpr std::size_t kHot_bytes = 320;

  const HostOptions options_;
  Clock clock_;
  std::unique_ptr<Disk> disk_;
  Program program_;
  std::shared_ptr<void> root_;
  std::uint32_t incarnation_ = 0;
  Time down_until_{};
  Duration restart_delay_ = std::chrono::seconds(1);
  std::map<std::string, std::uint64_t, std::less<>> streams_;  // numbers drawn so far
  std::map<std::string, std::int64_t, std::less<>> settings_;
};

}  // namespace simnet
