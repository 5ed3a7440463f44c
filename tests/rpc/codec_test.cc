#include "system/rpc/codec.h"

#include <gtest/gtest.h>

namespace {

struct Inner {
  std::string name;
  bool flag = false;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (name, flag))

struct Outer {
  std::int64_t number = 0;
  std::int32_t small = 0;
  Inner inner;
  std::vector<Inner> list;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (number, small, inner, list))

std::string error_of(std::string_view text) {
  try {
    rpc::decode<Outer>(text);
  } catch (const rpc::CodecError& error) {
    return error.what();
  }
  return "";
}

TEST(Codec, MembersKeepTheirOrderBothWays) {
  const Outer value{-7, 3, {"a\"b", true}, {{"", false}, {"x", true}}};
  const std::string text = rpc::encode(value);
  EXPECT_EQ(text, R"({"number":-7,"small":3,"inner":{"name":"a\"b","flag":true},)"
                  R"("list":[{"name":"","flag":false},{"name":"x","flag":true}]})");
  EXPECT_EQ(rpc::encode(rpc::decode<Outer>(text)), text);
}

// Replies are compared by their bytes, so the way without a tree must give the tree's.
TEST(Codec, WritesWhatTheTreeWrites) {
  for (const char* name : {"", "plain ~", "q\"uote", "back\\slash", "\x01\n\t\x1f", "\x7f",
                           "\xc3\xa9", "\xff\xfe", "a\xc3"}) {
    const Outer value{INT64_MIN, -1, {name, true}, {{name, false}, {}}};
    EXPECT_EQ(rpc::encode(value),
              rpc::to_json(value).dump(-1, ' ', false, rpc::Json::error_handler_t::replace));
  }
}

TEST(Codec, ExtremeIntegersSurvive) {
  for (const std::int64_t number : {INT64_MIN, INT64_MAX, std::int64_t{0}}) {
    EXPECT_EQ(rpc::decode<Outer>(rpc::encode(Outer{number, 0, {}, {}})).number, number);
  }
}

TEST(Codec, IntegersOutOfRangeAreRefused) {
  EXPECT_EQ(error_of(R"({"number":9223372036854775808,"small":0,"inner":{"name":"","flag":true},)"
                     R"("list":[]})"),
            "body.number: out of range");
  EXPECT_EQ(error_of(R"({"number":0,"small":-2147483649,"inner":{"name":"","flag":true},)"
                     R"("list":[]})"),
            "body.small: out of range");
}

TEST(Codec, ErrorsNameTheMember) {
  EXPECT_EQ(error_of("nonsense"), "body: not JSON");
  EXPECT_EQ(error_of("[]"), "body: expected an object");
  EXPECT_EQ(error_of(R"({"number":1})"), "body.small: missing");
  EXPECT_EQ(error_of(R"({"number":1.0,"small":0})"), "body.number: expected an integer");
  EXPECT_EQ(error_of(R"({"number":true,"small":0})"), "body.number: expected an integer");
  EXPECT_EQ(error_of(R"({"number":1,"small":0,"inner":{"name":7}})"),
            "body.inner.name: expected a string");
  EXPECT_EQ(error_of(R"({"number":1,"small":0,"inner":{"name":"","flag":1}})"),
            "body.inner.flag: expected true or false");
  EXPECT_EQ(error_of(R"({"number":1,"small":0,"inner":{"name":"","flag":true},"list":{}})"),
            "body.list: expected an array");
  EXPECT_EQ(error_of(R"({"number":1,"small":0,"inner":{"name":"","flag":true},"list":[3]})"),
            "body.list[]: expected an object");
  EXPECT_EQ(error_of(R"({"number":1,"small":0,"inner":{"name":"","flag":true},"list":[],"x":1})"),
            "body: unknown member");
}

TEST(Codec, InvalidTextIsReplacedNotThrown) {
  EXPECT_EQ(rpc::encode(Inner{"\xff", true}), "{\"name\":\"\xEF\xBF\xBD\",\"flag\":true}");
}

}  // namespace
