// The seam between a service and the world: everything that a service may do
// other than compute. Two implementations: simnet/env (a simulated host) and,
// later, system/real (this machine). A service that reads a clock, opens a
// socket or draws a random number in any other way breaks determinism.
//
// Ownership: the Env outlives the service it was given to. All calls and all
// completions happen on one thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "system/env/event.h"
#include "system/env/stream.h"
#include "system/env/time.h"

namespace env {

template <class T>
using awaitable = asio::awaitable<T>;

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};

class Listener {
 public:
  // Destruction stops listening; a pending accept ends with operation_aborted.
  virtual ~Listener() = default;
  virtual awaitable<Result<Stream>> accept() = 0;
};

class TimerBackend {
 public:
  virtual ~TimerBackend() = default;
  // Completes without error at the deadline, with operation_aborted on cancel().
  // One wait at a time.
  virtual void start_wait(Instant deadline, IoOperationPtr operation) = 0;
  virtual void cancel() = 0;
};

// Arguments for sqlite3_open_v2.
struct DatabaseFile {
  std::string path;
  std::string vfs;
};

class Env {
 public:
  virtual ~Env() = default;

  virtual std::string_view host_name() const = 0;
  virtual asio::any_io_executor executor() = 0;
  virtual Instant now() const = 0;
  virtual WallTime wall_now() const = 0;
  virtual std::unique_ptr<TimerBackend> make_timer() = 0;

  // A uniform 64-bit number from the stream named `purpose`. Streams do not
  // disturb each other.
  virtual std::uint64_t random(std::string_view purpose) = 0;

  // Errors: connection_refused, timed_out, host_not_found.
  virtual awaitable<Result<Stream>> connect(Endpoint to, Duration timeout) = 0;
  // Errors: address_in_use.
  virtual Result<std::unique_ptr<Listener>> listen(std::uint16_t port) = 0;

  // Where the service keeps the database called `name` (a plain file name).
  virtual DatabaseFile database_file(std::string_view name) = 0;

  // A setting an operator may change while the service runs.
  virtual std::int64_t setting(std::string_view name, std::int64_t otherwise) const = 0;

  // The process must end: what it holds in memory can no longer be trusted
  // (for instance a failed fsync). Takes effect when the current task returns.
  virtual void fail_stop(std::string_view reason) = 0;

  template <class T>
  void emit(const T& event) {
    emit_event(EventRef::of(event));
  }

 protected:
  virtual void emit_event(const EventRef& event) = 0;
};

}  // namespace env
