// One thing that will happen: a queue node that owns what to run. Tasks of a host
// are linked into a list of their context, so that a crash can destroy what they
// hold (handlers, and with them coroutine frames) while the queue still refers to
// the emptied node.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "simnet/digest.h"
#include "simnet/time.h"

namespace simnet {

class HostContext;

class Task {
 public:
  virtual ~Task() { unlink(); }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  // Runs once. May destroy any other task or the host's sockets, not this node.
  virtual void run() = 0;
  // Destroys what the task would run. run() is then never called.
  virtual void disarm() = 0;

  void link(HostContext* context, Task*& head) {
    unlink();
    context_ = context;
    next_ = head;
    previous_link_ = &head;
    if (next_ != nullptr) {
      next_->previous_link_ = &next_;
    }
    head = this;
  }

  void unlink() {
    if (previous_link_ != nullptr) {
      *previous_link_ = next_;
      if (next_ != nullptr) {
        next_->previous_link_ = previous_link_;
      }
      previous_link_ = nullptr;
      next_ = nullptr;
    }
  }

  HostContext* context() const { return context_; }
  bool dead() const { return dead_; }
  void kill() {
    dead_ = true;
    context_ = nullptr;
  }

  EventKind kind = EventKind::world;
  std::uint32_t host = 0;     // for the digest: the host concerned, 0 for the world
  std::uint64_t payload = 0;  // for the digest: the content

 protected:
  Task() = default;

 private:
  HostContext* context_ = nullptr;  // null: a task of the world
  Task* next_ = nullptr;
  Task** previous_link_ = nullptr;
  bool dead_ = false;
};

// A task that calls a function object.
template <class Function>
class FunctionTask final : public Task {
 public:
  explicit FunctionTask(Function function) : function_(std::move(function)) {}
  void run() override {
    Function function = std::move(*function_);
    function_.reset();
    std::move(function)();
  }
  // The function may own the object that owns this task: destroy it last.
  void disarm() override {
    [[maybe_unused]] std::optional<Function> function = std::move(function_);
    function_.reset();
  }

 private:
  std::optional<Function> function_;
};

}  // namespace simnet
