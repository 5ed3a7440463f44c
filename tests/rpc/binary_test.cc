// Packed structs: round trips over what rapidcheck thinks of, and bytes that are none.
#include "system/rpc/binary.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace binary_tests {

struct Inner {
  std::string name;
  bool flag = false;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (name, flag))

struct Outer {
  std::int64_t number = 0;
  std::int32_t small = 0;
  std::uint64_t large = 0;
  Inner inner;
  std::vector<Inner> list;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (number, small, large, inner, list))

namespace {

std::string error_of(std::string_view bytes) {
  try {
    rpc::unpack<Outer>(bytes);
  } catch (const rpc::CodecError& error) {
    return error.what();
  }
  return "";
}

RC_GTEST_PROP(Binary, WhatWasPackedComesBack,
              (std::int64_t number, std::int32_t small, std::uint64_t large,
               std::vector<std::string> names)) {
  Outer value{number, small, large, {"inner", true}, {}};
  for (const std::string& name : names) {
    value.list.push_back({name, name.size() % 2 == 0});
  }
  const std::string bytes = rpc::pack(value);
  const auto back = rpc::unpack<Outer>(bytes);
  RC_ASSERT(back.number == number);
  RC_ASSERT(back.small == small);
  RC_ASSERT(back.large == large);
  RC_ASSERT(back.list.size() == names.size());
  RC_ASSERT(rpc::pack(back) == bytes);
  // The JSON of codec.h, which does not go by these bytes, sees the same.
  RC_ASSERT(rpc::to_json(back) == rpc::to_json(value));
}

TEST(Binary, ExtremesAndSizes) {
  for (const std::int64_t number : {INT64_MIN, INT64_MAX, std::int64_t{0}, std::int64_t{-1}}) {
    EXPECT_EQ(rpc::unpack<std::int64_t>(rpc::pack(number)), number);
  }
  EXPECT_EQ(rpc::pack(std::int64_t{-1}), "\x01");
  EXPECT_EQ(rpc::pack(std::int64_t{63}).size(), 1u);
  EXPECT_EQ(rpc::pack(std::int64_t{64}).size(), 2u);
  EXPECT_EQ(rpc::pack(std::vector<std::string>{"a", ""}), std::string("\x02\x01"
                                                                      "a\x00",
                                                                      4));
}

TEST(Binary, ErrorsNameTheMember) {
  const std::string bytes = rpc::pack(Outer{1, 2, 3, {"n", true}, {{"m", false}}});
  EXPECT_EQ(error_of(bytes), "");
  EXPECT_EQ(error_of(""), "number: ends early");
  EXPECT_EQ(error_of(bytes.substr(0, 4)), "name: more than there are bytes");
  EXPECT_EQ(error_of(bytes + "x"), "end: bytes are left");
  EXPECT_EQ(error_of(rpc::pack(std::int64_t{0}) + rpc::pack(std::int64_t{INT32_MAX} + 1)),
            "small: out of range");
  std::string neither = bytes;
  neither.back() = 2;
  EXPECT_EQ(error_of(neither), "flag: neither 0 nor 1");
}

}  // namespace
}  // namespace binary_tests
