#include "simnet/world.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "simnet/recycling.h"

namespace simnet {
namespace {

std::string unique_vfs_name() {
  static std::uint64_t worlds = 0;
  return "simnet-" + std::to_string(++worlds);
}

}  // namespace

World* World::current_ = nullptr;

World::World(std::uint64_t seed)
    : seed_(seed),
      root_(StreamKey(0).child(seed)),
      tape_(root_.at(0)),
      network_(*this),
      names_(*this) {
  current_ = this;
  recycle_asio_memory();
}

World::~World() {
  for (const auto& host : hosts_) {
    host->stop(StopKind::process);
  }
  hosts_.clear();
  if (current_ == this) {
    current_ = nullptr;
  }
}

Vfs& World::vfs() {
  if (vfs_ == nullptr) {
    vfs_ = std::make_unique<Vfs>(unique_vfs_name());
    vfs_->set_randomness([this, count = std::uint64_t{0}]() mutable {
      return tape_.draw({"sqlite", 0, 0, count++});
    });
    vfs_->set_clock([this] {
      return std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch()).count();
    });
    for (const auto& host : hosts_) {
      vfs_->add_disk(host->name(), host->disk());
    }
  }
  return *vfs_;
}

void World::forget_disk(Host& host) {
  if (vfs_ != nullptr) {
    vfs_->remove_disk(host.name());
  }
}

Host& World::add_host(HostOptions options) {
  const auto id = static_cast<HostId>(hosts_.size() + 1);
  if (!host_names_.emplace(options.name, id).second) {
    throw std::invalid_argument("simnet: two hosts are called " + options.name);
  }
  hosts_.push_back(std::make_unique<Host>(*this, id, std::move(options)));
  if (vfs_ != nullptr) {
    vfs_->add_disk(hosts_.back()->name(), hosts_.back()->disk());
  }
  return *hosts_.back();
}

Host* World::find(std::string_view name) {
  const auto found = host_names_.find(name);
  return found != host_names_.end() ? &host(found->second) : nullptr;
}

bool World::step() { return step_until(Time::max() - Duration(1)); }

bool World::step_until(Time until) {
  EventQueue::Item item{};
  if (!queue_.pop_until(until, item)) {
    return false;
  }
  Task& task = *item.task;
  now_ = item.at;
  if (task.spent()) {
    queue_.forget_spent();
  } else if (task.context() != nullptr) {
    task.leave_ring();
    run_host_task(task);
  } else {
    run_own_task(task);
  }
  Task::drop_entry(&task);
  return true;
}

void World::run_own_task(Task& task) {
  struct Inside {
    explicit Inside(bool& flag) : flag_(flag) { flag_ = true; }
    ~Inside() { flag_ = false; }
    bool& flag_;
  };
  note(task.host, task.kind, task.payload);
  task.spend();
  {
    const Inside inside(in_own_task_);
    task.run();
  }
  if (!following_.empty()) {
    run_following();
  }
}

// Nothing is added meanwhile: what a host's task completes is an event of its own.
void World::run_following() {
  for (Task* task : following_) {
    if (task->spent()) {
      queue_.forget_spent();
    } else if (Host& host = task->context()->host(); host.must_wait(now_)) {
      host.wait(task);
      continue;  // with its entry
    } else {
      execute(*task);
    }
    Task::drop_entry(task);
  }
  following_.clear();
}

void World::run_host_task(Task& task) {
  Host& host = task.context()->host();
  if (host.must_wait(now_)) {
    task.add_entry();
    host.wait(&task);
    return;
  }
  execute(task);
}

void World::execute(Task& task) {
  note(task.context()->host().id(), task.kind, task.payload);
  run_now(task);
}

void World::run_now(Task& task) {
  HostContext& context = *task.context();
  Host& host = context.host();
  if (!task.lasting()) {
    task.unlink();
  }
  task.spend();
  if (task.queued_again()) {
    queue_.count_spent();
  }
  const bool inside_own = std::exchange(in_own_task_, false);  // when a host catches up
  context.set_running(true);
  running_ = &host;
  try {
    task.run();
  } catch (const std::exception& error) {
    host.aborted(error.what());
  } catch (...) {
    host.aborted("an exception that is no std::exception");
  }
  running_ = nullptr;
  context.set_running(false);
  in_own_task_ = inside_own;
  host.after_task();
}

void World::run_until(Time until) {
  while (!run_until(until, UINT64_MAX)) {
  }
}

bool World::run_until(Time until, std::uint64_t events) {
  const Time last = std::min(until, Time::max() - Duration(1));
  for (; events > 0; --events) {
    if (!step_until(last)) {
      now_ = std::max(now_, until);
      return true;
    }
  }
  if (!queue_.empty() && queue_.next_time() <= last) {
    return false;
  }
  now_ = std::max(now_, until);
  return true;
}

}  // namespace simnet
