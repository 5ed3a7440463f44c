// The chat's client. Keeps what it has to say until the server acknowledged it, and what
// it heard; survives any connection, but not its process. One message is on its way at a
// time. Whatever takes too long ends the connection, and the client calls again.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "async.h"
#include "message.h"

namespace chat {

struct ClientOptions {
  std::string server;  // its name or address
  std::uint16_t port = 0;
  std::string session;  // begins each message's id; never used by another process
  std::function<void(const Acknowledgement&)> on_acknowledged;
};

class Connection;

class Client {
 public:
  Client(net::any_io_executor executor, ClientOptions options);

  // Connects, and again until leave().
  void start();
  // Returns the message's id.
  std::string say(std::string text);
  // Says what is left to say, then closes.
  void leave();

  bool gone() const { return gone_; }
  const std::vector<Message>& history() const { return history_; }
  std::size_t unacknowledged() const { return outbox_.size(); }
  std::uint64_t connections() const { return connections_; }

 private:
  friend class Connection;

  net::awaitable<void> run();
  void heard(const Message& message);
  void acknowledged(const Acknowledgement& acknowledgement);

  net::any_io_executor executor_;
  const ClientOptions options_;
  net::steady_timer wake_;
  std::deque<Message> outbox_;
  std::vector<Message> history_;
  std::uint64_t said_ = 0;
  std::uint64_t connections_ = 0;
  bool leaving_ = false;
  bool gone_ = false;
};

}  // namespace chat
