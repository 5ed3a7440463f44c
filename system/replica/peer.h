// The way to one other member: a connection of its own, on which messages leave in order. Nothing
// is promised: Raft repeats what it needs. What waits is bounded, and dropped when the peer
// cannot be reached, so a peer that is away costs no memory and gets no stale flood when it
// is back.
//
// Snapshots go over other connections (snapshot_transfer.h): a heartbeat never waits
// behind one.
#pragma once

#include <cstdint>
#include <deque>

#include "system/env/async.h"
#include "system/raft/message.h"

namespace replica {

class Peer {
 public:
  // Of what waits to be sent; the message that reaches it still goes in.
  static constexpr std::size_t kQueueLimit_bytes = 512 * 1024;
  // Of a frame, unless a single message is larger: so that what follows a large append is not late
  // on a slow link.
  static constexpr std::size_t kFrame_bytes = 64 * 1024;
  // A peer that hears nothing for longer than some of these closes the connection.
  static constexpr env::Duration kConnectTimeout = std::chrono::seconds(2);
  static constexpr env::Duration kKeepAlive = std::chrono::seconds(10);

  // Ownership: `env` outlives the coroutine, and so must the Peer.
  Peer(env::Env& env, env::Endpoint endpoint);

  void start() { env::spawn(env_, run()); }
  void send(raft::Message message);

  std::uint64_t dropped() const { return dropped_; }

 private:
  env::awaitable<void> run();
  env::awaitable<bool> connect();
  void drop_all();
  std::string next_frame();

  env::Env& env_;
  const env::Endpoint endpoint_;
  env::Stream stream_;
  std::deque<raft::Message> queue_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t dropped_ = 0;
  env::Condition queued_;
};

}  // namespace replica
