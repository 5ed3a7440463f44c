#include "simnet/context.h"

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {

void HostContext::schedule(Time at, std::unique_ptr<Task> task) {
  if (!alive_) {
    task->unlink();
    task->disarm();
    return;
  }
  adopt(*task);
  host_.world().schedule(at, std::move(task));
}

void HostContext::post(std::unique_ptr<Task> task) {
  schedule(host_.world().now(), std::move(task));
}

void HostContext::shut_down() {
  alive_ = false;
  while (tasks_ != nullptr) {
    Task* task = tasks_;
    task->unlink();
    task->kill();
    task->disarm();  // may destroy `task` and unlink others
  }
}

}  // namespace simnet
