#include "system/lottery/entry_codec.h"

#include <gtest/gtest.h>

namespace {

using namespace lottery;

Entry every_command() {
  return Entry{3,
               5,
               {OpenDraw{"d", "s", 1, 2, 3, 4, "c0"},
                Hold{"u", "k", "d", "s", 1, 9, 1},
                Pay{"u", "k", "p", "c"},
                Cancel{"u", "k", "p"},
                ExpireHolds{},
                CloseDraws{},
                LeaseBankCalls{"w", 7},
                RecordCharge{"p", "b", "captured"},
                RecordRefund{"p", "r"},
                RecordSettlement{1, "charge", "b", "p", 5},
                SessionPut{"u", "s", 1, "{\"cart\":[]}"},
                AcquireLock{"o", "r", 9},
                RenewLock{"o", "r", 8},
                ReleaseLock{"o", "r", 8},
                PutPlan{"r", 8, 2, "v"},
                AmendDraw{"d", 1, 2, 3},
                AckOutbox{"c", 4},
                LeaseJobs{"w", 3, {"receipt"}},
                RenewJob{"j", 1},
                CompleteJob{"j", 1, 2, "r"},
                FailJob{"j", 1, 2},
                SealDraw{"d", 1, 2, "00"},
                DrawNumbers{"d", "seed"},
                PublishDraw{"d"}}};
}

TEST(EntryCodec, EveryCommandSurvivesTheRoundTrip) {
  const Entry entry = every_command();
  ASSERT_EQ(entry.commands.size(), std::variant_size_v<Command>);
  const std::string bytes = encode_entry(entry);
  const Entry decoded = decode_entry(bytes);
  EXPECT_EQ(decoded.index, 3);
  EXPECT_EQ(decoded.now_us, 5);
  for (std::size_t i = 0; i < entry.commands.size(); ++i) {
    EXPECT_EQ(decoded.commands.at(i).index(), i);
  }
  EXPECT_EQ(encode_entry(decoded), bytes);
}

TEST(EntryCodec, TheBytesAreFixed) {
  const Entry entry{1, -2, {Cancel{"u", "key", ""}, ExpireHolds{}}};
  EXPECT_EQ(encode_entry(entry), std::string("\x01\x02\x03\x02\x03\x01u\x03key\x00\x04", 13));
  EXPECT_EQ(entry_text(encode_entry(entry)),
            R"({"index":1,"now_us":-2,"commands":[{"type":"cancel","user":"u","key":"key",)"
            R"("purchase":""},{"type":"expire_holds"}]})");
}

TEST(EntryCodec, WhatEndsEarlyOrLateIsRefused) {
  const std::string bytes = encode_entry(every_command());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(decode_entry(bytes.substr(0, size)), rpc::CodecError) << size;
  }
  EXPECT_THROW(decode_entry(bytes + '\0'), rpc::CodecError);
}

TEST(EntryCodec, DamagedEntriesAreRefused) {
  for (const std::string& bytes :
       {std::string("{}"), std::string("\x02\x02\x02\x00", 4), std::string("\x01\x02\x02\x01\x7f"),
        std::string("\x01\x02\x02\x7f"), std::string("\x01\x02\x02\x01\x03\x7fu")}) {
    EXPECT_THROW(decode_entry(bytes), rpc::CodecError) << entry_text(bytes);
  }
  EXPECT_EQ(entry_text("\x02"), R"({"no entry":"entry.version: another one"})");
}

// Whatever arrives: an error or an entry, and nothing read past the end.
TEST(EntryCodec, AnyFlippedBitGivesAnEntryOrAnError) {
  const std::string bytes = encode_entry(every_command());
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    try {
      EXPECT_NE(encode_entry(decode_entry(flipped)), bytes);
    } catch (const rpc::CodecError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100u);
}

}  // namespace
