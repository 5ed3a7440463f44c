// `drawproof view`: the run of a trace as one page for a browser.
#include <memory>

#include "traces/cli/command.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/story_of.h"
#include "traces/view/page.h"
#include "traces/writer.h"

namespace cli {
namespace {

struct ViewOptions {
  std::string program;
  std::string file;
  std::string output;
  bool force = false;
};

int run_view(const ViewOptions& options) {
  traces::check_can_save(options.output, options.force, "--output");
  const std::optional<Retold> retold = story_of(options.file, options.program);
  if (!retold) {
    return kInterrupted;
  }
  return deliver(*retold, view::page(retold->story), options.output, options.force);
}

}  // namespace

void add_view(CLI::App& program, const std::string& called_as, Action& action) {
  auto options = std::make_shared<ViewOptions>();
  options->program = called_as;
  CLI::App* view = program.add_subcommand(
      "view",
      "Run a trace again and write what happened as one page for a browser, which needs no\n"
      "network: lanes of hosts, messages, faults, the books, and the story of each violation.\n"
      "The exit code is 0 when the page was written, whatever the run's verdict");
  view->add_option("TRACE", options->file, "A file written by run --save-trace")->required();
  view->add_option("-o,--output", options->output, "The page")->required();
  view->add_flag("--force", options->force, "Replace the page if it exists");
  view->callback([options, &action] {
    action = [options] {
      catch_interrupts();
      return run_view(*options);
    };
  });
}

}  // namespace cli
