#include "simnet/io_task.h"

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {

void complete(IoTaskPtr task, error_code error, std::size_t bytes) {
  if (HostContext* context = task->context()) {
    task->set_result(error, bytes);
    context->finish(std::move(task));
  }
}

void complete_early(IoTask& task, error_code error) {
  if (HostContext* context = task.context()) {
    World& world = context->host().world();
    task.set_result(error, 0);
    world.queue().push_again(world.now(), task);
  }
}

}  // namespace simnet
