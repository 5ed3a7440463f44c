// A host's TCP, reduced to what a service can observe: bytes in order, half close,
// back-pressure by a bounded window, refusal, reset, and silence. Loss appears as
// delay (retransmission with doubling time-outs) and, past kUserTimeout, as
// timed_out. A connection outlives its socket until what was written has arrived.
//
// Limits: a segment is acknowledged at the instant it arrives (unless the way back
// is cut); a connection can be accepted half a round trip early, when its syn arrives;
// news of an open window is never lost; no congestion control.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive_ptr.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "simnet/fifo.h"
#include "simnet/io_task.h"
#include "simnet/packet.h"
#include "simnet/time.h"

namespace simnet {

class Host;
class Network;
class World;
class TcpStack;
struct Link;

inline constexpr std::size_t kWindow_bytes = 64 * 1024;
inline constexpr Duration kFirstRetransmit = std::chrono::milliseconds(200);
inline constexpr Duration kLongestRetransmit = std::chrono::seconds(3);
inline constexpr Duration kUserTimeout = std::chrono::seconds(15);

// Where a read puts what it gets: the first buffers of the caller's sequence. A stream
// read may be partial, so more than kCount are not needed.
struct ReadBuffers {
  static constexpr std::size_t kCount = 4;
  std::array<asio::mutable_buffer, kCount> buffers;
  std::size_t count = 0;

  template <class Sequence>
  void assign(const Sequence& sequence) {
    count = 0;
    auto it = asio::buffer_sequence_begin(sequence);
    for (; it != asio::buffer_sequence_end(sequence) && count < kCount; ++it) {
      const asio::mutable_buffer buffer(*it);
      if (buffer.size() != 0) {
        buffers[count++] = buffer;
      }
    }
  }
  bool empty() const { return count == 0; }
};
// Copied when the write begins; at most kWrite_bytes of them.
struct WriteBytes {
  PayloadPtr bytes;
};
inline constexpr std::size_t kWrite_bytes = 64 * 1024;

// One end of a connection. Shared by the stack and by the socket the service holds.
class TcpEnd {
 public:
  TcpEnd(TcpStack& stack, EndId id, std::uint32_t peer_host, EndId peer_id);

  EndId id() const { return id_; }
  EndId peer_id() const { return peer_id_; }
  std::uint32_t peer_host() const { return peer_host_; }
  asio::ip::tcp::endpoint local;
  asio::ip::tcp::endpoint remote;

  // The service's side. Results come as later events. Reads and writes each complete
  // in the order in which they began.
  void start_connect(IoTaskPtr task);
  void start_read(IoTaskPtr task);   // REQUIRES: details() is a ReadBuffers
  void start_write(IoTaskPtr task);  // REQUIRES: details() is a WriteBytes
  void start_wait_read(IoTaskPtr task);
  void start_wait_write(IoTaskPtr task);
  void start_wait_error(IoTaskPtr task) { wait_errors_.add(std::move(task)); }
  // At once; would_block when there is nothing to be had.
  std::size_t read_now(const ReadBuffers& into, error_code& error);
  std::size_t write_now(const WriteBytes& from, error_code& error);
  std::size_t available() const { return unread_bytes_; }
  error_code shutdown(bool receive, bool send);
  void set_send_limit(std::size_t bytes) { send_limit_bytes_ = bytes; }
  // The service lets go. Unread bytes make it a reset.
  void close(bool with_reset);
  // Ends pending operations with operation_aborted; all or one.
  void cancel();
  void cancel(const IoTask* task);
  // Pending and later operations fail with `error`; the peer sees a reset.
  void abort(error_code error);

  // The stack's side.
  void accept_from_syn();
  // False: it was answered by a reset, and counts as not received in case that is lost.
  bool receive(const Packet& segment);
  void acknowledged(std::uint64_t sequence);
  void unanswered(std::uint64_t sequence);
  void window_opened() { continue_write(); }
  // The connection is gone without a word to the peer.
  void drop(error_code error);
  void vanish() { stack_ = nullptr; }
  bool connected() const { return connected_; }
  bool failed() const { return static_cast<bool>(error_); }
  // Received and not read, in order or not.
  std::size_t held_bytes() const { return unread_bytes_ + early_bytes_; }

 private:
  struct Unacknowledged {
    Packet segment;
    Time first_sent;
    int tries = 0;
    bool waiting = false;   // a retransmission is scheduled
    bool received = false;  // but something before it was not
  };

  friend class TcpStack;
  friend void intrusive_ptr_add_ref(TcpEnd* end) { ++end->owners_; }
  friend void intrusive_ptr_release(TcpEnd* end) {
    if (--end->owners_ == 0) {
      delete end;
    }
  }

  void send(Packet::Type type, PayloadPtr bytes = nullptr);
  void send_reset();
  void retransmit(std::uint64_t sequence);
  void take_in_order(const Packet& segment);
  void continue_read();
  bool readable() const { return unread_bytes_ > 0 || received_fin_ || error_ || no_receive_; }
  std::size_t consume(const ReadBuffers& into);
  std::size_t consume(asio::mutable_buffer into);
  void announce_window(std::size_t before);
  void continue_write();
  error_code write_error() const;
  error_code tell_error(error_code afterwards);
  std::size_t send_part(const WriteBytes& from);
  std::size_t window_left() const;
  void fail_all(error_code error);
  void forget_if_done();
  World& world() const;

  TcpStack* stack_;  // null once the connection is forgotten or the host crashed
  Link* link_;
  const EndId id_;
  const EndId peer_id_;
  const std::uint32_t peer_host_;
  std::uint32_t owners_ = 0;
  error_code error_;
  bool aborted_ = false;     // by the service: every operation is told
  bool error_told_ = false;  // as Linux, what came from the network is told once
  bool connected_ = false;
  bool closed_ = false;  // by the service
  bool sent_fin_ = false;
  bool received_fin_ = false;
  bool no_receive_ = false;  // shut down by the service

  std::uint64_t next_send_ = 0;
  Fifo<Unacknowledged> unacknowledged_;
  std::size_t unacknowledged_bytes_ = 0;
  std::size_t send_limit_bytes_ = kWindow_bytes;

  std::uint64_t next_receive_ = 0;
  std::map<std::uint64_t, Packet> early_;
  std::size_t early_bytes_ = 0;
  Fifo<PayloadPtr> received_;
  std::size_t consumed_ = 0;  // of the first of received_
  std::size_t unread_bytes_ = 0;

  IoRing connect_;
  IoRing reads_;
  IoRing writes_;
  IoRing wait_reads_;
  IoRing wait_writes_;
  IoRing wait_errors_;
};
using TcpEndPtr = boost::intrusive_ptr<TcpEnd>;

// A listening port. Owned by the service's acceptor; its destruction resets what
// waits in the backlog.
class TcpListener {
 public:
  TcpListener(TcpStack& stack, asio::ip::tcp::endpoint local, std::size_t backlog)
      : stack_(&stack), local_(std::move(local)), backlog_limit_(backlog) {}
  ~TcpListener();
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  const asio::ip::tcp::endpoint& local() const { return local_; }
  // Each completes when take() has something to give it.
  void start_wait(IoTaskPtr task);
  void cancel();
  void cancel(const IoTask* task);
  // Null when nothing waits to be accepted.
  TcpEndPtr take();
  // Who was told that a connection waits does not want it.
  void decline();
  bool ready() const { return !backlog_.empty(); }

 private:
  friend class TcpStack;
  // A connection for each wait, as long as there are both.
  void serve();

  TcpStack* stack_;  // null after a crash
  const asio::ip::tcp::endpoint local_;
  const std::size_t backlog_limit_;
  Fifo<TcpEndPtr> backlog_;
  std::size_t promised_ = 0;  // of the backlog, to waits that are on their way
  IoRing waits_;
};

class TcpStack {
 public:
  explicit TcpStack(Host& host) : host_(host) {}
  ~TcpStack();

  Host& host() const { return host_; }
  // A machine without power neither sends nor receives.
  bool powered() const { return powered_; }
  void set_powered(bool powered) { powered_ = powered; }

  // An end that wants to connect. Errors: address_in_use for the local port.
  TcpEndPtr make_end(std::uint32_t peer_host, asio::ip::tcp::endpoint local,
                     asio::ip::tcp::endpoint remote);
  std::uint16_t ephemeral_port();
  bool port_taken(std::uint16_t port) const { return listeners_.contains(port); }
  // Null when the port is taken.
  std::shared_ptr<TcpListener> listen(asio::ip::tcp::endpoint local, std::size_t backlog);

  // From the network. False: not received, send it again.
  bool receive(std::uint32_t from, const Packet& segment);
  bool answer_reset(std::uint32_t to, const Packet& segment);
  void acknowledged(const Packet& segment);
  void unanswered(const Packet& segment);
  // Both ends see a reset that came from neither.
  static void break_connection(Network& network, EndId a, EndId b);
  // In an order that follows from the seed.
  std::vector<TcpEndPtr> ends() const;

  // The process is gone. `say_so`: peers get resets.
  void reset(bool say_so);

 private:
  friend class TcpEnd;
  friend class TcpListener;
  bool receive_syn(std::uint32_t from, const Packet& segment);
  TcpListener* listener_for(const Packet& syn) const;
  bool waits_for_answer(EndId source) const;
  void keep(TcpEnd& end);
  void forget(TcpEnd& end);

  Host& host_;
  bool powered_ = true;
  std::uint16_t next_port_ = 0;
  std::map<EndId, TcpEndPtr> ends_;
  std::map<std::uint16_t, TcpListener*> listeners_;
};

}  // namespace simnet
