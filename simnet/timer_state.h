// The waits of one timer.
#pragma once

#include <list>
#include <memory>

#include "simnet/io_task.h"
#include "simnet/time.h"

namespace simnet {

// Virtual time as seen from a context's world.
Time now(const HostContext& context);

class TimerState : public std::enable_shared_from_this<TimerState> {
 public:
  // REQUIRES: owned by a shared_ptr.
  void start(HostContext& context, Time expiry, IoTaskPtr task);
  std::size_t cancel();
  void cancel(const IoTask* task);

 private:
  void expire(std::uint64_t wait);

  struct Wait {
    std::uint64_t id;
    IoTaskPtr task;
  };
  std::list<Wait> waits_;
  std::uint64_t next_wait_ = 0;
};

}  // namespace simnet
