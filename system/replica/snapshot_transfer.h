// How the whole state gets from one member to another: over a connection of its own, in chunks
// that name their offset, with size and XXH3-64 of the whole in front. The receiver puts them
// together, and only what is whole and right is handed on.
//
// Limits: a transfer that breaks off starts anew; the whole state is in memory on both sides.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "system/env/env.h"
#include "system/replica/codec.h"

namespace replica {

inline constexpr std::size_t kChunk_bytes = 256 * 1024;
inline constexpr std::uint64_t kSnapshotLimit_bytes = std::uint64_t{1} << 32;

// A snapshot that arrives. Errors of all calls: rpc::CodecError; the transfer is over then.
class SnapshotAssembly {
 public:
  void begin(SnapshotBegin begin);
  // True when the state is complete and as announced.
  bool add(const SnapshotChunk& chunk);
  // REQUIRES of both: add() said true, or the announced size is 0.
  const raft::Message& message() const { return begin_->message; }
  std::string take_bytes();

 private:
  std::optional<SnapshotBegin> begin_;
  std::string bytes_;
};

// True when the receiver has made it its state, or needs it no more.
env::awaitable<bool> send_snapshot(env::Env& env, env::Endpoint to, raft::Message message,
                                   std::shared_ptr<const std::string> bytes);

}  // namespace replica
