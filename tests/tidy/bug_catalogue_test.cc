#include "tests/tidy/bug_catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tidy {
namespace {

using nlohmann::json;

const std::vector<File> kFiles = {
    {"system/a.cc", "int once = 1; int x = 2; int y = 2;"},
    {"system/a.h", "int once = 1;"},
    {"properties/p.cc", "std::string_view id() const { return \"S3\"; }"},
};

json good() {
  return {{"id", "M1"},           {"name", "n"},           {"file", "system/a.cc"},
          {"search", "once = 1"}, {"replace", "once = 2"}, {"caught_by", {"S3"}},
          {"needs_fault", true},  {"fault", "crash"},      {"source", "s"},
          {"fast", true}};
}

Findings check(const std::vector<json>& bugs) {
  return check_bug_catalogue(json{{"version", 1}, {"bugs", bugs}}.dump(), kFiles);
}

Findings check_with(const char* member, const json& value) {
  json bug = good();
  bug[member] = value;
  return check({bug});
}

TEST(BugCatalogue, OfTheTree) {
  const auto file = std::ranges::find(tree(), "properties/bugs.json", &File::path);
  ASSERT_NE(file, tree().end());
  const Findings findings = check_bug_catalogue(file->text, tree());
  EXPECT_TRUE(findings.empty()) << join(findings);
}

TEST(BugCatalogue, AGoodEntryPasses) { EXPECT_EQ(check({good()}), Findings{}); }

TEST(BugCatalogue, BadEntriesAreFound) {
  EXPECT_EQ(check_with("search", "int"),
            Findings{"M1: its search text must occur exactly once in system/a.cc"});
  EXPECT_EQ(check_with("search", "none").size(), 1u);
  EXPECT_EQ(check_with("search", "").size(), 1u);
  EXPECT_EQ(check_with("replace", "once = 1").size(), 1u);
  EXPECT_EQ(check_with("file", "system/b.cc"), Findings{"M1: there is no file system/b.cc"});
  EXPECT_EQ(check_with("file", "system/a.h").size(), 1u);
  EXPECT_EQ(check_with("caught_by", {"S4"}), Findings{"M1: there is no property S4"});
  EXPECT_EQ(check_with("caught_by", json::array()).size(), 1u);
  EXPECT_EQ(check_with("caught_by", {"determinism"}), Findings{});
  EXPECT_EQ(check_with("caught_by", {"abort"}), Findings{});
  EXPECT_EQ(check_with("caught_by", {"abort", "S3"}), Findings{"M1: abort stands alone"});
  EXPECT_EQ(check_with("fault", "").size(), 1u);
  EXPECT_EQ(check_with("needs_fault", "yes").size(), 1u);
  EXPECT_EQ(check_with("fast", 1).size(), 1u);
  EXPECT_EQ(check({good(), good()}).size(), 1u);
  EXPECT_EQ(check_bug_catalogue("{", kFiles).size(), 1u);
  EXPECT_EQ(check_bug_catalogue("{\"version\":2,\"bugs\":[]}", kFiles).size(), 1u);
  json bare = good();
  bare.erase("source");
  EXPECT_EQ(check({bare}).size(), 1u);
}

}  // namespace
}  // namespace tidy
