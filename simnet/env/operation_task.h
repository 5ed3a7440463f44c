// A pending operation of Env's erased interfaces as a task of the simulation.
#pragma once

#include <memory>
#include <utility>

#include "simnet/io_task.h"
#include "system/env/stream.h"

namespace sim_env {

// `Details`: what the operation's socket keeps with it (simnet::ReadBuffers, ...).
template <class Details>
class OperationTask final : public simnet::IoTask {
 public:
  explicit OperationTask(env::IoOperationPtr operation) : operation_(std::move(operation)) {}

  void* details() override { return &details_; }
  void run() override {
    const env::IoOperationPtr operation = std::move(operation_);
    operation->complete(error_, bytes_);
  }
  void disarm() override { const env::IoOperationPtr operation = std::move(operation_); }

 private:
  env::IoOperationPtr operation_;
  [[no_unique_address]] Details details_;
};

// `context`: of the host whose process waits.
template <class Details = simnet::NoDetails>
simnet::IoTaskPtr make_operation_task(env::IoOperationPtr operation, simnet::HostContext& context,
                                      simnet::EventKind kind) {
  simnet::IoTaskPtr task = std::make_unique<OperationTask<Details>>(std::move(operation));
  task->kind = kind;
  context.adopt(*task);
  return task;
}

}  // namespace sim_env
