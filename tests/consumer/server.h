// The chat's server: HTTP for the history, a WebSocket for each talking client. What a
// client says is appended to the History first, then acknowledged and told to everybody.
// A client that is silent for kSilence is dropped.
#pragma once

#include <cstdint>
#include <map>

#include "async.h"
#include "history.h"

namespace chat {

class Session;

class Server {
 public:
  // Listens at once, on every address; port 0 chooses one. `history` outlives the server.
  Server(net::any_io_executor executor, std::uint16_t port, History& history);

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  // Accepts connections from now on.
  void start();
  // Accepts no more; those who talk may go on.
  void stop();
  // Hangs up on everybody; they may come back.
  void hang_up();

 private:
  friend class Session;

  net::awaitable<void> accept();
  net::awaitable<void> serve(net::ip::tcp::socket socket);
  void append(Session& session, const Message& said);
  void wake_all();

  net::any_io_executor executor_;
  net::ip::tcp::acceptor acceptor_;
  net::cancellation_signal stop_;
  History& history_;
  // In the order of their coming: the order by address would differ between two runs.
  std::map<std::uint64_t, Session*> sessions_;
  std::uint64_t next_session_ = 1;
};

}  // namespace chat
