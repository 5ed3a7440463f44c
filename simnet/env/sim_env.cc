#include "simnet/env/sim_env.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "simnet/env/operation_task.h"
#include "simnet/stream_socket.h"
#include "simnet/timer.h"

namespace sim_env {
namespace {

namespace asio = env::asio;
constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

simnet::Time to_virtual(env::Instant instant) { return simnet::Time(instant.time_since_epoch()); }

class SimTimer final : public env::TimerBackend {
 public:
  explicit SimTimer(simnet::Executor executor)
      : context_(executor.context()), state_(std::make_shared<simnet::TimerState>()) {}
  ~SimTimer() override { state_->cancel(); }

  void start_wait(env::Instant deadline, env::IoOperationPtr operation) override {
    state_->start(context_, to_virtual(deadline),
                  make_operation_task(std::move(operation), simnet::EventKind::timer));
  }
  void cancel() override { state_->cancel(); }

 private:
  simnet::HostContext& context_;
  std::shared_ptr<simnet::TimerState> state_;
};

// Runs `then` at a time unless it was moved or destroyed before. Asio's rule that
// a cancelled wait may already be on its way as a success is dealt with here.
class Deadline {
 public:
  explicit Deadline(simnet::Executor executor) : timer_(executor) {}
  ~Deadline() { clear(); }

  void clear() {
    if (armed_) {
      *armed_ = false;
      timer_.cancel();
    }
  }

  template <class Then>
  void set(simnet::Time at, Then then) {
    clear();
    armed_ = std::make_shared<bool>(true);
    timer_.expires_at(at);
    timer_.async_wait([armed = armed_, then = std::move(then)](env::error_code error) mutable {
      if (!error && *armed) {
        then();
      }
    });
  }

 private:
  simnet::timer timer_;
  std::shared_ptr<bool> armed_;
};

class SimStream final : public env::StreamBackend {
 public:
  explicit SimStream(simnet::stream_socket socket)
      : socket_(std::move(socket)), deadline_(socket_.get_executor()) {}

  asio::any_io_executor executor() override { return socket_.get_executor(); }
  void start_read(asio::mutable_buffer into, env::IoOperationPtr operation) override {
    socket_.start_read(into, make_operation_task(std::move(operation), simnet::EventKind::io));
  }
  void start_write(asio::const_buffer from, env::IoOperationPtr operation) override {
    socket_.start_write(from, make_operation_task(std::move(operation), simnet::EventKind::io));
  }
  void shutdown_send() override { socket_.shutdown_send(); }
  void expires_at(std::optional<env::Instant> deadline) override {
    deadline_.clear();
    if (deadline) {
      deadline_.set(to_virtual(*deadline), [this] { socket_.abort(asio::error::timed_out); });
    }
  }

 private:
  simnet::stream_socket socket_;
  Deadline deadline_;
};

class SimListener final : public env::Listener {
 public:
  explicit SimListener(simnet::Executor executor) : acceptor_(executor) {}

  env::error_code listen(std::uint16_t port) { return acceptor_.listen(port); }

  env::awaitable<env::Result<env::Stream>> accept() override {
    auto [error, socket] = co_await acceptor_.async_accept(use_tuple);
    if (error) {
      co_return error;
    }
    auto backend = std::make_unique<SimStream>(std::move(socket));
    env::Stream stream(std::move(backend));
    co_return std::move(stream);
  }

 private:
  simnet::acceptor acceptor_;
};

}  // namespace

std::int64_t unix_us(simnet::Time time) {
  return kWallEpoch_s * 1'000'000 +
         std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

env::Instant SimEnv::now() const { return env::Instant(host_.world().now().time_since_epoch()); }

env::WallTime SimEnv::wall_now() const {
  return env::WallTime(std::chrono::seconds(kWallEpoch_s) + host_.world().now().time_since_epoch() +
                       host_.wall_clock_offset());
}

std::unique_ptr<env::TimerBackend> SimEnv::make_timer() {
  return std::make_unique<SimTimer>(host_.executor());
}

env::awaitable<env::Result<env::Stream>> SimEnv::connect(env::Endpoint to, env::Duration timeout) {
  simnet::stream_socket socket(host_.executor());
  const simnet::endpoint target{to.host, to.port};
  Deadline deadline(host_.executor());
  bool late = false;
  deadline.set(host_.world().now() + timeout, [&socket, &late] {
    late = true;
    socket.cancel();
  });
  const auto [error] = co_await socket.async_connect(target, use_tuple);
  deadline.clear();
  if (error) {
    co_return late ? env::error_code(asio::error::timed_out) : error;
  }
  auto backend = std::make_unique<SimStream>(std::move(socket));
  env::Stream stream(std::move(backend));
  co_return std::move(stream);
}

env::Result<std::unique_ptr<env::Listener>> SimEnv::listen(std::uint16_t port) {
  auto listener = std::make_unique<SimListener>(host_.executor());
  if (const env::error_code error = listener->listen(port)) {
    return error;
  }
  return env::Result<std::unique_ptr<env::Listener>>(std::move(listener));
}

env::DatabaseFile SimEnv::database_file(std::string_view name) {
  return {"/" + host_.name() + "/" + std::string(name), host_.world().vfs().name()};
}

void SimEnv::emit_event(const env::EventRef& event) {
  if (host_.dying()) {
    return;
  }
  host_.world().digest().fold(host_.world().now(), host_.id(), simnet::EventKind::emit,
                              simnet::hash_bytes(event.encode()));
  if (observer_) {
    host_.disk().set_observed(true);
    observer_(host_, event);
    host_.disk().set_observed(false);
  }
}

}  // namespace sim_env
