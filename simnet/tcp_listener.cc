#include "simnet/tcp.h"

#include <utility>

namespace simnet {

TcpListener::~TcpListener() {
  cancel();
  if (stack_ != nullptr) {
    stack_->listeners_.erase(port_);
    for (const auto& end : backlog_) {
      end->abort(asio::error::connection_reset);
    }
  }
}

void TcpListener::start_wait(IoTaskPtr task) {
  HostContext* context = task->context();
  if (context == nullptr) {
    return;
  }
  if (!backlog_.empty()) {
    complete(*context, std::move(task), {});
    return;
  }
  wait_ = std::move(task);
}

void TcpListener::cancel() {
  if (wait_ && wait_->context() != nullptr) {
    HostContext* context = wait_->context();
    complete(*context, std::move(wait_), asio::error::operation_aborted);
  }
}

void TcpListener::cancel(const IoTask* task) {
  if (wait_.get() == task) {
    cancel();
  }
}

std::shared_ptr<TcpEnd> TcpListener::take() {
  if (backlog_.empty()) {
    return nullptr;
  }
  auto end = std::move(backlog_.front());
  backlog_.pop_front();
  return end;
}

}  // namespace simnet
