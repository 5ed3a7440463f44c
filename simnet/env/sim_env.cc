#include "simnet/env/sim_env.h"

#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "simnet/acceptor.h"
#include "simnet/env/operation_task.h"
#include "simnet/resolver.h"
#include "simnet/stream_socket.h"
#include "simnet/timer.h"
#include "system/env/async.h"

namespace sim_env {
namespace {

namespace asio = env::asio;

simnet::steady_clock::time_point to_steady(env::Instant instant) {
  return simnet::steady_clock::time_point(instant.time_since_epoch());
}

class SimTimer final : public env::TimerBackend {
 public:
  explicit SimTimer(simnet::HostContext& context)
      : context_(context), timer_(simnet::Executor(context)) {}

  void start_wait(env::Instant deadline, env::IoOperationPtr operation) override {
    timer_.expires_at(to_steady(deadline));
    timer_.start_wait(
        make_operation_task<>(std::move(operation), context_, simnet::EventKind::timer));
  }
  void cancel() override { timer_.cancel(); }

 private:
  simnet::HostContext& context_;
  simnet::steady_timer timer_;
};

// Runs `then` at a time unless it was moved or destroyed before. Asio's rule that
// a cancelled wait may already be on its way as a success is dealt with here.
class Deadline {
 public:
  explicit Deadline(simnet::HostContext& context) : timer_(simnet::Executor(context)) {}
  ~Deadline() { clear(); }

  void clear() {
    if (armed_) {
      *armed_ = false;
      armed_ = nullptr;
      timer_.cancel();
    }
  }

  template <class Then>
  void set(env::Instant at, Then then) {
    clear();
    armed_ = std::make_shared<bool>(true);
    timer_.expires_at(to_steady(at));
    timer_.async_wait([armed = armed_, then = std::move(then)](env::error_code error) mutable {
      if (!error && *armed) {
        then();
      }
    });
  }

 private:
  simnet::steady_timer timer_;
  std::shared_ptr<bool> armed_;
};

class SimStream final : public env::StreamBackend {
 public:
  explicit SimStream(simnet::stream_socket socket)
      : socket_(std::move(socket)),
        context_(simnet::context_of(socket_.get_executor())),
        deadline_(context_) {}

  asio::any_io_executor executor() override { return socket_.get_executor(); }
  void start_read(asio::mutable_buffer into, env::IoOperationPtr operation) override {
    auto task = make_operation_task<simnet::ReadBuffers>(std::move(operation), context_,
                                                         simnet::EventKind::io);
    static_cast<simnet::ReadBuffers*>(task->details())->assign(into);
    socket_.start_read(std::move(task));
  }
  void start_write(asio::const_buffer from, env::IoOperationPtr operation) override {
    auto task = make_operation_task<simnet::WriteBytes>(std::move(operation), context_,
                                                        simnet::EventKind::io);
    *static_cast<simnet::WriteBytes*>(task->details()) = simnet::stream_socket::gather(from);
    socket_.start_write(std::move(task));
  }
  void shutdown_send() override {
    env::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  }
  void expires_at(std::optional<env::Instant> deadline) override {
    deadline_.clear();
    if (deadline) {
      deadline_.set(*deadline, [this] { socket_.abort(asio::error::timed_out); });
    }
  }

 private:
  simnet::stream_socket socket_;
  simnet::HostContext& context_;
  Deadline deadline_;
};

class SimListener final : public env::Listener {
 public:
  explicit SimListener(simnet::Executor executor) : acceptor_(executor) {}

  env::error_code listen(std::uint16_t port) {
    env::error_code error;
    acceptor_.open(asio::ip::tcp::v4(), error);
    if (!acceptor_.bind({asio::ip::tcp::v4(), port}, error)) {
      acceptor_.listen(kBacklog, error);
    }
    return error;
  }

  env::awaitable<env::Result<env::Stream>> accept() override {
    auto [error, socket] = co_await acceptor_.async_accept(env::use_tuple);
    if (error) {
      co_return error;
    }
    auto backend = std::make_unique<SimStream>(std::move(socket));
    env::Stream stream(std::move(backend));
    co_return std::move(stream);
  }

 private:
  static constexpr int kBacklog = 128;
  simnet::acceptor acceptor_;
};

}  // namespace

std::int64_t unix_us(simnet::Time time) {
  return kWallEpoch_s * 1'000'000 +
         std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

env::Instant SimEnv::now() const { return env::Instant(host_.clock().steady(host_.world().now())); }

env::WallTime SimEnv::wall_now() const {
  return env::WallTime(std::chrono::seconds(kWallEpoch_s) + host_.world().now().time_since_epoch() +
                       host_.clock().wall_offset(host_.world().now()));
}

std::unique_ptr<env::TimerBackend> SimEnv::make_timer() {
  return std::make_unique<SimTimer>(host_.context());
}

env::awaitable<env::Result<env::Stream>> SimEnv::connect(env::Endpoint to, env::Duration timeout) {
  simnet::basic_resolver<asio::ip::tcp> resolver(host_.executor());
  simnet::stream_socket socket(host_.executor());
  Deadline deadline(host_.context());
  bool late = false;
  const bool for_ever = timeout > env::Duration::max() - now().time_since_epoch();
  deadline.set(for_ever ? env::Instant::max() : now() + timeout, [&resolver, &socket, &late] {
    late = true;
    resolver.cancel();
    socket.close();
  });
  const std::string port = std::to_string(to.port);
  const auto [unknown, found] = co_await resolver.async_resolve(to.host, port, env::use_tuple);
  if (unknown) {
    co_return late ? env::error_code(asio::error::timed_out) : unknown;
  }
  const asio::ip::tcp::endpoint target = found.begin()->endpoint();
  const auto [error] = co_await socket.async_connect(target, env::use_tuple);
  deadline.clear();
  if (error || late) {
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
  host_.world().note(host_.id(), simnet::EventKind::emit, simnet::hash_bytes(event.encode()));
  if (observer_) {
    host_.disk().set_observed(true);
    observer_(host_, event);
    host_.disk().set_observed(false);
  }
}

}  // namespace sim_env
