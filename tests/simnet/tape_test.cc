// Where choices come from: a seed, a recorded tape, a part of one, the bytes of a fuzzer.
#include "simnet/tape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>

#include "tests/simnet/tape_workload.h"

namespace simnet {
namespace {

using namespace support;

TEST(Tape, TheSameSeedAndLabelGiveTheSameNumber) {
  Tape a(7);
  Tape b(7);
  Tape c(8);
  int differ = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Label label{"purpose", place_of(1, 2), 3, i};
    const std::uint64_t number = a.draw(label);
    EXPECT_EQ(number, b.draw(label));
    EXPECT_EQ(number, a.draw(label)) << "a label's number does not wear off";
    differ += number != c.draw(label) ? 1 : 0;
  }
  EXPECT_EQ(differ, 100);
  EXPECT_EQ(a.draws(), 200u);
}

TEST(Tape, EveryPartOfALabelCounts) {
  Tape tape(7);
  const std::vector<Label> labels{{"a", 1, 2, 3}, {"b", 1, 2, 3}, {"a", 2, 2, 3},
                                  {"a", 1, 3, 3}, {"a", 1, 2, 4}, {"a", 2, 1, 3},
                                  {"a", 3, 2, 1}, {"", 1, 2, 3},  {"aa", 1, 2, 3}};
  std::set<std::uint64_t> numbers;
  for (const Label& label : labels) {
    numbers.insert(tape.draw(label));
  }
  EXPECT_EQ(numbers.size(), labels.size());
}

TEST(Tape, AnImpossibleChanceIsNoChoice) {
  Tape tape(7);
  tape.record();
  EXPECT_FALSE(tape.chance({"never"}, 0, 100));
  EXPECT_TRUE(tape.recorded().empty());
  EXPECT_TRUE(tape.chance({"always"}, 100, 100));
  EXPECT_EQ(tape.recorded().size(), 1u);
}

TEST(Tape, ZeroIsThePlainChoice) {
  Tape tape(7);
  tape.drive({});
  for (std::uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(tape.below({"least", 0, 0, i}, 1'000), 0u);
    EXPECT_FALSE(tape.chance({"no", 0, 0, i}, 999'999, 1'000'000));
  }
}

TEST(Tape, APartialTapeChangesNothingElse) {
  Tape plain(7);
  Tape changed(7);
  changed.replay({{"net loss", 1, 0, 4, 42}, {"net loss", 1, 0, 100, 43}});
  EXPECT_EQ(changed.unmatched(), 2u);
  for (std::uint64_t i = 0; i < 10; ++i) {
    const Label loss{"net loss", 1, 0, i};
    const Label tail{"net tail", 1, 0, i};
    if (i == 4) {
      EXPECT_EQ(changed.draw(loss), 42u);
      EXPECT_EQ(changed.draw(loss), 42u);
    } else {
      EXPECT_EQ(changed.draw(loss), plain.draw(loss));
    }
    EXPECT_EQ(changed.draw(tail), plain.draw(tail));
  }
  EXPECT_EQ(changed.unmatched(), 1u) << "asked for twice, matched once";
}

TEST(Tape, BytesReachTheChoicesInTheirOrder) {
  Tape tape(7);
  tape.replay({{"given", 0, 0, 0, 99}});
  tape.drive({0x12, 0x34, 0xff, 0xff, 0x56});
  EXPECT_EQ(tape.draw({"first"}), 0x1234ULL << 48);
  EXPECT_EQ(tape.draw({"given"}), 99u) << "takes no bytes";
  EXPECT_EQ(tape.draw({"second"}), 0xffffULL << 48);
  EXPECT_EQ(tape.draw({"third"}), 0u) << "one byte is not enough";
  EXPECT_EQ(tape.draw({"fourth"}), 0u);
}

TEST(TapedWorld, AFullTapeReplaysARunUnderAnotherSeed) {
  TapedRun first(100);
  first.world.tape().record();
  first.run();
  TapedRun seeded(200);
  seeded.run();
  ASSERT_NE(seeded.world.digest().value(), first.world.digest().value());
  ASSERT_GT(first.world.tape().recorded().size(), 50u);

  TapedRun again(200);
  again.world.tape().replay(first.world.tape().recorded());
  again.run();
  EXPECT_EQ(again.world.digest().value(), first.world.digest().value());
  EXPECT_EQ(again.world.digest().events(), first.world.digest().events());
  EXPECT_EQ(again.world.tape().unmatched(), 0u);
  EXPECT_EQ(again.transfer.request, first.transfer.request);
}

TEST(TapedWorld, RecordingChangesNothingAndRecordsReplayedChoices) {
  TapedRun plain(100);
  plain.run();
  TapedRun recorded(100);
  recorded.world.tape().record();
  recorded.run();
  EXPECT_EQ(recorded.world.digest().value(), plain.world.digest().value());
  TapedRun again(300);
  again.world.tape().replay(recorded.world.tape().recorded());
  again.world.tape().record();
  again.run();
  EXPECT_EQ(again.world.tape().recorded(), recorded.world.tape().recorded());
}

// Every loss of the run taken back by its number, and nothing but the losses.
TEST(TapedWorld, OverridingLossesLeavesTheOtherChoices) {
  TapedRun lossy(100);
  lossy.world.tape().record();
  lossy.run();
  ASSERT_GT(lossy.world.network().statistics().lost, 0u);
  std::vector<Tape::Entry> no_losses;
  for (Tape::Entry entry : lossy.world.tape().recorded()) {
    if (entry.purpose == "net loss") {
      entry.number = 0;
      no_losses.push_back(entry);
    }
  }
  TapedRun changed(100);
  changed.world.tape().replay(no_losses);
  changed.world.tape().record();
  changed.run();
  const auto number_of = [](const TapedRun& run, const Tape::Entry& sought) {
    for (const Tape::Entry& entry : run.world.tape().recorded()) {
      if (entry.purpose == sought.purpose && entry.place == sought.place &&
          entry.thing == sought.thing && entry.occurrence == sought.occurrence) {
        return std::optional(entry.number);
      }
    }
    return std::optional<std::uint64_t>();
  };
  int compared = 0;
  for (const Tape::Entry& entry : changed.world.tape().recorded()) {
    const auto before = number_of(lossy, entry);
    if (entry.purpose != "net loss" && before) {
      EXPECT_EQ(entry.number, *before) << to_string(entry);
      ++compared;
    }
  }
  EXPECT_GT(compared, 50);
}

TEST(TapedWorld, WithoutBytesTheNetworkIsPerfect) {
  TapedRun run(100);
  run.world.tape().drive({});
  run.run();
  const NetworkStatistics& seen = run.world.network().statistics();
  EXPECT_EQ(seen.lost + seen.duplicated + seen.reordered + seen.shortened + seen.flipped, 0u);
  EXPECT_EQ(run.transfer.request.size(), 1'000u) << "of the choice of a size, too, the least";
  EXPECT_EQ(run.transfer.received, run.transfer.request);
  ASSERT_EQ(run.datagrams.size(), 5u);
  EXPECT_EQ(run.datagrams[1].at - run.datagrams[0].at, 100us) << "no jitter";
}

TEST(TapedWorld, TheSameBytesAreTheSameRunWhateverTheSeed) {
  Random random{StreamKey(5)};
  std::vector<std::uint8_t> bytes(400);
  std::generate(bytes.begin(), bytes.end(),
                [&] { return static_cast<std::uint8_t>(random.below(256)); });
  TapedRun a(1);
  a.world.tape().drive(bytes);
  a.run();
  TapedRun b(2);
  b.world.tape().drive(bytes);
  b.run();
  TapedRun plain(1);
  plain.world.tape().drive({});
  plain.run();
  EXPECT_EQ(a.world.digest().value(), b.world.digest().value());
  EXPECT_NE(a.world.digest().value(), plain.world.digest().value());
}

// A fuzzer may say anything: no crash, no exception, and a stream that stays in order.
TEST(TapedWorld, AThousandRandomByteStringsAreAThousandValidRuns) {
  std::set<std::uint64_t> digests;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    Random random{StreamKey(i)};
    std::vector<std::uint8_t> bytes(random.below(600));
    const std::uint64_t top = 1 + random.below(256);  // also mild ones
    std::generate(bytes.begin(), bytes.end(),
                  [&] { return static_cast<std::uint8_t>(random.below(top)); });
    TapedRun run(1);
    run.world.tape().drive(std::move(bytes));
    run.run();
    ASSERT_TRUE(run.world.aborts().empty()) << i;
    ASSERT_EQ(run.transfer.received, run.transfer.request.substr(0, run.transfer.received.size()))
        << i;
    digests.insert(run.world.digest().value());
  }
  EXPECT_GT(digests.size(), 900u);
}

}  // namespace
}  // namespace simnet
