// A host's TCP, reduced to what a service can observe: bytes in order, half close,
// back-pressure by a bounded window, refusal, reset, and silence. Loss appears as
// delay (retransmission with doubling time-outs) and, past kUserTimeout, as
// timed_out. A connection outlives its socket until what was written has arrived.
//
// Limits: a segment is acknowledged at the instant it arrives (unless the way back
// is cut); a connection can be accepted half a round trip early, when its syn arrives;
// news of an open window is never lost; no congestion control, no bandwidth.
#pragma once

#include <boost/asio/buffer.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "simnet/io_task.h"
#include "simnet/segment.h"
#include "simnet/time.h"

namespace simnet {

class Host;
class World;
class TcpStack;

inline constexpr std::size_t kWindow_bytes = 64 * 1024;
inline constexpr Duration kFirstRetransmit = std::chrono::milliseconds(200);
inline constexpr Duration kLongestRetransmit = std::chrono::seconds(3);
inline constexpr Duration kUserTimeout = std::chrono::seconds(15);

// One end of a connection. Shared by the stack and by the socket the service
// holds. REQUIRES everywhere: at most one read and one write pending.
class TcpEnd : public std::enable_shared_from_this<TcpEnd> {
 public:
  TcpEnd(TcpStack& stack, EndId id, std::uint32_t peer_host, EndId peer_id);

  EndId id() const { return id_; }
  std::uint32_t peer_host() const { return peer_host_; }

  // The service's side. Results come as later events. REQUIRES: the task was
  // adopted by the host's context.
  void start_connect(std::uint16_t port, IoTaskPtr task);
  void start_read(asio::mutable_buffer into, IoTaskPtr task);
  void start_write(asio::const_buffer from, IoTaskPtr task);
  void shutdown_send();
  // The service lets go. Unread bytes make it a reset.
  void close();
  // Ends pending operations with operation_aborted; all or one.
  void cancel();
  void cancel(const IoTask* task);
  // Pending and later operations fail with `error`; the peer sees a reset.
  void abort(error_code error);

  // The stack's side.
  void accept_from_syn();
  // False: it was answered by a reset, and counts as not received in case that is lost.
  bool receive(const Segment& segment);
  void acknowledged(std::uint64_t sequence);
  void unanswered(std::uint64_t sequence);
  void window_opened() { continue_write(); }
  // The connection is gone without a word to the peer.
  void drop(error_code error);
  void vanish() { stack_ = nullptr; }

 private:
  struct Unacknowledged {
    Segment segment;
    Time first_sent;
    int tries = 0;
    bool waiting = false;  // a retransmission is scheduled
  };

  void send(Segment::Type type, std::shared_ptr<const std::string> bytes = nullptr,
            std::uint16_t port = 0);
  void send_reset();
  void retransmit(std::uint64_t sequence);
  void take_in_order(const Segment& segment);
  void continue_read();
  std::size_t consume(asio::mutable_buffer into);
  void announce_window();
  void continue_write();
  std::size_t window_left() const;
  // Received and not read, in order or not.
  std::size_t unread_bytes() const { return received_.size() - consumed_ + early_bytes_; }
  void finish(IoTaskPtr& task, error_code error, std::size_t bytes = 0);
  void fail_all(error_code error);
  void forget_if_done();
  World& world() const;

  TcpStack* stack_;  // null once the connection is forgotten or the host crashed
  const EndId id_;
  const std::uint32_t peer_host_;
  const EndId peer_id_;
  error_code error_;
  bool connected_ = false;
  bool closed_ = false;  // by the service
  bool sent_fin_ = false;
  bool received_fin_ = false;

  std::uint64_t next_send_ = 0;
  std::deque<Unacknowledged> unacknowledged_;
  std::size_t unacknowledged_bytes_ = 0;

  std::uint64_t next_receive_ = 0;
  std::map<std::uint64_t, Segment> early_;
  std::size_t early_bytes_ = 0;
  std::string received_;
  std::size_t consumed_ = 0;

  IoTaskPtr connect_;
  IoTaskPtr read_;
  asio::mutable_buffer read_into_;
  IoTaskPtr write_;
  asio::const_buffer write_from_;

  friend class TcpStack;
};

// A listening port. Owned by the service's acceptor; its destruction resets what
// waits in the backlog.
class TcpListener {
 public:
  TcpListener(TcpStack& stack, std::uint16_t port) : stack_(&stack), port_(port) {}
  ~TcpListener();
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  // Completes when take() has something to give. One wait at a time.
  void start_wait(IoTaskPtr task);
  void cancel();
  void cancel(const IoTask* task);
  // Null when nothing waits to be accepted.
  std::shared_ptr<TcpEnd> take();

 private:
  friend class TcpStack;
  static constexpr std::size_t kBacklog = 128;

  TcpStack* stack_;  // null after a crash
  std::uint16_t port_;
  std::deque<std::shared_ptr<TcpEnd>> backlog_;
  IoTaskPtr wait_;
};

class TcpStack {
 public:
  explicit TcpStack(Host& host) : host_(host) {}

  Host& host() const { return host_; }
  // A machine without power neither sends nor receives.
  bool powered() const { return powered_; }
  void set_powered(bool powered) { powered_ = powered; }

  std::shared_ptr<TcpEnd> make_end(std::uint32_t peer_host);
  // Null when the port is taken.
  std::shared_ptr<TcpListener> listen(std::uint16_t port);

  // From the network. False: not received, send it again.
  bool receive(std::uint32_t from, const Segment& segment);
  void acknowledged(const Segment& segment);
  void unanswered(const Segment& segment);
  void window_opened(EndId id);

  // The process is gone. `say_so`: peers get resets.
  void reset(bool say_so);

 private:
  friend class TcpEnd;
  friend class TcpListener;
  bool receive_syn(std::uint32_t from, const Segment& segment);
  bool waits_for_answer(std::uint32_t from, EndId source) const;
  bool answer_reset(std::uint32_t to, const Segment& segment);
  void forget(EndId id) { ends_.erase(id); }
  std::size_t unread_at(std::uint32_t peer_host, EndId peer) const;

  Host& host_;
  bool powered_ = true;
  std::map<EndId, std::shared_ptr<TcpEnd>> ends_;
  std::map<std::uint16_t, TcpListener*> listeners_;
};

}  // namespace simnet
