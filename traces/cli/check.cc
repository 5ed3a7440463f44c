// `drawproof check`: is a history, ours or another system's, linearizable?
#include "traces/cli/check.h"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "faults/input.h"
#include "properties/linearizability/edn.h"
#include "properties/linearizability/input_error.h"
#include "properties/linearizability/jsonl.h"
#include "traces/cli/command.h"
#include "traces/cli/exit_code.h"

namespace cli {
namespace {

namespace lin = linearizability;

constexpr std::size_t kHistoryLimit_bytes = std::size_t{512} << 20;
constexpr std::size_t kConfigurationsMax = std::size_t{1} << 26;

std::string read_all(std::istream& in, const std::string& name) {
  std::string text;
  for (char block[1 << 16]; in.read(block, sizeof block) || in.gcount() > 0;) {
    text.append(block, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kHistoryLimit_bytes) {
      throw faults::InputError(name + ": larger than " + std::to_string(kHistoryLimit_bytes) +
                               " bytes");
    }
  }
  if (in.bad()) {
    throw faults::InputError(name + ": cannot be read: the disk reports an error");
  }
  return text;
}

std::string read_history_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw faults::InputError(path + ": cannot be read: it is a directory");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw faults::InputError(path + ": cannot be read: no such file, or no permission");
  }
  return read_all(file, path);
}

// By the name, and for others by the first event: JSON has a quote behind its brace.
bool is_edn(const CheckOptions& options, std::string_view text) {
  if (options.format != "auto") {
    return options.format == "edn";
  }
  if (options.file.ends_with(".edn") || options.file.ends_with(".jsonl") ||
      options.file.ends_with(".json")) {
    return options.file.ends_with(".edn");
  }
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) {
    return false;
  }
  const std::size_t second = text.find_first_not_of(kBlanks, first + 1);
  const bool json = text[first] == '{' && second != std::string_view::npos && (text[second] == '"');
  return !json;
}

lin::Value parse_initial(const std::string& text) {
  try {
    return lin::parse_json(text, "");
  } catch (const lin::InputError&) {
  }
  try {
    return lin::parse_edn(text, "");
  } catch (const lin::InputError&) {
    throw faults::InputError("--initial: expected a value in JSON or EDN, got \"" + text + "\"");
  }
}

lin::ModelOptions model_options(const CheckOptions& options) {
  lin::ModelOptions model;
  model.kind = options.model == "register" ? lin::ModelKind::register_
               : options.model == "stock"  ? lin::ModelKind::stock
               : options.model == "lock"   ? lin::ModelKind::lock
                                           : lin::ModelKind::bank;
  if (!options.initial.empty()) {
    model.initial = parse_initial(options.initial);
  }
  if (options.allow_negative && model.kind != lin::ModelKind::bank) {
    throw faults::InputError("--allow-negative: expected with --model bank only, got --model " +
                             options.model);
  }
  model.allow_negative = options.allow_negative;
  return model;
}

std::size_t configurations(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0 ||
      number > kConfigurationsMax) {
    throw faults::InputError("--configurations: expected an integer from 1 to " +
                             std::to_string(kConfigurationsMax) + ", got \"" + text + "\"");
  }
  return number;
}

}  // namespace

lin::CheckReport check_history(const CheckOptions& options) {
  const lin::ModelOptions model = model_options(options);
  lin::SearchOptions search;
  search.configurations = configurations(options.configurations);
  const bool standard_input = options.file == "-";
  const std::string name = standard_input ? "standard input" : options.file;
  try {
    lin::History history;
    {
      const std::string text =
          standard_input ? read_all(std::cin, name) : read_history_file(options.file);
      const lin::HistoryOptions as{name, options.key_independent};
      history = is_edn(options, text) ? lin::read_edn(text, as) : lin::read_jsonl(text, as);
    }
    return lin::check(std::move(history), model, search);
  } catch (const lin::InputError& error) {
    throw faults::InputError(error.what());  // makes one clean line of it
  }
}

int exit_code(const lin::CheckReport& report) {
  switch (report.verdict) {
    case lin::Verdict::linearizable:
      return kHolds;
    case lin::Verdict::not_linearizable:
      return kSafetyViolated;
    case lin::Verdict::undecided:
      return kInternalError;
  }
  return kInternalError;
}

void add_check(CLI::App& program, Action& action) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* check = program.add_subcommand(
      "check",
      "Check whether a history is linearizable: one event per line, as JSON or in Jepsen's EDN.\n"
      "Exit code 0 it is, 1 it is not (with a witness), 2 bad input, 6 undecided within\n"
      "--configurations. traces/README.md has the format and what each model knows");
  check->add_option("FILE", options->file, "The history; - reads standard input")->required();
  check->add_option("--model", options->model, "register, stock, lock or bank")
      ->required()
      ->check(CLI::IsMember({"register", "stock", "lock", "bank"}));
  check->add_option("--format", options->format, "jsonl, edn, or auto: by name and first event")
      ->capture_default_str()
      ->check(CLI::IsMember({"jsonl", "edn", "auto"}));
  check->add_flag("--key-independent", options->key_independent,
                  "Values are pairs [key value], one object per key");
  check->add_option("--initial", options->initial,
                    "What each object holds at the start: of a register its value (default nil),\n"
                    "of a stock its units (required), of a bank the balance of each account or\n"
                    "a map of them (default 0)");
  check->add_flag("--allow-negative", options->allow_negative, "bank: accounts may go below zero");
  check
      ->add_option("--configurations", options->configurations,
                   "How many possibilities to keep in memory at most")
      ->capture_default_str();
  check->add_flag("--json", options->json, "Print the report as JSON on standard output");
  check->callback([options, &action] {
    action = [options] {
      const lin::CheckReport report = check_history(*options);
      if (options->json) {
        print_json(*options, report);
      } else {
        print_text(*options, report);
      }
      return exit_code(report);
    };
  });
}

}  // namespace cli
