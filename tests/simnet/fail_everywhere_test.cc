// A small dialogue of two hosts with one failure at its N-th event, for every N until it
// succeeds unharmed. Afterwards no frame is left over, every operation has completed once
// or was destroyed, both sides know how it ended, and the hosts can talk again.
//
// The client is made of handlers, so that a second completion would show; the server of
// coroutines. As an idle reader learns nothing of a dark or unreachable peer, both sides
// are made to send once more before they must know.
#include <gtest/gtest.h>
#include <boost/asio/read.hpp>

#include <deque>
#include <ostream>

#include "tests/simnet/link_support.h"

namespace simnet {
namespace {

using namespace support;

constexpr int kRequests = 4;
constexpr Duration kSettled = kUserTimeout + kLongestRetransmit + 2s;

struct Operations {
  std::vector<int> calls;  // of each operation's handler
  int living = 0;          // handlers
};

template <class Function>
class Tracked {
 public:
  Tracked(Operations& operations, Function function)
      : operations_(&operations), id_(operations.calls.size()), function_(std::move(function)) {
    operations.calls.push_back(0);
    ++operations.living;
  }
  Tracked(Tracked&& other) noexcept
      : operations_(std::exchange(other.operations_, nullptr)),
        id_(other.id_),
        function_(std::move(other.function_)) {}
  ~Tracked() {
    if (operations_ != nullptr) {
      --operations_->living;
    }
  }
  void operator()(error_code error, std::size_t = 0) {
    ++operations_->calls[id_];
    function_(error);
  }

 private:
  Operations* operations_;
  std::size_t id_;
  Function function_;
};

// One run of the dialogue by a client.
struct Record {
  Operations operations;
  int frames = 0;
  std::optional<error_code> result;
  int answers = 0;
  stream_socket* socket = nullptr;  // while it runs
};

class Dialogue : public std::enable_shared_from_this<Dialogue> {
 public:
  Dialogue(Host& host, Record& record)
      : alive_(record.frames), record_(record), socket_(host.executor()) {
    record_.socket = &socket_;
  }
  ~Dialogue() { record_.socket = nullptr; }

 private:
  template <class Next>
  auto then(Next next) {
    auto step = [self = shared_from_this(), next](error_code error) {
      if (error) {
        self->end(error);
      } else {
        next(*self);
      }
    };
    return Tracked<decltype(step)>(record_.operations, std::move(step));
  }

 public:
  void start(asio::ip::tcp::endpoint to) {
    socket_.async_connect(to, then([](Dialogue& self) { self.ask(); }));
  }

 private:
  void ask() {
    asio::async_write(socket_, asio::buffer(request_), then([](Dialogue& self) { self.hear(); }));
  }
  void hear() {
    asio::async_read(socket_, asio::buffer(answer_), then([](Dialogue& self) {
                       EXPECT_EQ(self.answer_, self.request_);
                       ++self.record_.answers;
                       if (self.record_.answers == kRequests) {
                         self.end({});
                       } else {
                         self.ask();
                       }
                     }));
  }
  void end(error_code result) {
    EXPECT_FALSE(record_.result) << "it ends once";
    record_.result = result;
    socket_.close();
  }

  const Alive alive_;
  Record& record_;
  stream_socket socket_;
  const std::string request_ = "what is the time";
  std::string answer_ = std::string(16, '?');
};

// What the server's process holds at the moment.
struct ServedSoFar {
  int frames = 0;
  std::vector<stream_socket*> sockets;
};

class Registered {
 public:
  Registered(ServedSoFar& served, stream_socket& socket)
      : alive_(served.frames), served_(served), socket_(&socket) {
    served_.sockets.push_back(socket_);
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  ~Registered() { std::erase(served_.sockets, socket_); }

 private:
  const Alive alive_;
  ServedSoFar& served_;
  stream_socket* socket_;
};

awaitable<void> echo(stream_socket socket, ServedSoFar* served) {
  const Registered registered(*served, socket);
  std::array<char, 7> buffer;  // a request takes three reads
  for (;;) {
    const auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), use_tuple);
    if (error) {
      co_return;
    }
    const error_code failed = co_await write_all(socket, std::string_view(buffer.data(), count));
    if (failed) {
      co_return;
    }
  }
}

awaitable<void> serve(Host& host, ServedSoFar* served) {
  const Alive alive(served->frames);
  acceptor acceptor(host.executor(), any_address(1));
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(use_tuple);
    if (!error) {
      spawn(host, echo(std::move(socket), served));
    }
  }
}

enum class Failure {
  client_process,
  server_process,
  client_power,
  server_power,
  reset,
  partition,
  client_cancel,
  server_cancel,
};

constexpr std::array<const char*, 8> kFailureNames{"ClientProcess", "ServerProcess", "ClientPower",
                                                   "ServerPower",   "Reset",         "Partition",
                                                   "ClientCancel",  "ServerCancel"};

void PrintTo(Failure failure, std::ostream* out) {
  *out << kFailureNames[static_cast<std::size_t>(failure)];
}

class Stage {
 public:
  Stage()
      : server_(run_on(world, "server", [this](Host& h) { return serve(h, &served); })),
        client_(world.add_host({"client", "here"})) {
    client_.set_program([this](Host&) {
      talk();
      return std::shared_ptr<void>();
    });
    client_.boot();
  }
  ~Stage() {
    server_.stop(StopKind::process);
    client_.stop(StopKind::process);
  }

  void talk() {
    records.emplace_back();
    std::make_shared<Dialogue>(client_, records.back())->start(endpoint_of(server_, 1));
  }

  void fail(Failure failure) {
    switch (failure) {
      case Failure::client_process:
      case Failure::client_power:
        restart(client_, failure == Failure::client_power);
        break;
      case Failure::server_process:
      case Failure::server_power:
        restart(server_, failure == Failure::server_power);
        break;
      case Failure::reset:
        world.network().reset_connections({1}, {2});
        world.network().reset_connections({2}, {1});
        break;
      case Failure::partition:
        cut_ = world.network().add_rule({.from = {1, 2}, .to = {1, 2}, .block = true});
        break;
      case Failure::client_cancel:
        if (!records.empty() && records.back().socket != nullptr) {
          error_code ignored;
          records.back().socket->cancel(ignored);
        }
        break;
      case Failure::server_cancel:
        for (stream_socket* socket : served.sockets) {
          socket->cancel();
        }
        break;
    }
  }
  void heal() { world.network().remove_rule(cut_); }

  void settle() { world.run_until(world.now() + kSettled); }
  // Whoever has a connection sends something on it.
  void speak() {
    std::vector<stream_socket*> sockets = served.sockets;
    if (!records.empty() && records.back().socket != nullptr) {
      sockets.push_back(records.back().socket);
    }
    for (stream_socket* socket : sockets) {
      socket->async_write_some(asio::buffer("?", 1), [](error_code, std::size_t) {});
    }
  }

  World world{5};
  ServedSoFar served;
  std::deque<Record> records;

 private:
  void restart(Host& host, bool power) {
    host.stop_until(power ? StopKind::power : StopKind::process, world.now() + 50ms);
  }

  Host& server_;
  Host& client_;
  Network::RuleId cut_ = 0;
};

class FailEverywhere : public ::testing::TestWithParam<Failure> {
 protected:
  bool silent() const {
    return GetParam() == Failure::client_power || GetParam() == Failure::server_power ||
           GetParam() == Failure::partition;
  }
  bool client_restarts() const {
    return GetParam() == Failure::client_process || GetParam() == Failure::client_power;
  }

  // A record whose process lives on, or one that a crash interrupted.
  static void check(const Record& record, bool crashed) {
    for (const int calls : record.operations.calls) {
      ASSERT_TRUE(calls == 1 || (crashed && calls == 0)) << calls << " completions";
    }
    ASSERT_EQ(record.operations.living, 0);
    ASSERT_EQ(record.frames, 0);
    ASSERT_TRUE(crashed || record.result) << "the client does not know how it ended";
  }

  // False: the dialogue was over before the failure.
  bool fail_at(int event) {
    Stage stage;
    for (int i = 0; i < event; ++i) {
      stage.world.step();
    }
    const bool over =
        !stage.records.empty() && stage.records.front().result && stage.served.sockets.empty();
    const std::size_t before = stage.records.size();
    stage.fail(GetParam());
    stage.settle();
    if (silent()) {
      stage.speak();
      stage.settle();
    }
    for (std::size_t i = 0; i < stage.records.size(); ++i) {
      check(stage.records[i], client_restarts() && i < before);
    }
    EXPECT_EQ(stage.served.sockets.size(), 0u) << "the server does not know that it ended";
    stage.heal();
    stage.talk();
    stage.settle();
    EXPECT_EQ(stage.records.back().result, error_code()) << "they can talk again";
    EXPECT_EQ(stage.served.frames, 1) << "the one that accepts";
    EXPECT_TRUE(stage.world.aborts().empty());
    for (HostId id = 1; id <= 2; ++id) {
      stage.world.host(id).stop(StopKind::process);
      EXPECT_EQ(stage.world.host(id).tcp().ends().size(), 0u);
    }
    EXPECT_EQ(stage.served.frames, 0);
    return !over;
  }
};

TEST_P(FailEverywhere, NothingLeaksAndEverybodyKnows) {
  int event = 0;
  while (fail_at(event) && !HasFailure()) {
    ++event;
  }
  EXPECT_GT(event, 40) << "events of a dialogue";
  EXPECT_FALSE(HasFailure()) << "at event " << event;
}

INSTANTIATE_TEST_SUITE_P(All, FailEverywhere,
                         ::testing::Values(Failure::client_process, Failure::server_process,
                                           Failure::client_power, Failure::server_power,
                                           Failure::reset, Failure::partition,
                                           Failure::client_cancel, Failure::server_cancel),
                         [](const auto& info) {
                           return kFailureNames[static_cast<std::size_t>(info.param)];
                         });

}  // namespace
}  // namespace simnet
