// `drawproof export`: the run of a trace in the formats of other programs.
#include <array>
#include <chrono>
#include <memory>

#include "traces/cli/command.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/seconds.h"
#include "traces/cli/story_of.h"
#include "traces/exports/chrome.h"
#include "traces/exports/jsonl.h"
#include "traces/exports/shiviz.h"
#include "traces/story/window.h"
#include "traces/trace.h"
#include "traces/writer.h"

namespace cli {
namespace {

struct ExportOptions {
  std::string program;
  std::string file;
  std::string format;
  std::string output;
  std::string from;
  std::string until;
  bool force = false;
};

struct Format {
  const char* name;
  std::string (*write)(const story::Story&);
};

constexpr std::array kFormats = {Format{"chrome", exports::to_chrome},
                                 Format{"shiviz", exports::to_shiviz},
                                 Format{"jsonl", exports::to_jsonl}};

const Format& format_named(const std::string& name) {
  for (const Format& format : kFormats) {
    if (name == format.name) {
      return format;
    }
  }
  throw faults::InputError("--format: expected chrome, shiviz or jsonl, got \"" + name + "\"");
}

int run_export(const ExportOptions& options) {
  const Format& format = format_named(options.format);
  const simnet::Time from = parse_seconds(options.from, "--from", {});
  const simnet::Time until = parse_seconds(options.until, "--until", simnet::Time::max());
  if (until < from) {
    throw faults::InputError("--until: expected no less than --from (" + options.from +
                             "), got \"" + options.until + "\"");
  }
  traces::check_can_save(options.output, options.force, "--output");
  std::optional<Retold> retold = story_of(options.file, options.program);
  if (!retold) {
    return kInterrupted;
  }
  retold->story = story::within(std::move(retold->story), traces::microseconds(from),
                                traces::microseconds(until));
  return deliver(*retold, format.write(retold->story), options.output, options.force);
}

}  // namespace

void add_export(CLI::App& program, const std::string& called_as, Action& action) {
  auto options = std::make_shared<ExportOptions>();
  options->program = called_as;
  CLI::App* command = program.add_subcommand(
      "export",
      "Run a trace again and write what happened for other programs:\n"
      "  chrome   Trace Event Format: ui.perfetto.dev, chrome://tracing\n"
      "  shiviz   a log with vector clocks; ShiViz's parser for it is\n"
      "           " +
          std::string(exports::kShivizParser) +
          "\n"
          "           and the first line of the file. ShiViz draws some thousand lines: use\n"
          "           --from and --until\n"
          "  jsonl    one thing per line as JSON\n"
          "The exit code is 0 when the file was written, whatever the run's verdict");
  command->add_option("TRACE", options->file, "A file written by run --save-trace")->required();
  command->add_option("--format", options->format, "chrome, shiviz or jsonl")->required();
  command->add_option("-o,--output", options->output, "The file")->required();
  command->add_option("--from", options->from, "What happens from this virtual second on");
  command->add_option("--until", options->until, "What happens up to this virtual second");
  command->add_flag("--force", options->force, "Replace the file if it exists");
  command->callback([options, &action] {
    action = [options] {
      catch_interrupts();
      return run_export(*options);
    };
  });
}

}  // namespace cli
