// What the world keeps of a spawned actor (actor.h): the one task that wakes it, whatever
// it waits for. It lies in front of the frame of the actor's outermost coroutine:
//
//   | ActorNode | FrameInfo | frame |
//
// Every frame of an actor has that room; those that another actor waits for leave it
// alone. The node stays listed in its context while the actor lives and is armed anew
// for each wait. The frame goes when the actor ends or the host crashes; the block goes
// when also no entry of the queue refers to the node.
//
// An entry that a cancelled wait has left behind would wake the actor out of a later one.
// While there is any, a wait has a task of its own (LateWake).
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>

#include "simnet/io_task.h"

namespace simnet {

class ActorEnd;
class ActorNode;

// What every coroutine of an actor has in its promise.
struct ActorState {
  ActorNode* node = nullptr;         // of the spawned actor that it is a part of
  std::coroutine_handle<> caller{};  // who waits for its end; none: it was spawned
  std::exception_ptr error;          // what left it
};

class ActorNode final : public IoTask {
 public:
  // Memory for the frame of a coroutine.
  static void* allocate_frame(std::size_t size);
  // REQUIRES: the coroutine was destroyed.
  static void free_frame(void* frame) noexcept;

  // Starts the actor whose outermost coroutine is `root`: at once inside a task of the
  // host, else as its next event. Drops it when the incarnation is over.
  // `end` is told of its end; without one, an exception that leaves it is the process's.
  // Whoever signals `slot` cancels it. REQUIRES: `root` waits at its beginning; `state` is
  // in its promise; a connected slot comes with an `end`.
  static void spawn(HostContext& context, std::coroutine_handle<> root, ActorState& state,
                    std::unique_ptr<ActorEnd> end, asio::cancellation_slot slot = {});

  // For the coroutines of the actor, while one of them runs: where it is to be resumed
  // when what begins now ends.
  void wait_in(std::coroutine_handle<> leaf) { leaf_ = leaf; }
  // The actor runs on there as soon as the present coroutine suspends.
  void go_on_in(std::coroutine_handle<> leaf) {
    leaf_ = leaf;
    going_on_ = true;
  }
  void set_done() { done_ = true; }

  HostContext& context() const { return home(); }
  // The task of a wait that begins. `details`: IoTask::details.
  IoTaskPtr begin(EventKind kind, void* details);
  void begin_sleep_for(Duration duration);
  // Until the host's steady clock shows that.
  void begin_sleep_until(Duration reading);
  error_code error() const { return error_; }
  std::size_t bytes() const { return bytes_; }
  // A wait is over that has a task which is not from begin().
  void resume_from_outside();

  // Ends what it waits for, and every later wait at once, with operation_aborted.
  void cancel();
  // Errors: system_error operation_aborted, once it was cancelled.
  void check_cancelled() const {
    if (cancelled_) {
      throw_cancelled();
    }
  }
  // For a wait whose task is not from begin(); not connected if nobody can cancel.
  asio::cancellation_slot operation_slot() const;

  void* details() override { return details_; }
  void run() override;
  void disarm() override;
  void warm(unsigned step) const override;
  void warm_waiting() const override;

  // Owners of a task delete it; a node owns itself.
  static void operator delete(ActorNode* node, std::destroying_delete_t);

 private:
  class LateWake;
  struct alignas(16) FrameInfo {
    std::uint32_t block_bytes;
    bool spawned;
  };
  class Hold;

  ActorNode(std::coroutine_handle<> root, ActorState& state, std::unique_ptr<ActorEnd> end);
  ~ActorNode() override;
  static std::size_t frame_offset();
  static FrameInfo& info_of(void* frame) { return *(static_cast<FrameInfo*>(frame) - 1); }
  std::coroutine_handle<> root();
  [[noreturn]] static void throw_cancelled();
  void start();
  void post();
  void go();
  void finish();
  void free_block();

  std::coroutine_handle<> leaf_;  // the innermost coroutine
  void* details_ = nullptr;
  IoTask* pending_ = nullptr;  // from begin(), while it waits: this, or a LateWake
  ActorState* state_;          // of the outermost coroutine
  std::unique_ptr<ActorEnd> end_;
  bool unused_ = true;  // it runs, no entry is left, and begin() was not called
  bool going_on_ = false;
  bool done_ = false;
  bool waited_ = false;
  bool cancelled_ = false;
  bool frame_gone_ = false;
};

}  // namespace simnet
