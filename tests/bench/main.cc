// bench: Google Benchmark's interface, or with --table the whole table of simnet/README.md
// in Markdown. Each figure comes with the bare loop measured in the same run.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "tests/bench/loops.h"
#include "tests/bench/websocket.h"
#include "tests/bench/worlds.h"

namespace bench {
namespace {

std::string millions(double rate) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f M/s", rate / 1e6);
  return text;
}

void row(const char* what, const std::string& figure, const std::string& bare,
         const std::string& ratio, const char* goal) {
  std::printf("| %s | %s | %s | %s | %s |\n", what, figure.c_str(), bare.c_str(), ratio.c_str(),
              goal);
  std::fflush(stdout);
}

void rated(const char* what, double rate, double bare, const char* goal) {
  char ratio[32];
  std::snprintf(ratio, sizeof ratio, "%.2f", rate / bare);
  row(what, millions(rate), millions(bare), ratio, goal);
}

std::string number(double value, const char* unit) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %s", value < 100 ? 2 : 0, value, unit);
  return text;
}

void sleeps(std::size_t count, const std::string& what, const char* goal) {
  const double bare = bare_sleeps_per_second(count);
  rated((what + " sleeping actors").c_str(), actor_sleeps_per_second(count), bare, goal);
  const double rate = sleeps_per_second(count);
  rated((what + " sleeping awaitables").c_str(), rate, bare, "");
  rated("  against Asio's coroutines in the bare loop", rate, asio_sleeps_per_second(count), "");
}

void datagrams(std::size_t hosts, const std::string& what, const char* goal) {
  const double bare = bare_messages_per_second(hosts);
  const std::string row = "datagrams of 64 bytes, " + what + " hosts, ";
  rated((row + "actors").c_str(), actor_datagrams_per_second(hosts), bare, goal);
  rated((row + "awaitables").c_str(), datagrams_per_second(hosts), bare, "");
}

void print_table() {
  // First of all: later the pool holds what the other workloads have left.
  const double connection_bytes = bytes_per_connection();
  const double actor_bytes = bytes_per_sleeping_actor();
  const double sleeper_bytes = bytes_per_sleeper();
  const double host_bytes = bytes_per_host();
  std::printf("| workload | simnet | bare loop | ratio | goal |\n|---|---|---|---|---|\n");
  sleeps(1'000, "1,000", "0.8");
  sleeps(100'000, "100,000", "2");
  sleeps(1'000'000, "1,000,000", "cost below 3x that of 1,000");
  datagrams(5, "5", "7 M/s");
  datagrams(1'000, "1,000", "3.5 M/s");
  rated("stream messages of 64 bytes, 5 hosts", stream_messages_per_second(5),
        bare_messages_per_second(5), "3 M/s");
  row("universes of 5 hosts and 10 round trips", number(universes_per_second(), "/s"), "", "",
      "50,000 /s");
  row("WebSocket round trip (Beast)", number(1e6 / websocket_round_trips_per_second(), "us"), "",
      "", "2.5 us");
  row("memory per idle connection pair", number(connection_bytes, "bytes"), "", "", "4,096");
  row("memory per sleeping awaitable", number(sleeper_bytes, "bytes"), "", "", "1,024");
  row("memory per sleeping actor", number(actor_bytes, "bytes"), "", "", "");
  row("memory per idle host, 10,000 in one world", number(host_bytes, "bytes"), "", "", "");
}

// A rate of ours as a benchmark of one iteration that reports it.
void report(benchmark::State& state, double (*measure)()) {
  for (auto unused : state) {
    (void)unused;
    state.counters["per_second"] = measure();
  }
}

void register_all() {
  const auto add = [](const char* name, double (*measure)()) {
    benchmark::RegisterBenchmark(name, report, measure)->Iterations(1);
  };
  add("sleep/1000", [] { return sleeps_per_second(1'000); });
  add("sleep/1000/actors", [] { return actor_sleeps_per_second(1'000); });
  add("sleep/1000/bare", [] { return bare_sleeps_per_second(1'000); });
  add("sleep/1000/bare_asio", [] { return asio_sleeps_per_second(1'000); });
  add("sleep/100000", [] { return sleeps_per_second(100'000); });
  add("sleep/100000/actors", [] { return actor_sleeps_per_second(100'000); });
  add("sleep/100000/bare", [] { return bare_sleeps_per_second(100'000); });
  add("sleep/1000000", [] { return sleeps_per_second(1'000'000); });
  add("sleep/1000000/actors", [] { return actor_sleeps_per_second(1'000'000); });
  add("sleep/1000000/bare", [] { return bare_sleeps_per_second(1'000'000); });
  add("datagram/5/actors", [] { return actor_datagrams_per_second(5); });
  add("datagram/1000/actors", [] { return actor_datagrams_per_second(1'000); });
  add("datagram/5", [] { return datagrams_per_second(5); });
  add("datagram/5/bare", [] { return bare_messages_per_second(5); });
  add("datagram/1000", [] { return datagrams_per_second(1'000); });
  add("datagram/1000/bare", [] { return bare_messages_per_second(1'000); });
  add("stream/5", [] { return stream_messages_per_second(5); });
  add("universe", universes_per_second);
  add("websocket_round_trip", websocket_round_trips_per_second);
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--table") == 0) {
    bench::print_table();
    return 0;
  }
  bench::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
