#include "system/replica/peer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "system/probe/probe.h"
#include "system/replica/codec.h"
#include "system/rpc/frame.h"

namespace replica {
namespace {

constexpr env::Duration kWriteTimeout = std::chrono::seconds(10);
constexpr env::Duration kFirstPause = std::chrono::milliseconds(50);
constexpr env::Duration kLongestPause = std::chrono::seconds(1);

// Between half of `pause` and all of it, so that members do not knock in step.
env::Duration jittered(env::Env& env, env::Duration pause) {
  const auto half = static_cast<std::uint64_t>(pause.count() / 2);
  return pause / 2 +
         env::Duration(static_cast<std::int64_t>(env.random("replica.reconnect") % half));
}

}  // namespace

Peer::Peer(env::Env& env, env::Endpoint endpoint)
    : env_(env), endpoint_(std::move(endpoint)), queued_(env) {}

void Peer::send(raft::Message message) {
  if (queued_bytes_ >= kQueueLimit_bytes) {
    probe::hit<"replica.peer_queue_full">();
    ++dropped_;
    return;
  }
  queued_bytes_ += size_of(message);
  queue_.push_back(std::move(message));
  queued_.notify_all();
}

void Peer::drop_all() {
  probe::hit_if<"replica.messages_dropped">(!queue_.empty());
  dropped_ += queue_.size();
  queue_.clear();
  queued_bytes_ = 0;
}

std::string Peer::next_frame() {
  std::vector<raft::Message> messages;
  std::size_t size = 0;
  while (!queue_.empty() && (messages.empty() || size + size_of(queue_.front()) <= kFrame_bytes)) {
    size += size_of(queue_.front());
    messages.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_bytes_ -= size;
  return encode_frame(FrameKind::messages, encode_messages(messages));
}

env::awaitable<bool> Peer::connect() {
  env::Result<env::Stream> stream = co_await env_.connect(endpoint_, kConnectTimeout);
  if (stream) {
    stream_ = std::move(*stream);
  }
  co_return stream.has_value();
}

env::awaitable<void> Peer::run() {
  env::Duration pause = kFirstPause;
  for (;;) {
    if (!stream_.is_open() && !co_await connect()) {
      drop_all();
      co_await env::sleep_for(env_, jittered(env_, pause));
      pause = std::min(2 * pause, kLongestPause);
      continue;
    }
    const env::Instant keep_alive = env_.now() + kKeepAlive;
    while (queue_.empty() && env_.now() < keep_alive) {
      co_await queued_.wait_until(keep_alive);
    }
    const std::string frame = next_frame();
    stream_.expires_at(env_.now() + kWriteTimeout);
    if (co_await rpc::write_frame(stream_, frame)) {
      probe::hit<"replica.peer_connection_lost">();
      stream_.close();
      drop_all();
    } else {
      pause = kFirstPause;
    }
  }
}

}  // namespace replica
