// An Asio executor whose tasks run as events of a simulated host. Copies are
// cheap. After the host's incarnation ended, what is submitted is dropped.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution.hpp>
#include <memory>
#include <type_traits>
#include <utility>

#include "simnet/context.h"

namespace simnet {

class Executor {
 public:
  explicit Executor(HostContext& context) : context_(&context) {}

  HostContext& context() const noexcept { return *context_; }

  boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
    return *context_;
  }
  static constexpr boost::asio::execution::mapping_t query(
      boost::asio::execution::mapping_t) noexcept {
    return boost::asio::execution::mapping.thread;
  }
  boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) const noexcept {
    return may_block_
               ? boost::asio::execution::blocking_t(boost::asio::execution::blocking.possibly)
               : boost::asio::execution::blocking_t(boost::asio::execution::blocking.never);
  }
  Executor require(boost::asio::execution::blocking_t::possibly_t) const noexcept {
    return Executor(context_, true);
  }
  Executor require(boost::asio::execution::blocking_t::never_t) const noexcept {
    return Executor(context_, false);
  }

  static constexpr boost::asio::execution::outstanding_work_t query(
      boost::asio::execution::outstanding_work_t) noexcept {
    return boost::asio::execution::outstanding_work.untracked;
  }

  template <class Function>
  void execute(Function&& function) const {
    if (may_block_ && context_->running() && context_->alive()) {
      std::decay_t<Function> local(std::forward<Function>(function));
      std::move(local)();
      return;
    }
    auto task =
        std::make_unique<FunctionTask<std::decay_t<Function>>>(std::forward<Function>(function));
    task->kind = EventKind::post;
    context_->post(std::move(task));
  }

  friend bool operator==(const Executor& a, const Executor& b) noexcept {
    return a.context_ == b.context_ && a.may_block_ == b.may_block_;
  }
  friend bool operator!=(const Executor& a, const Executor& b) noexcept { return !(a == b); }

 private:
  Executor(HostContext* context, bool may_block) : context_(context), may_block_(may_block) {}

  HostContext* context_;
  bool may_block_ = true;
};

// The simulated host's context below any executor: a type-erased one, a strand.
// Errors: std::logic_error when there is none.
inline HostContext& context_of(const Executor& executor) { return executor.context(); }
template <class AnyExecutor>
HostContext& context_of(const AnyExecutor& executor) {
  if constexpr (std::is_same_v<AnyExecutor, boost::asio::any_io_executor>) {
    if (const auto* plain = executor.template target<Executor>()) {
      return plain->context();
    }
  }
  return context_of(boost::asio::query(executor, boost::asio::execution::context));
}

// True when a task of the host may call what is bound to `executor` directly.
inline bool is_plain(const Executor& executor, const HostContext& context) {
  return &executor.context() == &context;
}
template <class AnyExecutor>
bool is_plain(const AnyExecutor& executor, const HostContext& context) {
  if constexpr (std::is_same_v<AnyExecutor, boost::asio::any_io_executor>) {
    const auto* plain = executor.template target<Executor>();
    return plain != nullptr && &plain->context() == &context;
  }
  return false;
}

}  // namespace simnet
