#include "traces/fuzz/reports.h"

#include <gtest/gtest.h>

#include "tests/fuzz/support.h"

namespace fuzz_test {
namespace {

using fuzz::FindingView;
using fuzz::Kind;

fuzz::ReportContext context() {
  return {"0.1.0 (abc)",
          {{"S1", "never oversell"}, {"S3", "never charge <twice>"}, {"L1", "all ends"}},
          [](const FindingView& finding) {
            return "drawproof run --scenario " + finding.smallest.scenario + " --seed " +
                   std::to_string(finding.smallest.seed);
          }};
}

fuzz::Overview sample() {
  FindingView twice;
  twice.cause = {Kind::safety_violated, "S3", "", "charged # times"};
  twice.smallest = {"quick", 17};
  twice.message = "user \"a&b\" charged 2 times, 100 % <wrong>: see\x01 \xff";
  twice.diagnostics = "line 1\nline 2 ]]>";
  twice.trace = "findings/quick/S3 seed-17.json";
  twice.count = 3;
  twice.scenarios = {"quick"};
  FindingView died;
  died.cause = {Kind::crashed, "", "+0x12", "crashed by signal # (SIGSEGV)"};
  died.smallest = {"storm", 4};
  died.message = "crashed by signal 11 (SIGSEGV)";
  died.count = 1;
  died.scenarios = {"quick", "storm"};
  fuzz::Overview overview;
  overview.scenarios["quick"].runs = 10;
  overview.scenarios["quick"].wall_us = 1'234'567;
  overview.scenarios["storm"].runs = 10;
  overview.findings = {twice, died};
  return overview;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST(JUnit, ACasePerPropertyAndScenarioAndOneFailureEach) {
  const std::string xml = junit(sample(), context());
  EXPECT_TRUE(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "));
  EXPECT_EQ(count(xml, "<testsuite "), 2u);
  EXPECT_EQ(count(xml, "<testcase "), 2u * (3 + 4));
  EXPECT_EQ(count(xml, "<failure "), 3u);
  EXPECT_NE(xml.find("<testsuites name=\"drawproof fuzz\" tests=\"14\" failures=\"3\""),
            std::string::npos);
  EXPECT_NE(xml.find("<testsuite name=\"drawproof.quick\" tests=\"7\" failures=\"2\" errors=\"0\" "
                     "skipped=\"0\" time=\"1.234\">"),
            std::string::npos);
  EXPECT_NE(xml.find("name=\"S3 never charge &lt;twice&gt;\""), std::string::npos);
  EXPECT_NE(xml.find("message=\"user &quot;a&amp;b&quot; charged 2 times, 100 % &lt;wrong&gt;: see "
                     "\xEF\xBF\xBD\""),
            std::string::npos)
      << xml;
  EXPECT_NE(xml.find("again: drawproof run --scenario quick --seed 17"), std::string::npos);
  EXPECT_EQ(xml.find('\x01'), std::string::npos);
}

// Every '<' begins a tag of ours, tags nest, quotes of attributes close.
TEST(JUnit, IsWellFormed) {
  const std::string xml = junit(sample(), context());
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<', 1); at != std::string::npos; at = xml.find('<', at + 1)) {
    const std::size_t end = xml.find('>', at);
    const std::string tag = xml.substr(at + 1, end - at - 1);
    EXPECT_EQ(count(tag, "\"") % 2, 0u) << tag;
    const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag.starts_with('/')) {
      ASSERT_FALSE(open.empty());
      EXPECT_EQ("/" + open.back(), tag);
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(XmlText, ControlCharactersAreDropped) {
  std::string all;
  for (int c = 0; c < 0x20; ++c) {
    all += static_cast<char>(c);
  }
  EXPECT_EQ(fuzz::xml_text(all), "&#9;&#10;&#13;");
  EXPECT_EQ(fuzz::xml_text("]]>"), "]]&gt;");
  EXPECT_EQ(fuzz::xml_text("Zürich \xEF\xBF\xBE\xEF\xBF\xBF"), "Zürich ");
}

TEST(Sarif, OneResultPerFindingWithARuleThatIsListed) {
  const fuzz::Json log = sarif(sample(), context());
  EXPECT_EQ(log["version"], "2.1.0");
  ASSERT_EQ(log["runs"].size(), 1u);
  const fuzz::Json& run = log["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["name"], "drawproof");
  const fuzz::Json& rules = run["tool"]["driver"]["rules"];
  EXPECT_EQ(rules.size(), 7u);
  ASSERT_EQ(run["results"].size(), 2u);
  for (const fuzz::Json& result : run["results"]) {
    EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
    EXPECT_EQ(result["level"], "error");
    EXPECT_FALSE(result["message"]["text"].get<std::string>().empty());
    EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
    EXPECT_EQ(result["partialFingerprints"]["drawproofCause/v1"].get<std::string>().size(), 16u);
  }
  EXPECT_EQ(run["results"][0]["ruleId"], "S3");
  EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "findings/quick/S3%20seed-17.json");
  EXPECT_EQ(run["results"][1]["ruleId"], "crashed");
  EXPECT_EQ(run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "properties/scenarios/storm.json");
}

TEST(Annotations, OneLinePerFindingEscapedAsTheRunnerUndoesIt) {
  fuzz::Overview overview = sample();
  overview.findings[0].message = "50 % of a: b, c\r\nnext";
  const std::string lines = annotations(overview, context());
  EXPECT_EQ(lines,
            "::error title=S3 in quick%2C seed 17::50 %25 of a: b, c%0D%0Anext%0Ain 3 runs; again: "
            "drawproof run --scenario quick --seed 17\n"
            "::error title=crashed in storm%2C seed 4::crashed by signal 11 (SIGSEGV)%0Ain 1 runs; "
            "again: drawproof run --scenario storm --seed 4\n");
}

}  // namespace
}  // namespace fuzz_test
