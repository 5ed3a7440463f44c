// One thing that will happen. The queue refers to a task by entries; a task runs at
// its first entry, later ones find it spent. That is how a wait that is cancelled moves
// to the present without a search through the future.
//
// Tasks of a host are listed by their context, so that a crash can destroy
// what they hold (handlers, and with them coroutine frames) while the queue still
// refers to the emptied node. A pending operation is also linked into the list of its
// socket or timer. A task that runs again and again (an actor) stays listed and is armed
// anew for each wait, once no entry of an earlier one is left.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "simnet/digest.h"
#include "simnet/pool.h"
#include "simnet/time.h"

namespace simnet {

class HostContext;

// A place in a ring of tasks in order of arrival, or its head.
struct RingNode {
  RingNode* ring_next = this;
  RingNode* ring_previous = this;

  RingNode() = default;
  RingNode(const RingNode&) = delete;
  RingNode& operator=(const RingNode&) = delete;
  ~RingNode() { leave_ring(); }

  bool alone() const { return ring_next == this; }
  void leave_ring() {
    ring_next->ring_previous = ring_previous;
    ring_previous->ring_next = ring_next;
    ring_next = ring_previous = this;
  }
  // Behind all others of the ring of `head`.
  void join_ring(RingNode& head) {
    leave_ring();
    ring_next = &head;
    ring_previous = head.ring_previous;
    ring_previous->ring_next = this;
    head.ring_previous = this;
  }
};

class Task : public RingNode {
 public:
  virtual ~Task() { unlink(); }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  static void* operator new(std::size_t size) { return pool::allocate(size); }
  static void operator delete(void* memory, std::size_t size) { pool::deallocate(memory, size); }

  // Runs once. May destroy any other task or the host's sockets, not this node.
  virtual void run() = 0;
  // Destroys what the task would run. run() is then never called.
  virtual void disarm() = 0;
  // When its turn comes near: prefetches what run() touches. Steps 0, 1, ... kWarmSteps - 1
  // come one event after another, so that each may read what the one before asked for;
  // only those happen that the task was made with. Its effect is nil; the task may be spent.
  static constexpr unsigned kWarmSteps = 4;
  static constexpr std::uint8_t kEveryStep = (1U << kWarmSteps) - 1;
  static constexpr std::uint8_t kFrameStep = 1U << (kWarmSteps - 2);  // for one fetch
  virtual void warm(unsigned /*step*/) const {}
  void warm_if_worth_it(unsigned step) const {
    if ((warm_steps_ >> step & 1U) != 0) {
      warm(step);
    }
  }

  // `living`: the tasks of the context, in no order. It outlives the link.
  void link(HostContext* context, std::vector<Task*>& living) {
    unlink();
    context_ = context;
    living_ = &living;
    place_ = static_cast<std::uint32_t>(living.size());
    living.push_back(this);
  }

  void unlink() {
    if (living_ != nullptr) {
      Task* last = living_->back();
      (*living_)[place_] = last;
      last->place_ = place_;
      living_->pop_back();
      living_ = nullptr;
    }
  }

  // Null: a task of the world, or spent.
  HostContext* context() const { return spent_ ? nullptr : context_; }
  // It ran, or its host ended: there is nothing left to run.
  bool spent() const { return spent_; }
  void spend() { spent_ = true; }
  // Stays in its context's list when it runs.
  bool lasting() const { return lasting_; }

  // Entries of the queue (and of what a paused host holds back) that refer to it.
  bool queued() const { return entries_ != 0; }
  // Besides the one that was popped.
  bool queued_again() const { return entries_ > 1; }
  void add_entry() { ++entries_; }
  // Destroys the task when this was the last one.
  static void drop_entry(Task* task) {
    if (--task->entries_ == 0) {
      delete task;
    }
  }

  std::uint64_t payload = 0;  // for the digest: the content
  std::uint32_t host = 0;     // for the digest: the host concerned, 0 for the world
  EventKind kind = EventKind::world;

 protected:
  // `warm_steps`: a bit for each step of warm() that does anything.
  explicit Task(std::uint8_t warm_steps = 0, bool lasting = false)
      : lasting_(lasting), warm_steps_(warm_steps) {}
  // What is spent will run again. REQUIRES: linked; no entry but the one that is running.
  void arm() { spent_ = false; }
  // Spent or not. REQUIRES: it was linked.
  HostContext& home() const { return *context_; }

 private:
  bool spent_ = false;
  std::uint16_t entries_ = 0;
  HostContext* context_ = nullptr;  // null: a task of the world
  std::vector<Task*>* living_ = nullptr;
  std::uint32_t place_ = 0;  // in living_
  const bool lasting_;
  const std::uint8_t warm_steps_;
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
