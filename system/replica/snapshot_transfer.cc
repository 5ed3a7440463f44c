#include "system/replica/snapshot_transfer.h"

#include <algorithm>
#include <utility>

#include "system/probe/probe.h"
#include "system/replica/peer.h"
#include "system/rpc/frame.h"

namespace replica {
namespace {

constexpr env::Duration kChunkTimeout = std::chrono::seconds(30);
// It is made durable meanwhile. Short, because whoever lost its power does not say so; when the
// disk is slower than this, the receiver has the state all the same and says so to Raft.
constexpr env::Duration kDurableTimeout = std::chrono::seconds(10);

env::awaitable<bool> write_chunk(env::Env& env, env::Stream& stream, std::string frame) {
  stream.expires_at(env.now() + kChunkTimeout);
  const env::error_code error = co_await rpc::write_frame(stream, frame);
  co_return !error;
}

env::awaitable<bool> read_answer(env::Env& env, env::Stream& stream) {
  stream.expires_at(env.now() + kDurableTimeout);
  const env::Result<std::string> bytes = co_await rpc::read_frame(stream);
  if (!bytes) {
    co_return false;
  }
  try {
    const Frame frame = decode_frame(*bytes);
    co_return frame.kind == FrameKind::snapshot_answer&& decode_snapshot_answer(frame.body);
  } catch (const rpc::CodecError&) {
    co_return false;
  }
}

}  // namespace

void SnapshotAssembly::begin(SnapshotBegin begin) {
  if (begin_) {
    Reader::fail("snapshot", "begins twice");
  }
  if (begin.total_bytes > kSnapshotLimit_bytes) {
    Reader::fail("snapshot", "larger than allowed");
  }
  begin_ = std::move(begin);
}

bool SnapshotAssembly::add(const SnapshotChunk& chunk) {
  if (!begin_ || chunk.offset != bytes_.size() ||
      chunk.bytes.size() > begin_->total_bytes - bytes_.size()) {
    probe::hit<"replica.snapshot_chunk_out_of_place">();
    Reader::fail("snapshot.chunk", "out of place");
  }
  bytes_ += chunk.bytes;
  if (bytes_.size() < begin_->total_bytes) {
    return false;
  }
  if (hash_of(bytes_) != begin_->hash) {
    probe::hit<"replica.snapshot_damaged_on_its_way">();
    Reader::fail("snapshot", "is not what was announced");
  }
  return true;
}

std::string SnapshotAssembly::take_bytes() { return std::move(bytes_); }

env::awaitable<bool> send_snapshot(env::Env& env, env::Endpoint to, raft::Message message,
                                   std::shared_ptr<const std::string> bytes) {
  env::Result<env::Stream> connected = co_await env.connect(to, Peer::kConnectTimeout);
  if (!connected) {
    co_return false;
  }
  env::Stream stream = std::move(*connected);
  SnapshotBegin begin{std::move(message), bytes->size(), hash_of(*bytes)};
  std::string first = encode_frame(FrameKind::snapshot_begin, encode(begin));
  if (!co_await write_chunk(env, stream, std::move(first))) {
    co_return false;
  }
  // At least one chunk, also of an empty state: the last one completes it.
  std::size_t offset = 0;
  do {
    const SnapshotChunk chunk{offset, std::string_view(*bytes).substr(offset, kChunk_bytes)};
    std::string frame = encode_frame(FrameKind::snapshot_chunk, encode(chunk));
    if (!co_await write_chunk(env, stream, std::move(frame))) {
      co_return false;
    }
    offset += chunk.bytes.size();
  } while (offset < bytes->size());
  co_return co_await read_answer(env, stream);
}

}  // namespace replica
