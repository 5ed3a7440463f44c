// The execution context of one incarnation of a host. It derives from io_context
// because Asio's own services (Beast's WebSocket stream makes a steady_timer)
// would start a thread on a bare execution_context; it is never run. When the
// incarnation ends, everything linked here is destroyed and whatever is posted
// during that destruction is dropped.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "simnet/task.h"

namespace simnet {

class Host;

class HostContext : public boost::asio::io_context {
 public:
  explicit HostContext(Host& host) : host_(host) {}
  ~HostContext();

  Host& host() const { return host_; }
  bool alive() const { return alive_; }
  // True while a task of this context is on the stack.
  bool running() const { return running_; }
  void set_running(bool running) { running_ = running; }

  // Queues `task` for `at`; drops it when the incarnation is over.
  void schedule(Time at, std::unique_ptr<Task> task);
  void post(std::unique_ptr<Task> task);
  // The end of a pending operation: part of the event that brought it about if that is
  // one of the world (a packet arrives), else an event of its own at the present time.
  void finish(std::unique_ptr<Task> task);
  // Makes a task that nobody has queued yet (a pending read) die with the host.
  void adopt(Task& task) {
    if (alive_) {
      task.link(this, tasks_);
    } else {
      task.spend();
    }
  }

  // A task that was disarmed and owns its own memory: not before nobody can refer to it.
  void keep_to_the_end(Task& task) {
    task.add_entry();
    task.join_ring(ended_);
  }

  // Ends the incarnation. Idempotent.
  void shut_down();

 private:
  Host& host_;
  std::vector<Task*> tasks_;
  RingNode ended_;  // each with an entry of the task
  bool alive_ = true;
  bool running_ = false;
};

// The simulated host's context that `context` is. Errors: std::logic_error when it belongs to no
// simulated host.
HostContext& context_of(const boost::asio::execution_context& context);

}  // namespace simnet
