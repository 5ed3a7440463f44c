// A pending operation of Env's erased interfaces as a task of the simulation.
#pragma once

#include <memory>
#include <utility>

#include "simnet/io_task.h"
#include "system/env/stream.h"

namespace sim_env {

class OperationTask final : public simnet::IoTask {
 public:
  explicit OperationTask(env::IoOperationPtr operation) : operation_(std::move(operation)) {}

  void run() override {
    const env::IoOperationPtr operation = std::move(operation_);
    operation->complete(error_, bytes_);
  }
  void disarm() override { const env::IoOperationPtr operation = std::move(operation_); }

 private:
  env::IoOperationPtr operation_;
};

inline simnet::IoTaskPtr make_operation_task(env::IoOperationPtr operation,
                                             simnet::EventKind kind) {
  auto task = std::make_unique<OperationTask>(std::move(operation));
  task->kind = kind;
  return task;
}

}  // namespace sim_env
