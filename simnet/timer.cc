#include "simnet/timer.h"

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {

steady_clock::time_point steady_clock::now() {
  const World* world = World::current();
  if (world == nullptr) {
    return {};
  }
  const Host* host = world->running_host();
  return time_point(host != nullptr ? host->clock().steady(world->now())
                                    : world->now().time_since_epoch());
}

steady_timer::steady_timer(steady_timer&& other) noexcept
    : executor_(other.executor_), context_(other.context_) {
  take_waits(other);
}

steady_timer& steady_timer::operator=(steady_timer&& other) noexcept {
  if (this != &other) {
    cancel();
    executor_ = other.executor_;
    context_ = other.context_;
    take_waits(other);
  }
  return *this;
}

void steady_timer::take_waits(steady_timer& other) {
  expiry_ = other.expiry_;
  while (!other.waits_.alone()) {
    other.waits_.ring_next->join_ring(waits_);
  }
}

std::size_t steady_timer::expires_at(time_point when) {
  const std::size_t count = cancel();
  expiry_ = when;
  return count;
}

std::size_t steady_timer::expires_after(duration after) {
  const std::size_t count = cancel();
  set_expiry_after(after);
  return count;
}

void steady_timer::set_expiry_after(duration after) {
  const Host& host = context_->host();
  const Duration now = host.clock().steady(host.world().now());
  const bool beyond = after > duration::max() - now;
  expiry_ = time_point(beyond ? duration::max() : now + after);
}

std::size_t steady_timer::cancel_one() {
  if (waits_.alone()) {
    return 0;
  }
  cancel_wait(static_cast<IoTask*>(waits_.ring_next));
  return 1;
}

std::size_t steady_timer::cancel() {
  std::size_t count = 0;
  while (cancel_one() != 0) {
    ++count;
  }
  return count;
}

void steady_timer::cancel_wait(IoTask* wait) {
  if (wait->alone()) {
    return;  // it has expired or was cancelled already
  }
  wait->leave_ring();
  complete_early(*wait, asio::error::operation_aborted);
}

void steady_timer::start_wait(IoTaskPtr task) {
  if (task->context() == nullptr) {
    return;  // the host is ending
  }
  task->join_ring(waits_);
  task->set_result({}, 0);
  World& world = context_->host().world();
  world.schedule(context_->host().clock().when_steady(expiry_.time_since_epoch()), std::move(task));
}

}  // namespace simnet
