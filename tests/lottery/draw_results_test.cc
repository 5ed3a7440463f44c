// From the last sale to the published numbers, one step after the other and never back.
#include <gtest/gtest.h>

#include "system/lottery/draw_numbers.h"
#include "system/lottery/merkle_tree.h"
#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

class DrawResultsTest : public ::testing::Test {
 protected:
  DrawResultsTest() {
    EXPECT_EQ(
        ledger.run(OpenDraw{"d", "s", 100, 101, kCloses_us, kTtl_us, hex_of(sha256("the seed"))})
            .status,
        201);
    buy("ann", 2);
    ledger.run(AmendDraw{"d", 1, 50, kCloses_us});
    buy("bob", 1);
  }
  void buy(const std::string& user, std::int64_t count) {
    const std::string p = purchase_of(ledger.hold("hold " + user, count, user)).purchase;
    ledger.run(Pay{user, "pay " + user, p, "4242"});
    EXPECT_EQ(purchase_of(ledger.charge(p, 1, "captured")).state, "CONFIRMED");
  }
  void close() {
    ledger.now_us = kCloses_us;
    ledger.run(CloseDraws{});
  }
  // What an auditor computes from the tickets he was shown.
  SealDraw figures() {
    SealDraw seal{"d", 0, 0, ""};
    MerkleTree tree;
    for (const TicketRow& ticket : ledger.state.tickets("d", 0, 100).rows) {
      seal.count += 1;
      seal.sum += ticket.price;
      tree.add(std::to_string(ticket.number) + ":" + std::to_string(ticket.price) + ":" +
               ticket.purchase + ":" + ticket.owner);
    }
    seal.root = hex_of(tree.root());
    return seal;
  }
  Reply draw(const std::string& seed = "the seed") { return ledger.run(DrawNumbers{"d", seed}); }
  DrawResultView result() { return ledger.state.draw_result("d").value(); }
  LedgerDriver ledger;
};

TEST_F(DrawResultsTest, GoesFromStepToStep) {
  close();
  const SealDraw seal = figures();
  EXPECT_EQ(seal.count, 3);
  EXPECT_EQ(seal.sum, 252);
  EXPECT_EQ(ledger.run(seal).status, 200);
  EXPECT_EQ(result().state, "SEALED");
  EXPECT_EQ(result().root, seal.root);
  EXPECT_EQ(draw().status, 200);
  EXPECT_EQ(result().state, "DRAWN");
  const Reply published = ledger.run(PublishDraw{"d"});
  EXPECT_EQ(published.status, 200);
  EXPECT_EQ(result().state, "PUBLISHED");
  EXPECT_EQ(result().offset, ledger.state.applied_index());
  MerkleTree tree;
  for (const char* leaf : {"1:101:p2.0:ann", "2:101:p2.0:ann", "3:50:p6.0:bob"}) {
    tree.add(leaf);
  }
  EXPECT_EQ(result().root, hex_of(tree.root()));
  EXPECT_EQ(result().numbers, draw_numbers("the seed", tree.root()));
  const OutboxRow told = ledger.state.outbox(0, 100).rows.back();
  EXPECT_EQ(told.topic, "draw:d");
  EXPECT_EQ(told.kind, "published");
  EXPECT_EQ(told.payload, published.body);
}

TEST_F(DrawResultsTest, NobodySeesTheNumbersBeforeTheyArePublished) {
  close();
  ledger.run(figures());
  const DrawResultView reply = rpc::decode<DrawResultView>(draw().body);
  EXPECT_EQ(reply.state, "DRAWN");
  for (const DrawResultView& view : {reply, result()}) {
    EXPECT_TRUE(view.numbers.empty());
    EXPECT_EQ(view.seed, "");
    EXPECT_EQ(view.offset, 0);
  }
}

TEST_F(DrawResultsTest, OtherFiguresAreAMismatch) {
  close();
  for (const int wrong : {0, 1, 2}) {
    SealDraw seal = figures();
    seal.count += wrong == 0 ? 1 : 0;
    seal.sum -= wrong == 1 ? 1 : 0;
    seal.root[0] = wrong == 2 ? (seal.root[0] == 'a' ? 'b' : 'a') : seal.root[0];
    EXPECT_EQ(error_of(ledger.run(seal)), "mismatch") << wrong;
  }
  EXPECT_EQ(result().state, "CLOSED");
  EXPECT_EQ(ledger.run(figures()).status, 200);
}

TEST_F(DrawResultsTest, OnlyTheSeedThatWasCommittedToDraws) {
  close();
  ledger.run(figures());
  EXPECT_EQ(error_of(draw("another seed")), "mismatch");
  EXPECT_EQ(error_of(draw("")), "bad_request");
  EXPECT_EQ(error_of(draw(std::string(kMaxSeedBytes + 1, 's'))), "bad_request");
  EXPECT_EQ(error_of(draw(std::string(kMaxSeedBytes, 's'))), "mismatch");
  EXPECT_EQ(result().state, "SEALED");
  EXPECT_EQ(draw().status, 200);
}

TEST_F(DrawResultsTest, EachStepNeedsTheOneBefore) {
  EXPECT_EQ(error_of(ledger.run(figures())), "irreversible");
  EXPECT_EQ(error_of(draw()), "irreversible");
  EXPECT_EQ(error_of(ledger.run(PublishDraw{"d"})), "irreversible");
  close();
  EXPECT_EQ(error_of(draw()), "irreversible");
  EXPECT_EQ(error_of(ledger.run(PublishDraw{"d"})), "irreversible");
  ledger.run(figures());
  EXPECT_EQ(error_of(ledger.run(PublishDraw{"d"})), "irreversible");
  for (const Command& command : {Command(SealDraw{"x", 0, 0, ""}), Command(DrawNumbers{"x", "s"}),
                                 Command(PublishDraw{"x"})}) {
    EXPECT_EQ(error_of(ledger.run(command)), "not_found");
  }
}

TEST_F(DrawResultsTest, RepeatedStepsChangeNothingOthersAreRefused) {
  close();
  const SealDraw seal = figures();
  SealDraw other = seal;
  other.sum += 1;
  const Reply sealed = ledger.run(seal);
  EXPECT_EQ(ledger.run(seal), sealed);
  EXPECT_EQ(error_of(ledger.run(other)), "irreversible");
  const Reply drawn = draw();
  EXPECT_EQ(draw(), drawn);
  EXPECT_EQ(error_of(draw("another seed")), "irreversible");
  EXPECT_EQ(ledger.run(seal).body, drawn.body);  // the state of now
  const Reply published = ledger.run(PublishDraw{"d"});
  EXPECT_EQ(ledger.run(PublishDraw{"d"}), published);
  EXPECT_EQ(draw(), published);
  EXPECT_EQ(ledger.run(seal), published);
  EXPECT_EQ(error_of(ledger.run(other)), "irreversible");
  EXPECT_EQ(ledger.run(CloseDraws{}).body, R"({"closed":0})");
  EXPECT_EQ(ledger.number("SELECT count(*) FROM outbox WHERE kind = 'published'"), 1);
}

TEST_F(DrawResultsTest, ADrawWithoutTicketsIsSealedToo) {
  ledger.run(OpenDraw{"e", "s", 1, 1, kCloses_us, 9});
  close();
  EXPECT_EQ(ledger.run(SealDraw{"e", 0, 0, hex_of(sha256(""))}).status, 200);
  EXPECT_EQ(error_of(ledger.run(DrawNumbers{"e", "the seed"})), "mismatch");  // committed to none
}

TEST_F(DrawResultsTest, TicketsAreReadInPages) {
  EXPECT_EQ(ledger.state.tickets("d", 0, 2).rows.size(), 2U);
  const TicketRows rest = ledger.state.tickets("d", 2, 2);
  ASSERT_EQ(rest.rows.size(), 1U);
  EXPECT_EQ(rpc::encode(rest.rows[0]),
            R"({"number":3,"purchase":"p6.0","owner":"bob","price":50})");
  EXPECT_EQ(ledger.state.tickets("d", 0, 0).rows.size(), 1U);  // clamped
  EXPECT_TRUE(ledger.state.tickets("x", 0, 9).rows.empty());
}

TEST_F(DrawResultsTest, CommitmentsAreHashesAndServeOneDraw) {
  const std::string hash = hex_of(sha256("another"));
  EXPECT_EQ(error_of(ledger.run(OpenDraw{"e", "s", 1, 1, 9, 1, hash.substr(1)})), "bad_request");
  EXPECT_EQ(error_of(ledger.run(OpenDraw{"e", "s", 1, 1, 9, 1, "A" + hash.substr(1)})),
            "bad_request");
  EXPECT_EQ(error_of(ledger.run(OpenDraw{"e", "s", 1, 1, 9, 1, hex_of(sha256("the seed"))})),
            "seed_reused");
  EXPECT_EQ(rpc::decode<DrawView>(ledger.run(OpenDraw{"e", "s", 1, 1, 9, 1, hash}).body).commitment,
            hash);
  EXPECT_EQ(ledger.run(OpenDraw{"f", "s", 1, 1, 9, 1, ""}).status, 201);
  EXPECT_EQ(ledger.run(OpenDraw{"g", "s", 1, 1, 9, 1, ""}).status, 201);
}

}  // namespace
