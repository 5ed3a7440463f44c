#include "system/replica/codec.h"

#include <xxhash.h>

#include <stdexcept>

namespace replica {
namespace {

constexpr auto kLastMessageKind = raft::MessageKind::read_index_reply;
constexpr auto kLastEntryKind = raft::EntryKind::configuration;
constexpr auto kLastFrameKind = FrameKind::snapshot_answer;
constexpr std::size_t kMessage_bytes = 64;  // without its entries, seldom more
constexpr std::size_t kEntry_bytes = 16;

template <class Kind>
Kind read_kind(Reader& reader, Kind last, const char* what) {
  const std::uint8_t value = reader.byte(what);
  if (value > static_cast<std::uint8_t>(last)) {
    Reader::fail(what, "unknown");
  }
  return static_cast<Kind>(value);
}

raft::Configuration read_configuration(std::string_view text) {
  try {
    return raft::decode_configuration(text);
  } catch (const std::invalid_argument& error) {
    throw rpc::CodecError(error.what());
  }
}

void write(Writer& writer, const raft::Entry& entry) {
  writer.integer(entry.index);
  writer.integer(entry.term);
  writer.byte(static_cast<std::uint8_t>(entry.kind));
  writer.text(entry.data);
}

raft::Entry read_entry(Reader& reader) {
  raft::Entry entry;
  entry.index = reader.integer("entry.index");
  entry.term = reader.integer("entry.term");
  entry.kind = read_kind(reader, kLastEntryKind, "entry.kind");
  entry.data = reader.text("entry.data");
  if (entry.kind == raft::EntryKind::configuration) {
    read_configuration(entry.data);  // the core takes it as it is
  }
  return entry;
}

void write(Writer& writer, const raft::Message& message) {
  writer.byte(static_cast<std::uint8_t>(message.kind));
  for (const std::uint64_t value :
       {message.from, message.to, message.term, message.log_index, message.log_term, message.commit,
        message.hint_index, message.hint_term, message.read_round, message.read_id}) {
    writer.integer(value);
  }
  writer.byte(message.reject ? 1 : 0);
  writer.byte(message.force ? 1 : 0);
  writer.integer(message.entries.size());
  for (const raft::Entry& entry : message.entries) {
    write(writer, entry);
  }
  replica::write(writer, message.snapshot);
}

raft::Message read_message(Reader& reader) {
  raft::Message message;
  message.kind = read_kind(reader, kLastMessageKind, "message.kind");
  for (std::uint64_t* value : {&message.from, &message.to, &message.term, &message.log_index,
                               &message.log_term, &message.commit, &message.hint_index,
                               &message.hint_term, &message.read_round, &message.read_id}) {
    *value = reader.integer("message");
  }
  message.reject = reader.boolean("message.reject");
  message.force = reader.boolean("message.force");
  const std::size_t entries = reader.count("message.entries");
  for (std::size_t i = 0; i < entries; ++i) {
    message.entries.push_back(read_entry(reader));
  }
  message.snapshot = read_mark(reader);
  return message;
}

std::uint64_t checksum_of(std::uint8_t kind, std::string_view body) {
  return XXH3_64bits_withSeed(body.data(), body.size(), kind);
}

}  // namespace

std::uint64_t hash_of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string encode_frame(FrameKind kind, std::string_view body) {
  Writer writer;
  writer.byte(kWireVersion);
  writer.byte(static_cast<std::uint8_t>(kind));
  writer.fixed(checksum_of(static_cast<std::uint8_t>(kind), body));
  writer.raw(body);
  return writer.take();
}

Frame decode_frame(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.byte("frame.version") != kWireVersion) {
    Reader::fail("frame.version", "another one");
  }
  const FrameKind kind = read_kind(reader, kLastFrameKind, "frame.kind");
  const std::uint64_t checksum = reader.fixed("frame.checksum");
  const std::string_view body = reader.rest();
  if (checksum != checksum_of(static_cast<std::uint8_t>(kind), body)) {
    Reader::fail("frame.checksum", "does not match");
  }
  return {kind, body};
}

std::string encode_messages(const std::vector<raft::Message>& messages) {
  Writer writer;
  writer.integer(messages.size());
  for (const raft::Message& message : messages) {
    write(writer, message);
  }
  return writer.take();
}

std::vector<raft::Message> decode_messages(std::string_view body) {
  Reader reader(body);
  std::vector<raft::Message> messages;
  const std::size_t count = reader.count("messages");
  for (std::size_t i = 0; i < count; ++i) {
    messages.push_back(read_message(reader));
  }
  reader.finish();
  return messages;
}

std::size_t size_of(const raft::Message& message) {
  std::size_t size = kMessage_bytes;
  for (const raft::Entry& entry : message.entries) {
    size += kEntry_bytes + entry.data.size();
  }
  return size;
}

void write(Writer& writer, const raft::SnapshotMark& mark) {
  writer.integer(mark.index);
  writer.integer(mark.term);
  writer.text(raft::encode(mark.configuration));
}

raft::SnapshotMark read_mark(Reader& reader) {
  raft::SnapshotMark mark;
  mark.index = reader.integer("mark.index");
  mark.term = reader.integer("mark.term");
  mark.configuration = read_configuration(reader.text("mark.configuration"));
  return mark;
}

std::string encode(const SnapshotBegin& begin) {
  Writer writer;
  write(writer, begin.message);
  writer.integer(begin.total_bytes);
  writer.fixed(begin.hash);
  return writer.take();
}

SnapshotBegin decode_snapshot_begin(std::string_view body) {
  Reader reader(body);
  SnapshotBegin begin;
  begin.message = read_message(reader);
  begin.total_bytes = reader.integer("snapshot.total");
  begin.hash = reader.fixed("snapshot.hash");
  reader.finish();
  if (begin.message.kind != raft::MessageKind::snapshot) {
    Reader::fail("snapshot.message", "of another kind");
  }
  return begin;
}

std::string encode(const SnapshotChunk& chunk) {
  Writer writer;
  writer.integer(chunk.offset);
  writer.raw(chunk.bytes);
  return writer.take();
}

SnapshotChunk decode_snapshot_chunk(std::string_view body) {
  Reader reader(body);
  SnapshotChunk chunk;
  chunk.offset = reader.integer("chunk.offset");
  chunk.bytes = reader.rest();
  return chunk;
}

std::string encode_snapshot_answer(bool arrived) {
  Writer writer;
  writer.byte(arrived ? 1 : 0);
  return writer.take();
}

bool decode_snapshot_answer(std::string_view body) {
  Reader reader(body);
  const bool arrived = reader.boolean("answer");
  reader.finish();
  return arrived;
}

}  // namespace replica
