#include "simnet/world.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace simnet {
namespace {

std::string unique_vfs_name() {
  static std::uint64_t worlds = 0;
  return "simnet-" + std::to_string(++worlds);
}

}  // namespace

World::World(std::uint64_t seed)
    : seed_(seed),
      root_(StreamKey(0).child(seed)),
      vfs_(std::make_unique<Vfs>(unique_vfs_name())),
      network_(*this, root_.child("network")) {
  vfs_->set_randomness([random = stream("sqlite")]() mutable { return random.next(); });
  vfs_->set_clock([this] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch()).count();
  });
}

World::~World() {
  for (const auto& host : hosts_) {
    host->stop(StopKind::process);
  }
}

Host& World::add_host(HostOptions options) {
  const auto id = static_cast<HostId>(hosts_.size() + 1);
  if (!names_.emplace(options.name, id).second) {
    throw std::invalid_argument("simnet: two hosts are called " + options.name);
  }
  const StreamKey randomness = root_.child("host").child(options.name);
  hosts_.push_back(std::make_unique<Host>(*this, id, std::move(options), randomness));
  return *hosts_.back();
}

Host* World::find(std::string_view name) {
  const auto found = names_.find(name);
  return found != names_.end() ? &host(found->second) : nullptr;
}

void World::schedule(Time when, std::unique_ptr<Task> task) {
  queue_.push(std::max(when, now_), std::move(task));
}

bool World::step() {
  if (queue_.empty()) {
    return false;
  }
  EventQueue::Item item = queue_.pop();
  now_ = item.at;
  if (item.task->dead()) {
    return true;
  }
  if (item.task->context() != nullptr) {
    run_host_task(std::move(item));
    return true;
  }
  digest_.fold(now_, item.task->host, item.task->kind, item.task->payload);
  item.task->run();
  return true;
}

void World::run_host_task(EventQueue::Item item) {
  HostContext& context = *item.task->context();
  Host& host = context.host();
  if (host.paused()) {
    host.defer(std::move(item.task));
    return;
  }
  if (host.busy_until() > now_) {
    queue_.push(host.busy_until(), std::move(item.task));
    return;
  }
  digest_.fold(now_, host.id(), item.task->kind, item.task->payload);
  item.task->unlink();
  context.set_running(true);
  try {
    item.task->run();
  } catch (const std::exception& error) {
    host.aborted(error.what());
  } catch (...) {
    host.aborted("an exception that is no std::exception");
  }
  context.set_running(false);
  host.after_task();
}

void World::run_until(Time until) {
  while (!run_until(until, UINT64_MAX)) {
  }
}

bool World::run_until(Time until, std::uint64_t events) {
  while (!queue_.empty() && queue_.next_time() <= until) {
    if (events-- == 0) {
      return false;
    }
    step();
  }
  now_ = std::max(now_, until);
  return true;
}

}  // namespace simnet
