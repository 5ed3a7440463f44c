// Hostile JSON: every problem is an InputError of one line that names the file.
#include "faults/input.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace faults {
namespace {

std::string error_of(const std::string& text) {
  try {
    parse_json(text, "f.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

template <class Function>
std::string message(Function function) {
  try {
    function();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Input, BrokenJsonTellsTheLine) {
  EXPECT_EQ(error_of("{\n\"a\": 1,\n oops}"), "f.json: line 3: not JSON (byte 12)");
  EXPECT_EQ(error_of(""), "f.json: line 1: not JSON (byte 1)");
  EXPECT_EQ(error_of("{} {}"), "f.json: line 1: not JSON (byte 4)");
}

TEST(Input, BytesThatAreNoTextAreRefused) {
  EXPECT_TRUE(error_of("{\"a\": \"\xff\xfe\"}").starts_with("f.json: line 1: not JSON"));
  EXPECT_TRUE(error_of("{\"a\": \"\xc3\"}").starts_with("f.json: line 1: not JSON"));
  EXPECT_TRUE(error_of(std::string("{\"a\"\0:1}", 8)).starts_with("f.json: line 1: not JSON"));
}

TEST(Input, DeepNestingIsRefusedAtTheLimit) {
  const std::string fits = std::string(kNestingLimit, '[') + std::string(kNestingLimit, ']');
  EXPECT_EQ(error_of(fits), "accepted");
  const std::string deeper = "[" + fits + "]";
  EXPECT_EQ(error_of(deeper), "f.json: nested more than 32 deep");
  EXPECT_EQ(error_of(std::string(100'000, '[')), "f.json: nested more than 32 deep");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) {
    objects += "{\"a\":";
  }
  EXPECT_EQ(error_of(objects), "f.json: nested more than 32 deep");
}

TEST(Input, ANameGivenTwiceIsRefused) {
  EXPECT_EQ(error_of("{\"a\": 1, \"b\": {\"a\": 2}, \"a\": 1}"), "f.json: a: given twice");
  EXPECT_EQ(error_of("{\"a\": [{\"x\": 1, \"x\": 1}]}"), "f.json: x: given twice");
  EXPECT_EQ(error_of("{\"a\": [{\"x\": 1}, {\"x\": 1}], \"x\": 1}"), "accepted");
}

TEST(Input, ANumberTooLargeForAnythingNamesItsField) {
  EXPECT_EQ(error_of("{\"users\": 1e400}"), "f.json: users: the number is too large");
}

TEST(Input, ControlCharactersNeverBreakTheLine) {
  const Json json = parse_json("{\"a\\nb\\u0000c\": 1}", "f.json");
  const std::string text = message([&] { Fields(json, "f.json").finish(); });
  EXPECT_EQ(text, "f.json: a\\x0ab\\x00c: unknown field; known here: ");
}

TEST(Input, LongValuesAndNamesAreShortened) {
  const std::string huge(100'000, 'x');
  const Json value = parse_json("{\"users\": \"" + huge + "\"}", "f.json");
  EXPECT_LT(message([&] { Fields(value, "f.json").integer("users", 1, 2); }).size(), 200u);
  const Json name = parse_json("{\"" + huge + "\": 1}", "f.json");
  EXPECT_LT(message([&] { Fields(name, "f.json").finish(); }).size(), 200u);
}

TEST(Input, IntegersAreIntegersInRange) {
  for (const char* bad :
       {"0", "11", "-1", "1.0", "5e0", "18446744073709551616", "9223372036854775808",
        "18446744073709551615", "\"5\"", "true", "null", "[5]", "{}"}) {
    const Json json = parse_json(std::string("{\"n\": ") + bad + "}", "f.json");
    const std::string text = message([&] { Fields(json, "f.json").integer("n", 1, 10); });
    EXPECT_TRUE(text.starts_with("f.json: n: expected an integer from 1 to 10, got ")) << text;
  }
  const Json json = parse_json("{\"n\": 10}", "f.json");
  EXPECT_EQ(Fields(json, "f.json").integer("n", 1, 10), 10);
}

TEST(Input, NaturalsHave64Bits) {
  for (const char* bad : {"-1", "1.0", "18446744073709551616", "1e3", "\"5\"", "null"}) {
    const Json json = parse_json(std::string("{\"n\": ") + bad + "}", "f.json");
    const std::string text = message([&] { Fields(json, "f.json").natural("n"); });
    EXPECT_TRUE(
        text.starts_with("f.json: n: expected an integer from 0 to 18446744073709551615, "
                         "got "))
        << text;
  }
  const Json json = parse_json("{\"n\": 18446744073709551615, \"m\": 0}", "f.json");
  EXPECT_EQ(Fields(json, "f.json").natural("n"), UINT64_MAX);
  EXPECT_EQ(Fields(json, "f.json").natural("m"), 0u);
}

TEST(Input, ObjectsAreObjects) {
  const Json json = parse_json("{\"n\": [], \"m\": {\"k\": 1}}", "f.json");
  EXPECT_EQ(message([&] { Fields(json, "f.json").object("n"); }),
            "f.json: n: expected an object, got []");
  EXPECT_EQ(Fields(json, "f.json").object("m").size(), 1u);
}

TEST(Input, NestedObjectsAreNamedWithTheirPlace) {
  const Json json = parse_json("{\"n\": 0}", "f.json");
  EXPECT_EQ(message([&] { Fields(json, "f.json: faults[2]").integer("n", 1, 2); }),
            "f.json: faults[2].n: expected an integer from 1 to 2, got 0");
  EXPECT_EQ(message([&] { Fields(json, "f.json").integer("m", 1, 2); }),
            "f.json: m: expected an integer from 1 to 2, got nothing");
}

TEST(Input, FilesThatAreNone) {
  EXPECT_EQ(message([] { read_json_file("no/such/file.json"); }),
            "no/such/file.json: cannot be read: no such file, or no permission");
  EXPECT_EQ(message([] { read_json_file("/"); }), "/: cannot be read: it is a directory");
}

TEST(Input, AnEndlessFileIsNotReadToItsEnd) {
  if (!std::filesystem::exists("/dev/zero")) {
    GTEST_SKIP() << "no /dev/zero here";
  }
  EXPECT_EQ(message([] { read_json_file("/dev/zero"); }), "/dev/zero: larger than 67108864 bytes");
}

}  // namespace
}  // namespace faults
