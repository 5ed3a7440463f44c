// Operations that end early: by a slot, by cancel(), by the end of the object.
#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <optional>

#include "simnet/stream_socket.h"
#include "tests/support/test_world.h"

namespace simnet {
namespace {

using namespace support;

struct Outcome {
  int calls = 0;
  error_code error;
  std::size_t bytes = 0;
};

// Two hosts without programs; the test is both processes.
class TcpCancel : public ::testing::Test {
 protected:
  TcpCancel() : left_(make("left")), right_(make("right")) {
    world_.run_until(world_.now());
    acceptor_.emplace(right_.executor(), any_address(1));
  }
  ~TcpCancel() override {
    a_.reset();
    b_.reset();
    acceptor_.reset();
  }

  Host& make(const std::string& name) {
    Host& host = world_.add_host({name, "here"});
    host.set_program([](Host&) { return std::shared_ptr<void>(); });
    host.boot();
    return host;
  }
  void run(Duration duration) { world_.run_until(world_.now() + duration); }

  static auto record(Outcome& outcome) {
    return [&outcome](error_code error, std::size_t bytes) {
      ++outcome.calls;
      outcome.error = error;
      outcome.bytes = bytes;
    };
  }
  static auto record_only_error(Outcome& outcome) {
    return [&outcome](error_code error) {
      ++outcome.calls;
      outcome.error = error;
    };
  }
  auto keep_accepted(Outcome& outcome) {
    return [this, &outcome](error_code error, stream_socket socket) {
      ++outcome.calls;
      outcome.error = error;
      if (!error) {
        b_.emplace(std::move(socket));
      }
    };
  }
  void start_connect(Outcome& outcome) {
    a_.emplace(left_.executor());
    a_->async_connect(endpoint_of(right_, 1), record_only_error(outcome));
  }
  void connect() {
    Outcome connected;
    Outcome accepted;
    acceptor_->async_accept(keep_accepted(accepted));
    start_connect(connected);
    run(10ms);
    ASSERT_TRUE(connected.calls == 1 && !connected.error);
    ASSERT_TRUE(accepted.calls == 1 && !accepted.error);
  }

  World world_{2};
  Host& left_;
  Host& right_;
  std::optional<acceptor> acceptor_;
  std::optional<stream_socket> a_;
  std::optional<stream_socket> b_;
  std::array<char, 16> buffer_{};
  asio::cancellation_signal signal_;
};

TEST_F(TcpCancel, ASlotEndsOneReadAndTheConnectionGoesOn) {
  connect();
  Outcome read;
  a_->async_read_some(asio::buffer(buffer_),
                      asio::bind_cancellation_slot(signal_.slot(), record(read)));
  signal_.emit(asio::cancellation_type::terminal);
  EXPECT_EQ(read.calls, 0) << "never inline";
  run(1ms);
  EXPECT_EQ(read.calls, 1);
  EXPECT_EQ(read.error, asio::error::operation_aborted);

  Outcome written;
  b_->async_write_some(asio::buffer("abc", 3), record(written));
  a_->async_read_some(asio::buffer(buffer_), record(read));
  run(1ms);
  EXPECT_EQ(read.calls, 2);
  EXPECT_EQ(read.bytes, 3u);
  signal_.emit(asio::cancellation_type::terminal);  // the slot was let go
  run(1ms);
  EXPECT_EQ(read.calls, 2);
}

TEST_F(TcpCancel, CancelEndsAReadAndABlockedWrite) {
  connect();
  const std::string much(kWindow_bytes, 'x');
  Outcome first;
  Outcome blocked;
  Outcome read;
  a_->async_write_some(asio::buffer(much), record(first));
  run(5ms);
  a_->async_write_some(asio::buffer(much), record(blocked));
  a_->async_read_some(asio::buffer(buffer_), record(read));
  run(5ms);
  EXPECT_EQ(first.bytes, kWindow_bytes);
  EXPECT_EQ(blocked.calls, 0);
  a_->cancel();
  run(1ms);
  EXPECT_EQ(blocked.error, asio::error::operation_aborted);
  EXPECT_EQ(read.error, asio::error::operation_aborted);
  EXPECT_TRUE(a_->is_open());
}

TEST_F(TcpCancel, DestructionEndsTheReadAndThePeerSeesEof) {
  connect();
  Outcome read;
  Outcome peer;
  a_->async_read_some(asio::buffer(buffer_), record(read));
  b_->async_read_some(asio::buffer(buffer_), record(peer));
  a_.reset();
  run(1ms);
  EXPECT_EQ(read.calls, 1);
  EXPECT_EQ(read.error, asio::error::operation_aborted);
  EXPECT_EQ(peer.error, asio::error::eof);
}

TEST_F(TcpCancel, CloseWithUnreadBytesResets) {
  connect();
  Outcome written;
  Outcome read;
  a_->async_write_some(asio::buffer("unread", 6), record(written));
  run(1ms);
  a_->async_read_some(asio::buffer(buffer_), record(read));
  b_.reset();
  run(1ms);
  EXPECT_EQ(read.error, asio::error::connection_reset);
}

TEST_F(TcpCancel, WhatArrivesAfterACloseIsAnsweredByAReset) {
  connect();
  b_.reset();
  run(1ms);
  Outcome written;
  Outcome again;
  a_->async_write_some(asio::buffer("late", 4), record(written));
  run(5ms);
  a_->async_write_some(asio::buffer("late", 4), record(again));
  run(5ms);
  EXPECT_FALSE(written.error) << "the kernel took it";
  EXPECT_EQ(again.error, asio::error::broken_pipe) << "as Linux, since the peer's fin came first";
}

TEST_F(TcpCancel, WhatWasWrittenArrivesThoughTheSocketIsGone) {
  world_.network().set_default_link({.loss_ppm = 500'000});
  const std::string bytes(50'000, 'z');
  Outcome connected;
  Outcome accepted;
  acceptor_->async_accept(keep_accepted(accepted));
  start_connect(connected);
  run(30s);
  ASSERT_TRUE(b_);
  Outcome written;
  a_->async_write_some(asio::buffer(bytes), record(written));
  a_.reset();
  std::string all;
  for (Outcome read; !read.error; run(5s)) {
    all.append(buffer_.data(), read.bytes);
    b_->async_read_some(asio::buffer(buffer_), record(read));
    run(5s);
    if (read.error) {
      EXPECT_EQ(read.error, asio::error::eof);
    }
  }
  EXPECT_EQ(all.substr(0, 16), std::string(16, 'z'));
}

TEST_F(TcpCancel, ASlotEndsAnAccept) {
  Outcome accepted;
  acceptor_->async_accept(asio::bind_cancellation_slot(signal_.slot(), keep_accepted(accepted)));
  signal_.emit(asio::cancellation_type::terminal);
  run(1ms);
  EXPECT_EQ(accepted.calls, 1);
  EXPECT_EQ(accepted.error, asio::error::operation_aborted);
  connect();  // the acceptor still works
}

TEST_F(TcpCancel, TheEndOfTheAcceptorEndsTheAccept) {
  Outcome accepted;
  acceptor_->async_accept(keep_accepted(accepted));
  acceptor_.reset();
  run(1ms);
  EXPECT_EQ(accepted.calls, 1);
  EXPECT_EQ(accepted.error, asio::error::operation_aborted);
  Outcome connected;
  start_connect(connected);
  run(1ms);
  EXPECT_EQ(connected.error, asio::error::connection_refused);
}

// The connection is there, the process has not run yet, and the acceptor goes away.
TEST_F(TcpCancel, TheEndOfTheAcceptorBeforeASuccessIsTold) {
  Outcome accepted;
  Outcome connected;
  acceptor_->async_accept(keep_accepted(accepted));
  right_.pause();
  start_connect(connected);
  run(5ms);
  EXPECT_FALSE(connected.error);
  EXPECT_EQ(connected.calls, 1);
  EXPECT_EQ(accepted.calls, 0);
  acceptor_.reset();
  right_.resume();
  run(5ms);
  EXPECT_EQ(accepted.calls, 1);
  EXPECT_EQ(accepted.error, asio::error::operation_aborted);
  Outcome read;
  a_->async_read_some(asio::buffer(buffer_), record(read));
  run(5ms);
  EXPECT_EQ(read.error, asio::error::connection_reset);
}

TEST_F(TcpCancel, AnAbandonedConnectLeavesNoConnectionBehind) {
  Outcome accepted;
  Outcome connected;
  acceptor_->async_accept(keep_accepted(accepted));
  start_connect(connected);
  a_.reset();  // the syn is on its way
  run(1s);
  EXPECT_EQ(connected.error, asio::error::operation_aborted);
  EXPECT_EQ(accepted.calls, 0);
}

TEST_F(TcpCancel, ASecondListenerOnAPortIsRefusedUntilTheFirstIsGone) {
  acceptor second(right_.executor());
  second.open();
  error_code error;
  EXPECT_EQ(second.bind(any_address(1), error), asio::error::address_in_use);
  acceptor_.reset();
  EXPECT_FALSE(second.bind(any_address(1), error));
  EXPECT_FALSE(second.listen(1, error));
}

TEST_F(TcpCancel, OperationsOnNothingFail) {
  Outcome read;
  Outcome accepted;
  stream_socket socket(left_.executor());
  socket.async_read_some(asio::buffer(buffer_), record(read));
  acceptor idle(left_.executor());
  idle.async_accept(keep_accepted(accepted));
  Outcome connected;
  socket.async_connect({asio::ip::make_address_v4("10.9.9.9"), 1}, record_only_error(connected));
  run(1ms);
  EXPECT_EQ(read.error, asio::error::bad_descriptor);
  EXPECT_EQ(accepted.error, asio::error::bad_descriptor);
  EXPECT_EQ(connected.error, asio::error::host_unreachable);
}

TEST_F(TcpCancel, AbortFailsThisAndAllLaterOperations) {
  connect();
  Outcome written;
  b_->async_write_some(asio::buffer("here", 4), record(written));
  run(1ms);
  a_->abort(asio::error::timed_out);
  Outcome read;
  a_->async_read_some(asio::buffer(buffer_), record(read));
  Outcome peer;
  b_->async_read_some(asio::buffer(buffer_), record(peer));
  run(1ms);
  EXPECT_EQ(read.error, asio::error::timed_out) << "though bytes had arrived";
  EXPECT_EQ(peer.error, asio::error::connection_reset);
}

}  // namespace
}  // namespace simnet
