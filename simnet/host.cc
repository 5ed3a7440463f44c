#include "simnet/host.h"

#include <algorithm>
#include <utility>

#include "simnet/world.h"

namespace simnet {
namespace {

constexpr std::uint64_t kDiskLost = 2;  // in the digest, next to the kinds of stop

}  // namespace

Host::Host(World& world, HostId id, HostOptions options)
    : world_(world), id_(id), udp_(*this), tcp_(*this), options_(std::move(options)) {}

Host::~Host() {
  stop(StopKind::process);
  drop_waiting();
  if (disk_ != nullptr) {
    world_.forget_disk(*this);
  }
}

Disk& Host::disk() {
  if (disk_ == nullptr) {
    disk_ = make_disk();
    if (!tcp_.powered()) {  // it has been off since before anything was written
      disk_->power_loss([](std::string_view, std::uint64_t, std::uint64_t) { return 0; });
    }
  }
  return *disk_;
}

std::unique_ptr<Disk> Host::make_disk() {
  DiskHooks hooks;
  hooks.on_cost = [this](Duration cost) { spend(cost); };
  hooks.on_sync = [this](std::string_view, std::uint64_t hash) {
    world_.note(id_, EventKind::disk, hash);
  };
  hooks.on_power_cut = [this] {
    power_cut_ = true;
    tcp_.set_powered(false);
  };
  return std::make_unique<Disk>(DiskOptions{}, std::move(hooks));
}

void Host::boot() {
  down_until_ = world_.now();
  boot_at(world_.now());
}

void Host::boot_at(Time at) {
  down_until_ = std::max(down_until_, at);
  world_.at(at, EventKind::world, id_, 0, [this] {
    if (!up() && world_.now() >= down_until_) {
      start_process();
    }
  });
}

void Host::start_process() {
  ++incarnation_;
  ++world_.statistics().boots;
  streams_.clear();
  stop_request_.reset();
  power_cut_ = false;
  busy_until_ = world_.now();
  tcp_.set_powered(true);
  world_.names().forget_cache(id_);
  if (disk_ != nullptr) {
    disk_->power_on();
  }
  if (world_.tap() != nullptr) {
    world_.tap()->on_process(world_.now(), id_, true);
  }
  context_ = std::make_unique<HostContext>(*this);
  auto start = [this] { root_ = program_(*this); };
  auto task = std::make_unique<FunctionTask<decltype(start)>>(std::move(start));
  task->host = id_;
  context_->post(std::move(task));
}

void Host::stop(StopKind kind) {
  const bool power = kind == StopKind::power;
  // Without a process, but with power, there is still the page cache to lose.
  if (!up() && !(power && has_power())) {
    return;
  }
  world_.note(id_, EventKind::crash, static_cast<std::uint64_t>(kind));
  ++(power ? world_.statistics().power_losses : world_.statistics().process_crashes);
  tcp_.reset(!power);
  udp_.reset();
  if (power) {
    lose_power();
  } else if (disk_ != nullptr) {
    disk_->process_crash();
  }
  if (up()) {
    end_process();
  }
}

void Host::lose_power() {
  tcp_.set_powered(false);
  if (disk_ == nullptr) {
    return;
  }
  disk_->power_loss([this](std::string_view purpose, std::uint64_t a, std::uint64_t b) {
    return world_.tape().draw({Purpose(purpose), place_of(id_, incarnation_), a, b});
  });
}

void Host::end_process() {
  if (world_.tap() != nullptr) {
    world_.tap()->on_process(world_.now(), id_, false);
  }
  context_->shut_down();
  root_.reset();
  context_.reset();
  drop_waiting();
}

void Host::stop_until(StopKind kind, Time at) {
  stop(kind);
  boot_at(at);
}

void Host::lose_disk() {
  stop(StopKind::power);
  if (disk_ != nullptr) {
    world_.note(id_, EventKind::crash, kDiskLost);
    disk_->lose_everything();
  }
}

void Host::request_stop(std::string reason) {
  if (!stop_request_) {
    stop_request_ = std::move(reason);
  }
}

void Host::settle_task() {
  if (task_cost_ != Duration()) {
    spend(task_cost_);
  }
  if (power_cut_) {
    ++world_.statistics().power_cuts;
    stop_until(StopKind::power, world_.now() + restart_delay_);
  } else if (stop_request_) {
    ++world_.statistics().fail_stops;
    if (!stop_request_->empty()) {
      world_.fail_stops().push_back({world_.now(), name(), *stop_request_});
    }
    stop_until(StopKind::process, world_.now() + restart_delay_);
  }
}

void Host::aborted(std::string what) {
  world_.aborts().push_back({world_.now(), name(), std::move(what)});
  request_stop("");  // told already
}

void Host::resume() {
  if (paused_ > 0 && --paused_ == 0 && !waiting_.empty()) {
    schedule_wake_up();
  }
}

void Host::wait(Task* task) {
  waiting_.push_back(task);
  if (paused_ == 0) {
    schedule_wake_up();
  }
}

void Host::schedule_wake_up() {
  if (wake_up_scheduled_) {
    return;
  }
  wake_up_scheduled_ = true;
  world_.at(std::max(world_.now(), busy_until_), EventKind::world, id_, 0, [this] {
    wake_up_scheduled_ = false;
    run_waiting();
  });
}

void Host::run_waiting() {
  while (!waiting_.empty() && paused_ == 0 && busy_until_ <= world_.now()) {
    Task* task = waiting_.pop_front();
    if (!task->spent()) {
      world_.execute(*task);
    }
    Task::drop_entry(task);
  }
  if (!waiting_.empty() && paused_ == 0) {
    schedule_wake_up();
  }
}

void Host::drop_waiting() {
  while (!waiting_.empty()) {
    Task::drop_entry(waiting_.pop_front());
  }
}

void Host::spend(Duration cost) { busy_until_ = std::max(busy_until_, world_.now()) + cost; }

std::uint64_t Host::random(std::string_view purpose) {
  auto found = streams_.find(purpose);
  if (found == streams_.end()) {
    found = streams_.emplace(std::string(purpose), 0).first;
  }
  return world_.tape().draw(
      {Purpose(found->first), place_of(id_, incarnation_), 0, found->second++});
}

std::int64_t Host::setting(std::string_view name, std::int64_t otherwise) const {
  const auto found = settings_.find(name);
  return found != settings_.end() ? found->second : otherwise;
}

}  // namespace simnet
