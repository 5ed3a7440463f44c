#include "tests/tidy/determinism.h"

#include <gtest/gtest.h>

namespace tidy {
namespace {

std::size_t wrongs_in(std::string path, std::string text) {
  return check_determinism({std::move(path), std::move(text)}).size();
}

TEST(Determinism, TheTreeKeepsTheRules) {
  Findings all;
  for (const File& file : tree()) {
    const Findings some = check_determinism(file);
    all.insert(all.end(), some.begin(), some.end());
  }
  EXPECT_TRUE(all.empty()) << join(all);
}

TEST(Determinism, EachBanFindsItsBadInput) {
  const char* const bad[] = {
      "auto t = std::chrono::system_clock::now();",
      "auto t = std::chrono::steady_clock::now();",
      "auto t = std::chrono::high_resolution_clock :: now();",
      "auto t = time(nullptr);",
      "auto t = std::time(NULL);",
      "clock_gettime(0, &spec);",
      "std::random_device device;",
      "int x = rand();",
      "int x = std::rand();",
      "int x = ::rand();",
      "srand(seed);",
      "std::mt19937 engine(1);",
      "std::uniform_int_distribution<int> d(1, 6);",
      "std::shuffle(a, b, c);",
      "std::thread t(f);",
      "std::jthread t(f);",
      "auto f = std::async(g);",
      "std::this_thread::yield();",
      "const char* home = std::getenv(\"HOME\");",
      "setlocale(LC_ALL, \"\");",
      "std::locale l;",
      "std::unordered_map<int, int> m;",
      "std::unordered_set<int> m;",
      "boost::unordered_flat_map<int, int> m;",
      "std::map<Host*, int> m;",
      "std::set<const Host*> m;",
      "asio::steady_timer timer(executor);",
      "boost::asio::ip::tcp::socket socket(executor);",
      "boost::asio::thread_pool pool;",
      "#include <boost/asio/steady_timer.hpp>\n",
      "#include <boost/asio/ip/tcp.hpp>\n",
      "#include <thread>\n",
  };
  for (const char* text : bad) {
    EXPECT_EQ(wrongs_in("system/lottery/a.cc", text), 1u) << text;
    EXPECT_EQ(wrongs_in("properties/a.h", text), 1u) << text;
  }
}

TEST(Determinism, NoFloatsWhereChancesAreDrawn) {
  EXPECT_EQ(wrongs_in("simnet/link.cc", "double loss = 0;"), 1u);
  EXPECT_EQ(wrongs_in("faults/swarm.h", "float p;"), 1u);
  EXPECT_EQ(wrongs_in("properties/a.cc", "double rate = 0;"), 0u);
  EXPECT_EQ(wrongs_in("simnet/vfs.cc", "int current_time(sqlite3_vfs*, double* now) {"), 0u);
  EXPECT_EQ(wrongs_in("simnet/link.cc", "int current_time(sqlite3_vfs*, double* now) {"), 1u);
}

TEST(Determinism, NamesThatOnlyLookAlikePass) {
  const char* const good[] = {
      "// std::thread would be wrong here\n",
      "const char* s = \"system_clock::now()\";",
      "/* rand() */ int operand(int x);",
      "auto t = env.random(\"purpose\");",
      "std::uint64_t random(std::string_view purpose);",
      "auto t = world.time();",
      "auto n = grand(3);",
      "std::map<std::string, Host*> hosts;",
      "std::int64_t million = 1'000'000; auto c = 'x';",
      "const char* s = R\"(std::thread \" // )\"; int y = 0;",
  };
  for (const char* text : good) {
    EXPECT_EQ(wrongs_in("system/lottery/a.cc", text), 0u) << text;
  }
}

TEST(Determinism, RulesEndWhereTheWorldBegins) {
  const char* const clock = "auto t = std::chrono::steady_clock::now();";
  EXPECT_EQ(wrongs_in("system/real/clock.cc", clock), 0u);
  EXPECT_EQ(wrongs_in("traces/cli/progress.cc", clock), 0u);
  EXPECT_EQ(wrongs_in("tests/simnet/a_test.cc", clock), 0u);
  EXPECT_EQ(wrongs_in("traces/shrink.cc", clock), 1u);
}

TEST(Determinism, AFindingNamesTheLineAndTheReplacement) {
  const Findings findings = check_determinism({"simnet/a.cc", "int x;\n\nint y = rand();\n"});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_TRUE(findings[0].starts_with("simnet/a.cc:3: ")) << findings[0];
  EXPECT_NE(findings[0].find("env::Env::random"), std::string::npos);
}

TEST(CodeOnly, KeepsLinesAndCode) {
  EXPECT_EQ(code_only("a // b\nc"), "a     \nc");
  EXPECT_EQ(code_only("f(\"x\\\"y\", 'z');"), "f(\"    \", ' ');");
  EXPECT_EQ(code_only("/* a\n b */ c"), "    \n      c");
}

}  // namespace
}  // namespace tidy
