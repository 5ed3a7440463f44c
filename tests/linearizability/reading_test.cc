// Histories as text: what is read, and what is refused with file, line and field.
#include <gtest/gtest.h>

#include "properties/linearizability/edn.h"
#include "properties/linearizability/input_error.h"
#include "properties/linearizability/jsonl.h"

namespace linearizability_test {
namespace {

using namespace linearizability;

template <class Read>
std::string refusal(Read read) {
  try {
    read();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string jsonl_refusal(const std::string& text, bool keyed = false) {
  return refusal([&] { read_jsonl(text, {"h", keyed}); });
}
std::string edn_refusal(const std::string& text, bool keyed = false) {
  return refusal([&] { read_edn(text, {"h", keyed}); });
}

const std::string kInvoke = R"({"process":0,"type":"invoke","f":"read","key":"x"})";

TEST(Jsonl, PairsEvents) {
  const History history = read_jsonl(kInvoke + "\n\n" +
                                         R"({"process":1,"type":"invoke","f":"write","value":5}
{"process":0,"type":"ok","f":"read","value":4}
{"process":1,"type":"info","f":"write"}
{"process":2,"type":"invoke","f":"write","value":6}
{"process":2,"type":"fail","f":"write"}
{"process":3,"type":"invoke","f":"write","value":7})",
                                     {"h", false});
  ASSERT_EQ(history.operations.size(), 3u);
  EXPECT_EQ(history.failed, 1u);
  const Operation& read = history.operations[0];
  EXPECT_EQ(to_string(read.key), "\"x\"");
  EXPECT_EQ(read.result, Value::integer(4));
  EXPECT_EQ(read.invoked_line, 1u);
  EXPECT_EQ(read.returned_line, 4u);
  EXPECT_LT(history.operations[1].invoked, read.returned);
  EXPECT_FALSE(history.operations[1].known());
  EXPECT_FALSE(history.operations[2].known()) << "it never completed";
}

TEST(Jsonl, RefusalsNameLineAndField) {
  EXPECT_EQ(jsonl_refusal("[]"),
            "h: line 1: expected an event, a map with type, process, f and value, got []");
  EXPECT_EQ(jsonl_refusal(kInvoke + "\nnot json").substr(0, 24), "h: line 2: expected JSON");
  EXPECT_EQ(jsonl_refusal(kInvoke + "\n" + kInvoke),
            "h: line 2: process: expected a process without an operation under way; 0 invoked one "
            "in line 1");
  EXPECT_EQ(jsonl_refusal(R"({"process":0,"type":"ok","f":"read","value":1})"),
            "h: line 1: type: expected invoke, because process 0 has no operation under way, got "
            "ok");
  EXPECT_EQ(jsonl_refusal(R"({"process":0,"type":"done","f":"read"})"),
            "h: line 1: type: expected invoke, ok, fail or info, got \"done\"");
  EXPECT_EQ(jsonl_refusal(R"({"type":"ok","f":"read"})"),
            "h: line 1: process: expected an integer, got nothing");
  EXPECT_EQ(jsonl_refusal(R"({"process":0,"type":"invoke","f":3})"),
            "h: line 1: f: expected the name of an operation, got 3");
  EXPECT_EQ(jsonl_refusal(kInvoke + "\n" + R"({"process":0,"type":"ok","f":"write"})"),
            "h: line 2: f: expected read, as in line 1, got write");
  EXPECT_EQ(jsonl_refusal(kInvoke + "\n" + R"({"process":0,"type":"ok","f":"read","key":"y"})"),
            "h: line 2: key: expected \"x\", as in line 1, got \"y\"");
  EXPECT_EQ(jsonl_refusal(R"({"process":0,"type":"invoke","f":"read","index":5}
{"process":0,"type":"ok","f":"read","index":4})"),
            "h: line 2: index: expected more than 5, that of the event before, got 4");
  EXPECT_EQ(jsonl_refusal(kInvoke, true),
            "h: line 1: value: expected a pair [key value], because of --key-independent, got nil");
  EXPECT_EQ(jsonl_refusal(R"({"process":0,"process":1})"),
            "h: line 1: expected each member once, got one twice");
  EXPECT_EQ(jsonl_refusal(std::string(100'000, '[')),
            "h: line 1: expected JSON nested at most 32 deep");
}

TEST(Edn, ReadsEveryKindOfForm) {
  const auto text = [](const std::string& edn) { return to_string(parse_edn(edn, "h")); };
  EXPECT_EQ(text("nil"), "nil");
  EXPECT_EQ(text(" -12 "), "-12");
  EXPECT_EQ(text("+7"), "7");
  EXPECT_EQ(text("99999999999999999999"), "99999999999999999999");
  EXPECT_EQ(text("1.5e3"), "1.5e3");
  EXPECT_EQ(text("12N"), "12N");
  EXPECT_EQ(text("1/2"), "1/2");
  EXPECT_EQ(text("##NaN"), "##NaN");
  EXPECT_EQ(text("true"), "true");
  EXPECT_EQ(text(":a/b"), ":a/b");
  EXPECT_EQ(text("some.name/x"), "some.name/x");
  EXPECT_EQ(text("\\newline"), "\\newline");
  EXPECT_EQ(text("\\( "), "\\(");
  EXPECT_EQ(text(R"("a\"\\\nbA")"), "\"a\\\"\\\\\nbA\"");
  EXPECT_EQ(text("[1, (2 3) #{5 4}]"), "[1 [2 3] [4 5]]");
  EXPECT_EQ(text("{:b 2, :a #inst \"2020\"}"), "{:a \"2020\" :b 2}");
  EXPECT_EQ(text("#jepsen.history.Op{:a 1}"), "{:a 1}");
  EXPECT_EQ(text("; note\n[1 #_ [2 3] #_#_4 5 6]"), "[1 6]");
}

TEST(Edn, DifferentThingsAreDifferent) {
  EXPECT_NE(parse_edn(":a", "h"), parse_edn("\"a\"", "h"));
  EXPECT_NE(parse_edn("a", "h"), parse_edn(":a", "h"));
  EXPECT_NE(parse_edn("1", "h"), parse_edn("1.0", "h"));
  EXPECT_NE(parse_edn("[1]", "h"), parse_edn("{1 1}", "h"));
  EXPECT_EQ(parse_edn("{1 2, 3 4}", "h"), parse_edn("{3 4 1 2}", "h"));
}

TEST(Edn, HistoriesAsLinesAndAsOneVector) {
  const std::string lines =
      "{:type :invoke, :f :write, :value [1 3], :process 0, :time 1, :index 0}\n"
      "{:type :info, :f :start, :process :nemesis, :value nil, :index 1}\n"
      "{:type :ok, :f :write, :value [1 3], :process 0, :time 2, :index 2}\n";
  for (const std::string& text : {lines, "[" + lines + "]", "( " + lines + ") ; end"}) {
    const History history = read_edn(text, {"h", true});
    ASSERT_EQ(history.operations.size(), 1u);
    EXPECT_EQ(history.operations[0].key, Value::integer(1));
    EXPECT_EQ(history.operations[0].argument, Value::integer(3));
    EXPECT_EQ(history.operations[0].returned_line, 3u);
  }
}

TEST(Edn, RefusalsNameTheLine) {
  EXPECT_EQ(edn_refusal("{:type :invoke\n\n :f"),
            "h: line 3: expected a value or }, got the end of "
            "the text");
  EXPECT_EQ(edn_refusal("{:a}"), "h: line 1: expected a value for each key of a map");
  EXPECT_EQ(edn_refusal("\n{:a 1 :a 2}"),
            "h: line 2: expected each key of a map once, got one twice");
  EXPECT_EQ(edn_refusal("\"abc"),
            "h: line 1: expected \" at the end of a string, got the end of "
            "the text");
  EXPECT_EQ(edn_refusal("\"\\q\""),
            "h: line 1: expected one of n t r b f u \" \\ behind \\ in a string");
  EXPECT_EQ(edn_refusal("\"\\u12\""), "h: line 1: expected four hexadecimal digits behind \\u");
  EXPECT_EQ(edn_refusal("12x"), "h: line 1: expected a number, got 12x");
  EXPECT_EQ(edn_refusal("}"), "h: line 1: expected a value, got }");
  EXPECT_EQ(edn_refusal("#"), "h: line 1: expected a tag, a set or #_ behind #");
  EXPECT_EQ(edn_refusal(":"), "h: line 1: expected a name behind :");
  EXPECT_EQ(edn_refusal("[{:type :ok :process 0 :f :read} "),
            "h: line 1: type: expected invoke, because process 0 has no operation under way, got "
            "ok");
  EXPECT_EQ(edn_refusal("[] []"), "h: line 1: expected nothing behind the events' ]");
  EXPECT_EQ(edn_refusal("["), "h: line 1: expected an event or ], got the end of the text");
  for (const char* deep : {"[", "{", "#_", "#t ", "(", "#{"}) {
    std::string text = "{:a ";
    for (int i = 0; i < 100'000; ++i) {
      text += deep;
    }
    EXPECT_EQ(edn_refusal(text), "h: line 1: expected EDN nested at most 32 deep") << deep;
  }
}

}  // namespace
}  // namespace linearizability_test
