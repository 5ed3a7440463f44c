#include <utility>

#include "simnet/tcp.h"

namespace simnet {

TcpListener::~TcpListener() {
  cancel();
  if (stack_ != nullptr) {
    stack_->listeners_.erase(local_.port());
    for (const TcpEndPtr& end : backlog_) {
      end->abort(asio::error::connection_reset);
    }
  }
}

void TcpListener::start_wait(IoTaskPtr task) {
  waits_.add(std::move(task));
  serve();
}

void TcpListener::serve() {
  while (!waits_.empty() && promised_ < backlog_.size()) {
    ++promised_;
    complete(waits_.take(), {});
  }
}

void TcpListener::cancel() { waits_.fail_all(asio::error::operation_aborted); }

void TcpListener::cancel(const IoTask* task) {
  if (IoTaskPtr found = waits_.take(task)) {
    complete(std::move(found), asio::error::operation_aborted);
  }
}

TcpEndPtr TcpListener::take() {
  if (backlog_.empty()) {
    return nullptr;
  }
  promised_ -= promised_ > 0 ? 1 : 0;
  return backlog_.pop_front();
}

void TcpListener::decline() {
  promised_ -= promised_ > 0 ? 1 : 0;
  serve();
}

}  // namespace simnet
