#include "simnet/timer_state.h"

#include <utility>

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {
namespace {

void finish(IoTaskPtr task, error_code error) {
  if (HostContext* context = task->context()) {
    complete(*context, std::move(task), error);
  }
}

}  // namespace

Time now(const HostContext& context) { return context.host().world().now(); }

void TimerState::start(HostContext& context, Time expiry, IoTaskPtr task) {
  context.adopt(*task);
  if (task->context() == nullptr) {
    return;
  }
  if (expiry <= now(context)) {
    finish(std::move(task), {});
    return;
  }
  const std::uint64_t id = next_wait_++;
  waits_.push_back({id, std::move(task)});
  if (expiry == Time::max()) {
    return;  // only cancel() ends it
  }
  World& world = context.host().world();
  world.at(expiry, EventKind::timer, context.host().id(), id, [weak = weak_from_this(), id] {
    if (const auto self = weak.lock()) {
      self->expire(id);
    }
  });
}

void TimerState::expire(std::uint64_t wait) {
  for (auto it = waits_.begin(); it != waits_.end(); ++it) {
    if (it->id == wait) {
      IoTaskPtr task = std::move(it->task);
      waits_.erase(it);
      finish(std::move(task), {});
      return;
    }
  }
}

std::size_t TimerState::cancel() {
  std::list<Wait> waits = std::exchange(waits_, {});
  const std::size_t count = waits.size();
  for (Wait& wait : waits) {
    finish(std::move(wait.task), asio::error::operation_aborted);
  }
  return count;
}

void TimerState::cancel(const IoTask* task) {
  for (auto it = waits_.begin(); it != waits_.end(); ++it) {
    if (it->task.get() == task) {
      IoTaskPtr found = std::move(it->task);
      waits_.erase(it);
      finish(std::move(found), asio::error::operation_aborted);
      return;
    }
  }
}

}  // namespace simnet
