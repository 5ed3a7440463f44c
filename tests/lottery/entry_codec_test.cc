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
  EXPECT_EQ(encode_entry(Entry{1, 2, {Cancel{"u", "k", "p"}, ExpireHolds{}}}),
            R"({"index":1,"now_us":2,"commands":[{"type":"cancel","user":"u","key":"k",)"
            R"("purchase":"p"},{"type":"expire_holds"}]})");
}

TEST(EntryCodec, DamagedEntriesAreRefused) {
  for (const char* text :
       {"", "{", "[]", "null", R"({"index":1,"now_us":2})",
        R"({"index":1,"now_us":2,"command":[]})", R"({"index":1,"now_us":2,"commands":null})",
        R"({"index":1,"now_us":2,"commands":{}})", R"({"index":1,"now_us":2,"commands":7})",
        R"({"index":1,"now_us":2,"commands":[7]})", R"({"index":"1","now_us":2,"commands":[]})",
        R"({"index":1.5,"now_us":2,"commands":[]})",
        R"({"index":1,"now_us":2,"commands":[{"type":"nonsense"}]})",
        R"({"index":1,"now_us":2,"commands":[{"type":3}]})",
        R"({"index":1,"now_us":2,"commands":[{"type":"cancel","user":"u","key":"k"}]})",
        R"({"index":1,"now_us":2,"commands":[{"type":"expire_holds","more":1}]})"}) {
    EXPECT_THROW(decode_entry(text), rpc::CodecError) << text;
  }
}

}  // namespace
