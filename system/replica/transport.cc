#include "system/replica/transport.h"

#include <optional>
#include <utility>

#include "system/probe/probe.h"
#include "system/replica/codec.h"
#include "system/rpc/frame.h"
#include "system/rpc/serve.h"

namespace replica {
namespace {

constexpr env::Duration kIdleTimeout = 3 * Peer::kKeepAlive;
constexpr env::Duration kAnswerTimeout = std::chrono::seconds(10);

}  // namespace

Transport::Transport(env::Env& env, Inbox& inbox, std::uint16_t port,
                     const std::map<raft::NodeId, env::Endpoint>& peers)
    : env_(env), inbox_(inbox), port_(port), endpoints_(peers) {
  for (const auto& [id, endpoint] : endpoints_) {
    peers_.emplace(id, std::make_unique<Peer>(env, endpoint));
  }
}

void Transport::start() {
  rpc::serve_streams(env_, port_, [this](env::Stream stream) { return serve(std::move(stream)); });
  for (const auto& [id, peer] : peers_) {
    peer->start();
  }
}

void Transport::send(std::vector<raft::Message> messages) {
  for (raft::Message& message : messages) {
    const auto peer = peers_.find(message.to);
    if (peer != peers_.end()) {
      peer->second->send(std::move(message));
    }
  }
}

env::awaitable<bool> Transport::send_snapshot(raft::Message message,
                                              std::shared_ptr<const std::string> bytes) {
  const auto endpoint = endpoints_.find(message.to);
  if (endpoint == endpoints_.end()) {
    co_return false;
  }
  env::Endpoint to = endpoint->second;
  co_return co_await replica::send_snapshot(env_, std::move(to), std::move(message),
                                            std::move(bytes));
}

std::string Transport::take(const std::string& bytes, SnapshotAssembly& assembly) {
  const Frame frame = decode_frame(bytes);
  switch (frame.kind) {
    case FrameKind::messages:
      inbox_.receive(decode_messages(frame.body));
      return {};
    case FrameKind::snapshot_begin:
      assembly.begin(decode_snapshot_begin(frame.body));
      return {};
    case FrameKind::snapshot_chunk: {
      if (!assembly.add(decode_snapshot_chunk(frame.body))) {
        return {};
      }
      raft::Message message = assembly.message();
      const bool arrived = inbox_.receive_snapshot(std::move(message), assembly.take_bytes());
      assembly = {};
      return encode_frame(FrameKind::snapshot_answer, encode_snapshot_answer(arrived));
    }
    case FrameKind::snapshot_answer:
      break;
  }
  Reader::fail("frame.kind", "not a request");
}

env::awaitable<void> Transport::serve(env::Stream stream) {
  SnapshotAssembly assembly;
  for (;;) {
    stream.expires_at(env_.now() + kIdleTimeout);
    const env::Result<std::string> bytes = co_await rpc::read_frame(stream);
    if (!bytes) {
      co_return;
    }
    std::string answer;
    try {
      answer = take(*bytes, assembly);
    } catch (const rpc::CodecError&) {
      probe::hit<"replica.frame_not_understood">();
      co_return;
    }
    if (!answer.empty()) {
      stream.expires_at(env_.now() + kAnswerTimeout);
      if (co_await rpc::write_frame(stream, answer)) {
        co_return;
      }
    }
  }
}

}  // namespace replica
