#include "simnet/context.h"

#include <stdexcept>

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {

HostContext::~HostContext() {
  shut_down();
  while (!ended_.alone()) {
    auto* task = static_cast<Task*>(ended_.ring_next);
    task->leave_ring();
    Task::drop_entry(task);
  }
}

void HostContext::schedule(Time at, std::unique_ptr<Task> task) {
  if (!alive_) {
    task->unlink();
    task->disarm();
    return;
  }
  if (task->context() != this) {
    adopt(*task);
  }
  host_.world().schedule(at, std::move(task));
}

void HostContext::finish(std::unique_ptr<Task> task) {
  World& world = host_.world();
  if (alive_ && world.in_own_task()) {
    world.follow(std::move(task));
  } else {
    schedule(world.now(), std::move(task));
  }
}

void HostContext::post(std::unique_ptr<Task> task) {
  schedule(host_.world().now(), std::move(task));
}

void HostContext::shut_down() {
  alive_ = false;
  while (!tasks_.empty()) {
    Task* task = tasks_.back();
    task->unlink();
    task->spend();
    const bool queued = task->queued();
    task->disarm();  // may destroy `task` and unlink others
    if (queued) {
      host_.world().queue().count_spent();
    }
  }
}

HostContext& context_of(const boost::asio::execution_context& context) {
  if (const World* world = World::current()) {
    for (const auto& host : world->hosts()) {
      if (host->up() && &host->context() == &context) {
        return host->context();
      }
    }
  }
  throw std::logic_error(
      "simnet: this executor belongs to no running simulated host (use Host::executor())");
}

}  // namespace simnet
