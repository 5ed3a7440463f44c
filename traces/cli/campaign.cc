// `drawproof campaign`: what databases of campaigns tell, and their union.
#include <cstdio>
#include <filesystem>
#include <memory>

#include "faults/input.h"
#include "traces/cli/campaign_report.h"
#include "traces/cli/command.h"
#include "traces/cli/exit_code.h"
#include "traces/fuzz/campaign_file.h"
#include "traces/fuzz/merge.h"

namespace cli {
namespace {

struct CampaignOptions {
  std::string program;
  std::string db;
  std::vector<std::string> others;
  bool json = false;
};

int show(const CampaignOptions& options) {
  fuzz::CampaignFile file(options.db, fuzz::Access::read);
  const fuzz::Overview overview = fuzz::overview(file.database());
  if (options.json) {
    std::printf("%s\n", overview_json(options.program, overview)
                            .dump(2, ' ', false, faults::Json::error_handler_t::replace)
                            .c_str());
  } else {
    print_overview(options.program, overview);
  }
  return kHolds;
}

// Under another name first, so that a failure or a kill leaves no half of a union.
int merge(const CampaignOptions& options) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(options.db, error)) {
    throw faults::InputError(options.db + ": exists already; name a file that does not");
  }
  const std::string half = options.db + ".part";
  fs::remove(half, error);
  std::uint64_t different = 0;
  std::string text;  // printed when all went well
  try {
    fuzz::CampaignFile into(half, fuzz::Access::create);
    for (const std::string& path : options.others) {
      fuzz::CampaignFile other(path, fuzz::Access::read);
      const fuzz::Merged merged = fuzz::merge(into.database(), other.database());
      different += merged.different;
      text += path + ": " + std::to_string(merged.runs) + " runs, " + std::to_string(merged.known) +
              " more that were there already, " + std::to_string(merged.different) +
              " of those different\n";
    }
  } catch (...) {
    fs::remove(half, error);
    throw;
  }
  fs::rename(half, options.db, error);
  if (error) {
    throw faults::InputError(options.db + ": cannot be written: " + error.message());
  }
  std::fputs(text.c_str(), stdout);
  return different == 0 ? kHolds : kNonDeterminism;
}

}  // namespace

void add_campaign(CLI::App& program, const std::string& called_as, Action& action) {
  auto options = std::make_shared<CampaignOptions>();
  options->program = called_as;
  CLI::App* campaign =
      program.add_subcommand("campaign", "Show or unite the databases that `fuzz` writes");
  campaign->require_subcommand(1);
  CLI::App* shown = campaign->add_subcommand("show", "Runs, verdicts, faults and findings");
  shown->add_option("db", options->db, "The database")->required();
  shown->add_flag("--json", options->json, "As JSON");
  shown->callback([options, &action] { action = [options] { return show(*options); }; });
  CLI::App* merged = campaign->add_subcommand(
      "merge",
      "Write the union of databases to a new one. Exit code 4 when two of them have\n"
      "one run with two digests");
  merged->add_option("out", options->db, "The new database")->required();
  merged->add_option("db", options->others, "Those to unite")->required();
  merged->callback([options, &action] { action = [options] { return merge(*options); }; });
}

}  // namespace cli
