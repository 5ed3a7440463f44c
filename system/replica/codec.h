// Raft's messages and entries as bytes, and the frames that carry them between members.
//
// A frame is a version, a kind, XXH3-64 of kind and body, and the body. The checksum is there
// because TCP's misses some damage (Stone and Partridge, SIGCOMM 2000), and a vote or an entry
// that arrives as another one breaks what Raft promises.
//
// Errors of all decoding: rpc::CodecError. Nothing that arrives can do more harm than that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "system/raft/message.h"
#include "system/rpc/bytes.h"
#include "system/rpc/codec.h"

namespace replica {

using rpc::Reader;
using rpc::Writer;

inline constexpr std::uint8_t kWireVersion = 1;

// Of one entry: a message that holds it must fit into a frame.
inline constexpr std::size_t kPayloadLimit_bytes = 1 << 20;

enum class FrameKind : std::uint8_t {
  messages,         // any number of them; none: the connection is still wanted
  snapshot_begin,   // the message, the size of the state and its XXH3-64
  snapshot_chunk,   // offset and bytes
  snapshot_answer,  // whether the snapshot arrived whole
};

struct Frame {
  FrameKind kind = FrameKind::messages;
  std::string_view body;  // of the bytes that were given
};

std::string encode_frame(FrameKind kind, std::string_view body);
Frame decode_frame(std::string_view bytes);

std::string encode_messages(const std::vector<raft::Message>& messages);
std::vector<raft::Message> decode_messages(std::string_view body);
// About what the message takes in a frame.
std::size_t size_of(const raft::Message& message);

void write(Writer& writer, const raft::SnapshotMark& mark);
raft::SnapshotMark read_mark(Reader& reader);

struct SnapshotBegin {
  raft::Message message;
  std::uint64_t total_bytes = 0;
  std::uint64_t hash = 0;
};
std::string encode(const SnapshotBegin& begin);
SnapshotBegin decode_snapshot_begin(std::string_view body);

struct SnapshotChunk {
  std::uint64_t offset = 0;
  std::string_view bytes;
};
std::string encode(const SnapshotChunk& chunk);
SnapshotChunk decode_snapshot_chunk(std::string_view body);

std::string encode_snapshot_answer(bool arrived);
bool decode_snapshot_answer(std::string_view body);

std::uint64_t hash_of(std::string_view bytes);

}  // namespace replica
