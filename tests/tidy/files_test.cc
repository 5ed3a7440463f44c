#include "tests/tidy/files.h"

#include <gtest/gtest.h>

namespace tidy {
namespace {

TEST(Files, NoDeadFileInTheTree) {
  const Findings findings = check_dead_files(tree());
  EXPECT_TRUE(findings.empty()) << join(findings);
}

TEST(Files, EveryFolderOfTheTreeIsDescribed) {
  const Findings findings = check_readmes(tree());
  EXPECT_TRUE(findings.empty()) << join(findings);
}

TEST(Files, TextAndLinksOfTheTree) {
  Findings all;
  for (const File& file : tree()) {
    Findings some = check_text(file);
    all.insert(all.end(), some.begin(), some.end());
    if (file.path.ends_with(".md")) {
      some = check_links_of_markdown(file, tree());
      all.insert(all.end(), some.begin(), some.end());
    }
  }
  EXPECT_TRUE(all.empty()) << join(all);
}

TEST(Files, DeadFilesAreFound) {
  const std::vector<File> files = {
      {"CMakeLists.txt",
       "drawproof_library(a a DEPS b)\n"
       "file(GLOB s CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/c/d/*.cc)\n"},
      {"a/used.cc", "#include \"a/used.h\"\n"},
      {"a/used.h", ""},
      {"a/unused.h", ""},
      {"b/never.cc", ""},
      {"c/d/globbed.cc", ""},
      {"tests/e/f_test.cc", ""},
      {"tests/tests.cmake", "\ndrawproof_tests(e a)\n"},
      {"tests/g/h_test.cc", ""},
      {"tests/outside/CMakeLists.txt", "add_executable(x main.cc\n  other.cc)\n"},
      {"tests/outside/main.cc", "#include \"main.h\"\n#include \"a/installed.h\"\n"},
      {"a/installed.h", ""},
      {"tests/outside/main.h", ""},
      {"tests/outside/other.cc", ""},
      {"tests/outside/another.cc", ""},
      {"tests/outside/other.h", ""},
  };
  EXPECT_EQ(check_dead_files(files),
            (Findings{"a/unused.h is included by nothing", "b/never.cc is compiled by no target",
                      "tests/g/h_test.cc is compiled by no target",
                      "tests/outside/another.cc is compiled by no target",
                      "tests/outside/other.h is included by nothing"}));
}

TEST(Files, MissingReadmesAreFound) {
  const std::vector<File> files = {{"system/README.md", ""},   {"system/a/x.cc", ""},
                                   {"system/b/README.md", ""}, {"tests/a/x.cc", ""},
                                   {"CMakeLists.txt", ""},     {".ci/run", ""}};
  EXPECT_EQ(check_readmes(files),
            (Findings{"system/a/ has no README.md", "tests/ has no README.md"}));
}

TEST(Files, BadTextIsFound) {
  EXPECT_EQ(check_text({"a.cc", std::string("x\n// TO") + "DO later\n"}),
            (Findings{std::string("a.cc:2: `TO") + "DO`: postponed work; do it or file it"}));
  EXPECT_EQ(check_text({"a.cc", std::string("FIX") + "ME"}).size(), 1u);
  EXPECT_EQ(check_text({"a.md", std::string("see /ho") + "me/me/x"}).size(), 1u);
  EXPECT_EQ(check_text({"a.md", std::string("\"/tm") + "p/x\""}).size(), 1u);
  EXPECT_EQ(
      check_text({"a.md", std::string("src/wo") + "rk/x and https://a.org/home/x and /draws/7"})
          .size(),
      0u);
}

TEST(Files, LinksIntoTheVoidAreFound) {
  const std::vector<File> files = {{"a/README.md", ""}, {"b/c.md", ""}};
  const auto check = [&](std::string text) {
    return check_links_of_markdown({"a/README.md", std::move(text)}, files).size();
  };
  EXPECT_EQ(check("[x](../b/c.md) [y](../b/) [z](https://a.org/q) [w](#part)"), 0u);
  EXPECT_EQ(check("[x](../b/d.md)"), 1u);
  EXPECT_EQ(check("[x](b/c.md#part)"), 1u);
}

}  // namespace
}  // namespace tidy
