#include "tests/tidy/edges.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tidy {
namespace {

std::size_t found(std::string path, std::string text) {
  return check_includes(File{std::move(path), std::move(text)}).size();
}

const File& file_at(std::string_view path) { return *std::ranges::find(tree(), path, &File::path); }

TEST(Edges, IncludesOfTheTree) {
  Findings all;
  for (const File& file : tree()) {
    const Findings some = check_includes(file);
    all.insert(all.end(), some.begin(), some.end());
  }
  EXPECT_TRUE(all.empty()) << join(all);
}

TEST(Edges, LinksOfTheTree) {
  const auto libraries = libraries_of(file_at("CMakeLists.txt").text);
  EXPECT_GE(libraries.size(), 8u) << "the calls of drawproof_library were not found";
  const Findings findings = check_links(libraries);
  EXPECT_TRUE(findings.empty()) << join(findings);
}

TEST(Edges, EveryLibraryFolderIsRuled) {
  const auto libraries = libraries_of(file_at("CMakeLists.txt").text);
  for (const Library& library : libraries) {
    EXPECT_EQ(module_of(library.folder + "/a.h"), library.folder);
  }
}

TEST(Edges, ForbiddenIncludesAreFound) {
  EXPECT_EQ(found("system/lottery/a.cc", "#include \"simnet/world.h\"\n"), 1u);
  EXPECT_EQ(found("system/lottery/a.cc", "#include \"simnet/env/sim_env.h\"\n"), 1u);
  EXPECT_EQ(found("system/store/a.cc", "#include \"system/rpc/codec.h\"\n"), 1u);
  EXPECT_EQ(found("system/env/a.h", "#include \"system/lottery/messages.h\"\n"), 1u);
  EXPECT_EQ(found("system/raft/a.h", "#include <boost/asio/awaitable.hpp>\n"), 1u);
  EXPECT_EQ(found("system/raft/a.h", "#include \"system/env/time.h\"\n"), 1u);
  EXPECT_EQ(found("system/probe/a.h", "#include \"system/env/time.h\"\n"), 1u);
  EXPECT_EQ(found("simnet/a.h", "#include \"system/env/env.h\"\n"), 1u);
  EXPECT_EQ(found("simnet/a.h", "#include \"system/probe/probe.h\"\n"), 1u);
  EXPECT_EQ(found("simnet/a.h", "#include \"simnet/env/sim_env.h\"\n"), 1u);
  EXPECT_EQ(found("simnet/a.h", "#include <nlohmann/json.hpp>\n"), 1u);
  EXPECT_EQ(found("faults/a.h", "#include \"properties/property.h\"\n"), 1u);
  EXPECT_EQ(found("properties/a.h", "#include \"system/real/net.h\"\n"), 1u);
  EXPECT_EQ(found("properties/a.h", "#include \"traces/format.h\"\n"), 1u);
  EXPECT_EQ(found("properties/a.h", "#include \"traces/cli/command.h\"\n"), 1u);
  EXPECT_EQ(found("properties/linearizability/a.h", "#include \"properties/property.h\"\n"), 1u);
  EXPECT_EQ(found("properties/linearizability/a.h", "#include \"simnet/random.h\"\n"), 1u);
  EXPECT_EQ(found("traces/a.h", "#include \"properties/property.h\"\n"), 1u);
  EXPECT_EQ(found("system/lottery/a.cc", "#include <rapidcheck.h>\n"), 1u);
  EXPECT_EQ(found("system/lottery/a.cc", "#include \"messages.h\"\n"), 1u);
}

TEST(Edges, AllowedIncludesPass) {
  EXPECT_EQ(found("system/lottery/a.cc", "#include \"system/store/database.h\"\n"), 0u);
  EXPECT_EQ(found("simnet/env/a.cc", "#include \"system/env/env.h\"\n"), 0u);
  EXPECT_EQ(found("simnet/env/a.cc", "#include \"simnet/world.h\"\n"), 0u);
  EXPECT_EQ(found("traces/cli/a.cc", "#include \"properties/property.h\"\n"), 0u);
  EXPECT_EQ(found("tests/simnet/a.cc", "#include \"system/env/env.h\"\n"), 0u);
  EXPECT_EQ(found("system/raft/a.h", "#include <vector>\n"), 0u);
}

TEST(Edges, ForbiddenLinksAreFound) {
  const auto libraries = libraries_of(
      "function(drawproof_library name folder)\nendfunction()\n"
      "drawproof_library(env system/env DEPS asio)\n"
      "drawproof_library(simnet simnet\n  DEPS asio env)\n"
      "drawproof_library(odd system/odd DEPS env)\n");
  ASSERT_EQ(libraries.size(), 3u);
  EXPECT_EQ(libraries[1].deps, (std::set<std::string>{"asio", "env"}));
  const Findings findings = check_links(libraries);
  ASSERT_EQ(findings.size(), 2u) << join(findings);
  EXPECT_EQ(findings[0], "target simnet may not link env");
}

}  // namespace
}  // namespace tidy
