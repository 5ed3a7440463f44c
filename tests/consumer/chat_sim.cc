// chat_sim SEED or chat_sim FIRST..LAST: one line per universe, its digest and verdict.
// Exit code 0 when all hold, 1 when one is violated, 2 for bad usage, 3 for anything else.
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <exception>
#include <string_view>

#include "universe.h"

namespace chat {
namespace {

struct Seeds {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

bool parse(std::string_view text, std::uint64_t& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc() && end == text.data() + text.size();
}

bool parse(std::string_view text, Seeds& into) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    into.last = 0;
    return parse(text, into.first) && parse(text, into.last);
  }
  return parse(text.substr(0, dots), into.first) && parse(text.substr(dots + 2), into.last) &&
         into.first <= into.last;
}

bool holds(std::uint64_t seed) {
  const Verdict verdict = run_universe(seed);
  std::printf("seed %" PRIu64 "  digest %016" PRIx64 "  said %" PRIu64 "  acknowledged %" PRIu64
              "  repeated %" PRIu64 "  connections %" PRIu64 "  crashes %" PRIu64
              "  power losses %" PRIu64 "  %s%s\n",
              seed, verdict.digest, verdict.said, verdict.acknowledged, verdict.repeats,
              verdict.connections, verdict.crashes, verdict.power_losses,
              verdict.wrong.empty() ? "holds" : "VIOLATED: ", verdict.wrong.c_str());
  return verdict.wrong.empty();
}

int run(const Seeds& seeds) {
  std::uint64_t violated = 0;
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    violated += holds(seed) ? 0 : 1;
  }
  std::printf("%" PRIu64 " universes, %" PRIu64 " violated\n", seeds.last - seeds.first + 1,
              violated);
  return violated == 0 ? 0 : 1;
}

}  // namespace
}  // namespace chat

int main(int argc, char** argv) {
  chat::Seeds seeds;
  if (argc != 2 || !chat::parse(argv[1], seeds)) {
    std::fprintf(stderr, "usage: chat_sim SEED | chat_sim FIRST..LAST\n");
    return 2;
  }
  try {
    return chat::run(seeds);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "chat_sim: %s\n", error.what());
    return 3;
  }
}
