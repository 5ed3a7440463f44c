// Messages in bytes: each protocol of the lottery, piece by piece, and bytes that are none.
#include <gtest/gtest.h>

#include "system/lottery/ledger_call.h"
#include "system/lottery/protocol.h"
#include "system/replica/codec.h"
#include "traces/story/dissect.h"

namespace story {
namespace {

std::string frame(const std::string& payload) {
  std::string bytes;
  for (std::size_t i = 0; i < 4; ++i) {
    bytes += static_cast<char>((payload.size() >> (8 * i)) & 0xff);
  }
  return bytes + payload;
}

std::string raft_frame(const std::vector<raft::Message>& messages) {
  return frame(
      replica::encode_frame(replica::FrameKind::messages, replica::encode_messages(messages)));
}

raft::Message raft_message(raft::MessageKind kind, raft::Term term) {
  raft::Message message;
  message.kind = kind;
  message.term = term;
  return message;
}

constexpr auto kReplica = lottery::kReplicaPort;
constexpr auto kLedger = lottery::kLedgerPort;
constexpr auto kHttp = lottery::kHttpPort;

// Nothing of it is a message before its last byte, and what follows is not its business.
void expect_whole_only(const std::string& bytes, std::uint16_t port, bool request) {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(dissect(std::string_view(bytes).substr(0, size), port, request)) << size;
  }
  for (const char* more : {"", "x", "more bytes"}) {
    const auto found = dissect(bytes + more, port, request);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size, bytes.size());
  }
}

TEST(Dissect, RaftMessagesOfAFrame) {
  raft::Message append = raft_message(raft::MessageKind::append, 3);
  append.commit = 11;
  append.entries = {{12, 3, raft::EntryKind::command, ""}, {13, 3, raft::EntryKind::no_op, ""}};
  const std::string bytes =
      raft_frame({append, raft_message(raft::MessageKind::heartbeat_reply, 3)});
  expect_whole_only(bytes, kReplica, true);
  const auto found = dissect(bytes, kReplica, true);
  EXPECT_EQ(found->kind, "append");  // it matters more than the heartbeat beside it
  EXPECT_EQ(found->label, "append 12..13, commit 11, heartbeat reply (term 3)");
}

TEST(Dissect, VotesAndKeepAlives) {
  raft::Message vote = raft_message(raft::MessageKind::vote_reply, 5);
  vote.reject = true;
  EXPECT_EQ(dissect(raft_frame({vote}), kReplica, true)->label, "vote: no (term 5)");
  EXPECT_EQ(dissect(raft_frame({vote}), kReplica, true)->kind, "vote");
  EXPECT_EQ(dissect(raft_frame({}), kReplica, true)->kind, "keep-alive");
}

TEST(Dissect, EveryKindOfRaftMessageHasWords) {
  for (int kind = 0; kind <= static_cast<int>(raft::MessageKind::read_index_reply); ++kind) {
    const auto found = dissect(raft_frame({raft_message(static_cast<raft::MessageKind>(kind), 1)}),
                               kReplica, true);
    ASSERT_TRUE(found);
    EXPECT_NE(found->kind, "bytes") << kind;
    EXPECT_NE(found->label, " (term 1)") << kind;
  }
}

TEST(Dissect, CallsOfTheLedger) {
  lottery::Pay pay;
  pay.user = "user-3";
  pay.purchase = "p5.0";
  const std::string bytes = frame(lottery::encode_call(lottery::Proposals{pay}));
  expect_whole_only(bytes, kLedger, true);
  const auto proposal = dissect(bytes, kLedger, true);
  EXPECT_EQ(proposal->kind, "propose");
  EXPECT_EQ(proposal->label, "pay");
  EXPECT_NE(proposal->detail.find("\"p5.0\""), std::string::npos);

  const lottery::LedgerQuery query{"purchase", "p5.0", "user-3", "session", 4};
  const auto asked = dissect(frame(lottery::encode_call(query)), kLedger, true);
  EXPECT_EQ(asked->kind, "query");
  EXPECT_EQ(asked->label, "session read of purchase p5.0");

  const lottery::LedgerAnswers answers = {{202, "{\"a\":1}", 9}, {409, "no", 9}};
  const auto answer = dissect(frame(rpc::pack(answers)), kLedger, false);
  EXPECT_EQ(answer->kind, "answer");
  EXPECT_EQ(answer->label, "202, 409");
  EXPECT_EQ(answer->detail, "{\"a\":1} no");
}

TEST(Dissect, ManyCommandsAreCounted) {
  const lottery::Proposals six(6, lottery::ExpireHolds{});
  EXPECT_EQ(dissect(frame(lottery::encode_call(six)), kLedger, true)->label,
            "expire_holds, expire_holds, expire_holds, expire_holds and 2 more");
}

TEST(Dissect, HttpRequestsAndReplies) {
  const std::string request =
      "POST /v1/charges HTTP/1.1\r\nHost: bank\r\nIdempotency-Key: charge-p5.0-1\r\n"
      "Content-Length: 12\r\n\r\n{\"amount\":5}";
  expect_whole_only(request, kHttp, true);
  const auto asked = dissect(request, kHttp, true);
  EXPECT_EQ(asked->kind, "request");
  EXPECT_EQ(asked->label, "POST /v1/charges");
  EXPECT_EQ(asked->detail, "charge-p5.0-1 {\"amount\":5}");

  const auto reply =
      dissect("HTTP/1.1 402 Payment Required\r\ncontent-length: 2\r\n\r\n{}", kHttp, false);
  EXPECT_EQ(reply->kind, "reply");
  EXPECT_EQ(reply->label, "402");
}

TEST(Dissect, BytesOfNoProtocolAreOneMessage) {
  const std::string huge = "\xff\xff\xff\xff and more";
  EXPECT_EQ(dissect(huge, kReplica, true)->kind, "bytes");
  EXPECT_EQ(dissect(huge, kReplica, true)->size, huge.size());
  const std::string damaged = frame("not what it should be");
  EXPECT_EQ(dissect(damaged, kReplica, true)->kind, "bytes");
  EXPECT_EQ(dissect(damaged, kLedger, true)->kind, "bytes");
  EXPECT_EQ(dissect(damaged, kLedger, false)->kind, "bytes");
  EXPECT_EQ(dissect("\r\n\r\n", kHttp, true)->kind, "bytes");
  EXPECT_EQ(dissect("hello", 4'711, true)->label, "5 bytes");
}

}  // namespace
}  // namespace story
