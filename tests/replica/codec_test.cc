#include "system/replica/codec.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/faults/mutate.h"

namespace replica {
namespace {

using faults_test::mutate;

rc::Gen<std::vector<raft::NodeId>> ids(raft::NodeId from) {
  return rc::gen::map(rc::gen::inRange<std::size_t>(0, 5), [from](std::size_t count) {
    std::vector<raft::NodeId> result;
    for (std::size_t i = 0; i < count; ++i) {
      result.push_back(from + i * 3);
    }
    return result;
  });
}

raft::Configuration configuration() { return {*ids(1), *ids(100)}; }

std::uint64_t number() {
  return *rc::gen::oneOf(rc::gen::arbitrary<std::uint64_t>(),
                         rc::gen::inRange<std::uint64_t>(0, 300),
                         rc::gen::element<std::uint64_t>(UINT64_MAX, UINT64_MAX - 1));
}

raft::Entry entry() {
  const auto kind = static_cast<raft::EntryKind>(*rc::gen::inRange(0, 3));
  return {number(), number(), kind,
          kind == raft::EntryKind::configuration ? raft::encode(configuration())
                                                 : *rc::gen::arbitrary<std::string>()};
}

raft::Message message() {
  raft::Message message;
  message.kind = static_cast<raft::MessageKind>(*rc::gen::inRange(0, 12));
  for (std::uint64_t* value :
       {&message.from, &message.to, &message.term, &message.log_index, &message.log_term,
        &message.commit, &message.hint_index, &message.hint_term, &message.read_round,
        &message.read_id, &message.snapshot.index, &message.snapshot.term}) {
    *value = number();
  }
  message.reject = *rc::gen::arbitrary<bool>();
  message.force = *rc::gen::arbitrary<bool>();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    message.entries.push_back(entry());
  }
  message.snapshot.configuration = configuration();
  return message;
}

std::vector<raft::Message> messages() {
  std::vector<raft::Message> result;
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    result.push_back(message());
  }
  return result;
}

raft::Message a_message() {
  raft::Message message;
  message.kind = raft::MessageKind::append;
  message.from = 1;
  message.to = 2;
  message.term = 3;
  message.entries = {{7, 3, raft::EntryKind::command, "data"},
                     {8, 3, raft::EntryKind::configuration, "v1,2;l3"}};
  message.snapshot.configuration = {{1, 2}, {3}};
  return message;
}

void decode_anything(const std::string& bytes) {
  const Frame frame = decode_frame(bytes);
  decode_messages(frame.body);
}

TEST(ReplicaCodec, EveryMessageSurvivesTheRoundTrip) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<raft::Message> sent = messages();
    const std::string bytes = encode_frame(FrameKind::messages, encode_messages(sent));
    const Frame frame = decode_frame(bytes);
    RC_ASSERT(frame.kind == FrameKind::messages);
    RC_ASSERT(decode_messages(frame.body) == sent);
  }));
}

TEST(ReplicaCodec, SnapshotFramesSurviveTheRoundTrip) {
  EXPECT_TRUE(rc::check([] {
    SnapshotBegin begin{message(), number(), number()};
    begin.message.kind = raft::MessageKind::snapshot;
    const std::string bytes = encode(begin);
    const SnapshotBegin got = decode_snapshot_begin(bytes);
    RC_ASSERT(got.message == begin.message);
    RC_ASSERT(got.total_bytes == begin.total_bytes && got.hash == begin.hash);
    const auto data = *rc::gen::arbitrary<std::string>();
    const std::string chunk_bytes = encode(SnapshotChunk{begin.hash, data});
    const SnapshotChunk chunk = decode_snapshot_chunk(chunk_bytes);
    RC_ASSERT(chunk.offset == begin.hash && chunk.bytes == data);
  }));
  EXPECT_TRUE(decode_snapshot_answer(encode_snapshot_answer(true)));
  EXPECT_FALSE(decode_snapshot_answer(encode_snapshot_answer(false)));
}

TEST(ReplicaCodec, TheBytesAreFixed) {
  raft::Message message;
  message.kind = raft::MessageKind::vote;
  message.from = 1;
  message.to = 300;
  message.term = 2;
  message.force = true;
  EXPECT_EQ(encode_messages({message}),
            std::string("\x01\x02\x01\xac\x02\x02\0\0\0\0\0\0\0\0\x01\0\0\0\x03v;l", 22));
}

TEST(ReplicaCodec, AFrameThatIsCutOrLongerIsRefused) {
  const std::string bytes = encode_frame(FrameKind::messages, encode_messages({a_message()}));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(decode_anything(bytes.substr(0, size)), rpc::CodecError) << size;
  }
  EXPECT_THROW(decode_anything(bytes + "x"), rpc::CodecError);
}

TEST(ReplicaCodec, NoFlippedBitPassesTheChecksum) {
  const std::string bytes = encode_frame(FrameKind::messages, encode_messages({a_message()}));
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THROW(decode_frame(flipped), rpc::CodecError) << bit;
  }
}

// Behind a checksum that fits: somebody means it.
TEST(ReplicaCodec, HostileBodiesAreRefusedOrMessages) {
  const std::string body = encode_messages({a_message(), a_message()});
  int refused = 0;
  for (std::uint64_t number = 0; number < 20'000; ++number) {
    const std::string spoilt = mutate(body, number);
    try {
      const std::vector<raft::Message> got = decode_messages(spoilt);
      EXPECT_EQ(decode_messages(encode_messages(got)), got);
    } catch (const rpc::CodecError&) {
      ++refused;
    }
    try {
      decode_snapshot_begin(spoilt);
    } catch (const rpc::CodecError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 20'000);
}

TEST(ReplicaCodec, ImpossibleFieldsAreNamed) {
  const auto error_of = [](const std::string& body) {
    try {
      decode_messages(body);
    } catch (const rpc::CodecError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(error_of("\x7f"), "messages: more than there are bytes");
  EXPECT_EQ(error_of("\x01\x20"), "message.kind: unknown");
  EXPECT_EQ(error_of(std::string("\x01\x02") + std::string(10, '\xff') + "\x01"),
            "message: longer than 64 bits");
  raft::Message message = a_message();
  message.entries[1].data = "v1;l1";
  EXPECT_NE(error_of(encode_messages({message})), "");
}

}  // namespace
}  // namespace replica
