// Hand-made histories of each model, generated ones of real size, and hostile files.
#include "properties/linearizability/check.h"

#include <gtest/gtest.h>

#include "properties/linearizability/edn.h"
#include "properties/linearizability/input_error.h"
#include "properties/linearizability/jsonl.h"
#include "tests/faults/mutate.h"
#include "tests/linearizability/generator.h"

namespace linearizability_test {
namespace {

using namespace linearizability;

ModelOptions model(ModelKind kind, const char* initial = nullptr) {
  ModelOptions options;
  options.kind = kind;
  if (initial != nullptr) {
    options.initial = parse_edn(initial, "initial");
  }
  return options;
}

// Each line: process, type, f and value, as in "0 ok read 3".
CheckReport check_lines(const ModelOptions& options, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    const std::size_t a = line.find(' ');
    const std::size_t b = line.find(' ', a + 1);
    const std::size_t c = line.find(' ', b + 1);
    text += "{:process " + line.substr(0, a) + " :type :" + line.substr(a + 1, b - a - 1) +
            " :f :" + line.substr(b + 1, c - b - 1) +
            (c == std::string::npos ? "" : " :value" + line.substr(c)) + "}\n";
  }
  return check(read_edn(text, {"h", false}), options, {});
}

bool holds(const ModelOptions& options, const std::vector<std::string>& lines) {
  return check_lines(options, lines).verdict == Verdict::linearizable;
}

TEST(Register, UnknownWriteMayTakeEffectLateOrNever) {
  const std::vector<std::string> start{"0 invoke write 1", "0 info write 1", "1 invoke read"};
  const auto reads = [&](const std::vector<std::string>& rest) {
    std::vector<std::string> lines = start;
    lines.insert(lines.end(), rest.begin(), rest.end());
    return holds(model(ModelKind::register_), lines);
  };
  EXPECT_TRUE(reads({"1 ok read nil", "1 invoke read", "1 ok read 1"}));
  EXPECT_TRUE(reads({"1 ok read 1", "1 invoke read", "1 ok read 1"}));
  EXPECT_FALSE(reads({"1 ok read 1", "1 invoke read", "1 ok read nil"})) << "only once";
}

TEST(Lock, TokensGrowAndOneHolds) {
  const ModelOptions lock = model(ModelKind::lock);
  EXPECT_TRUE(holds(lock, {"0 invoke acquire", "0 ok acquire 1", "0 invoke release 1",
                           "0 ok release 1", "1 invoke acquire", "1 ok acquire 2"}));
  EXPECT_FALSE(
      holds(lock, {"0 invoke acquire", "0 ok acquire 1", "1 invoke acquire", "1 ok acquire 2"}));
  EXPECT_FALSE(holds(lock, {"0 invoke acquire", "0 ok acquire 2", "0 invoke release 2",
                            "0 ok release 2", "1 invoke acquire", "1 ok acquire 2"}));
  EXPECT_TRUE(holds(lock, {"0 invoke acquire", "0 ok acquire 1", "9 invoke expire 1",
                           "1 invoke acquire", "1 ok acquire 2"}))
      << "the lease may have ended";
  EXPECT_FALSE(
      holds(lock, {"0 invoke acquire", "0 ok acquire 1", "9 invoke expire 1", "1 invoke acquire",
                   "1 ok acquire 2", "0 invoke renew 1", "0 ok renew 1"}))
      << "and then its holder has lost it";
}

TEST(Stock, NeverOversold) {
  const ModelOptions stock = model(ModelKind::stock, "3");
  EXPECT_TRUE(holds(stock, {"0 invoke sell 2", "1 invoke hold 1", "0 ok sell", "1 ok hold",
                            "0 invoke read", "0 ok read 0"}));
  EXPECT_FALSE(holds(stock, {"0 invoke sell 2", "1 invoke hold 2", "0 ok sell", "1 ok hold"}));
  EXPECT_TRUE(holds(stock, {"0 invoke hold 2", "0 ok hold", "1 invoke release 2", "1 info release",
                            "2 invoke sell 3", "2 ok sell"}));
  EXPECT_FALSE(
      holds(stock, {"1 invoke release 2", "1 info release", "2 invoke sell 4", "2 ok sell"}))
      << "nothing was held";
}

TEST(Bank, ReadsSeeWholeTransfers) {
  const ModelOptions bank = model(ModelKind::bank, "{0 10, 1 10}");
  const std::string transfer = "{:from 0 :to 1 :amount 5}";
  EXPECT_TRUE(holds(bank, {"0 invoke transfer " + transfer, "1 invoke read", "1 ok read {0 5 1 15}",
                           "0 ok transfer"}));
  EXPECT_FALSE(holds(bank, {"0 invoke transfer " + transfer, "1 invoke read",
                            "1 ok read {0 5 1 10}", "0 ok transfer"}));
  EXPECT_FALSE(holds(bank, {"0 invoke transfer {:from 0 :to 1 :amount 11}", "0 ok transfer"}));
}

TEST(Witness, ShowsTheWriteThatWasLost) {
  const CheckReport report = check_lines(
      model(ModelKind::register_),
      {"0 invoke write 1", "0 ok write", "1 invoke read", "1 ok read 1", "1 invoke write 2",
       "1 ok write", "2 invoke read", "2 ok read 1", "2 invoke write 3", "2 ok write"});
  ASSERT_TRUE(report.witness);
  std::vector<std::string> calls;
  for (const WitnessOperation& shown : report.witness->operations) {
    calls.push_back(shown.call);
  }
  EXPECT_EQ(calls, (std::vector<std::string>{"write 1", "write 2", "read -> 1"}));
  EXPECT_EQ(report.witness->failed, 2u);
  EXPECT_EQ(report.witness->prefix, 4u);
  ASSERT_EQ(report.witness->ends.size(), 1u);
  EXPECT_EQ(report.witness->ends[0].state, "the register holds 2");
  const std::string text = to_text(*report.witness);
  EXPECT_NE(text.find("line 8: process 2, read -> 1"), std::string::npos) << text;
}

TEST(Models, RefuseWhatTheyDoNotKnow) {
  const auto refusal = [](const ModelOptions& options, const std::vector<std::string>& lines) {
    try {
      check_lines(options, lines);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(refusal(model(ModelKind::register_), {"0 invoke increment 1"}),
            "h: line 1: f: expected read, write or cas, got increment");
  EXPECT_EQ(refusal(model(ModelKind::register_), {"0 invoke cas 1"}),
            "h: line 1: value: expected a pair [from to], got 1");
  EXPECT_EQ(refusal(model(ModelKind::register_), {"0 invoke write 1", "0 ok write 2"}),
            "h: line 2: value: expected 1, as in line 1, or none, got 2");
  EXPECT_EQ(refusal(model(ModelKind::stock), {}),
            "--initial: expected the units at the start, an integer from 0 to 1000000000000, got "
            "nothing");
  EXPECT_EQ(refusal(model(ModelKind::stock, "1"), {"0 invoke sell 0"}).substr(0, 40),
            "h: line 1: value: expected units, an int");
  EXPECT_EQ(refusal(model(ModelKind::lock), {"0 invoke acquire", "0 ok acquire :a"}).substr(0, 36),
            "h: line 2: value: expected a token, ");
  EXPECT_EQ(refusal(model(ModelKind::bank), {"0 invoke transfer 5"}),
            "h: line 1: value: expected a map with from, to and amount, got 5");
  EXPECT_EQ(refusal(model(ModelKind::bank, ":a"), {}).substr(0, 30),
            "--initial: expected a balance,");
}

CheckReport check_generated(const GeneratorOptions& options) {
  return check(read_jsonl(generate(options), {"h", false}), model_options(options), {});
}

TEST(Large, RegisterOfTenKeys) {
  for (const std::uint64_t stale_from : {0, 98'000}) {
    GeneratorOptions options;
    options.operations = 100'000;
    options.keys = 10;
    options.stale_from = stale_from;
    const CheckReport report = check_generated(options);
    EXPECT_EQ(report.verdict, stale_from == 0 ? Verdict::linearizable : Verdict::not_linearizable);
    EXPECT_GT(report.unknown, 800u);
    EXPECT_EQ(report.not_linearizable.size(), stale_from == 0 ? 0u : 1u);
  }
}

TEST(Large, GeneratedHistoriesAreLinearizable) {
  for (const ModelKind kind :
       {ModelKind::register_, ModelKind::stock, ModelKind::lock, ModelKind::bank}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      GeneratorOptions options;
      options.kind = kind;
      options.seed = seed;
      options.operations = 300;
      options.clients = 5;
      options.values = 4;
      EXPECT_EQ(check_generated(options).verdict, Verdict::linearizable)
          << static_cast<int>(kind) << " seed " << seed;
    }
  }
}

TEST(Large, BankOfFiveThousandEvents) {
  GeneratorOptions options;
  options.kind = ModelKind::bank;
  options.operations = 2'500;
  EXPECT_EQ(check_generated(options).verdict, Verdict::linearizable);
}

// Whatever a file holds, it is checked or refused in words.
TEST(Fuzz, MutatedHistoriesAreCheckedOrRefused) {
  GeneratorOptions generated;
  generated.operations = 12;
  generated.clients = 3;
  generated.unknown_permille = 100;
  const std::string jsonl = generate(generated);
  const std::string edn =
      "{:type :invoke, :f :write, :value 3, :process 0, :index 0}\n"
      "#op{:type :ok, :f :write, :value 3, :process 0, :index 1} ; done\n"
      "{:type :invoke :f :cas :value [3 \\u0041] :process 1} #_ (a \"b\\n\" #{1 2})\n"
      "{:type :info :f :cas :value [3 \\u0041] :process 1}\n";
  SearchOptions options;
  options.configurations = 1'000;
  options.work = 100'000;
  int refused = 0;
  int checked = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const bool as_edn = i % 2 == 0;
    const std::string hostile = faults_test::mutate(as_edn ? edn : jsonl, i);
    try {
      History history =
          as_edn ? read_edn(hostile, {"h", false}) : read_jsonl(hostile, {"h", false});
      const CheckReport report = check(std::move(history), model(ModelKind::register_), options);
      checked += report.witness && to_text(*report.witness).empty() ? 0 : 1;
    } catch (const InputError& error) {
      ++refused;
      EXPECT_TRUE(std::string(error.what()).starts_with("h: line ")) << error.what();
    }
  }
  EXPECT_GT(refused, 5'000);
  EXPECT_GT(checked, 500);
}

}  // namespace
}  // namespace linearizability_test
