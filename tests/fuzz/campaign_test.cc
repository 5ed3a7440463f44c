// The database: what is in it after a kill, who may open it, and the union of two.
#include "traces/fuzz/campaign.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/support.h"
#include "traces/fuzz/merge.h"

namespace fuzz_test {
namespace {

using fuzz::Access;
using fuzz::Campaign;
using fuzz::CampaignFile;
using fuzz::Failure;
using fuzz::Kind;
using fuzz::RunRow;

RunRow row_of(std::uint64_t seed, std::uint64_t digest) {
  RunRow row;
  row.task.seed = seed;
  row.verdict = "holds";
  row.digest = digest;
  row.events = 1000 + seed;
  row.virtual_us = 1'000'000;
  row.wall_us = 200'000;
  row.faults = {{"crash", 2}};
  row.probes = {{"deposed leader", seed}};
  return row;
}

Failure charged_twice() {
  return {{Kind::safety_violated, "S3", "", "charged # times"}, "charged 2 times", "noise"};
}

void add_failing(Campaign& campaign, std::uint64_t seed) {
  RunRow row = row_of(seed, seed);
  row.verdict = "safety_violated";
  campaign.add_failure(row, charged_twice());
}

TEST(CampaignBooks, RunsAndFindingsAreThereWhenItIsOpenedAgain) {
  const Folder folder;
  const std::string path = folder.file("c.db");
  {
    CampaignFile file(path, Access::create);
    Campaign campaign(file, identity(), 100);
    campaign.add(row_of(1, 11));
    add_failing(campaign, 3);
    add_failing(campaign, 2);
    campaign.flush(1500);
  }
  {
    CampaignFile file(path, Access::create);
    Campaign campaign(file, identity(), 200);
    fuzz::Task task;
    task.seed = 1;
    EXPECT_TRUE(campaign.done(task));
    task.compared = true;
    EXPECT_FALSE(campaign.done(task)) << "its second run is missing";
    task.seed = 9;
    EXPECT_FALSE(campaign.done(task));
    task.seed = 2;
    ASSERT_EQ(campaign.findings_of(task).size(), 1u);
    EXPECT_EQ(campaign.findings_of(task).begin()->second, Kind::safety_violated);
    campaign.flush(500);
  }
  const fuzz::Overview all = overview_of(path);
  ASSERT_EQ(all.campaigns.size(), 1u);
  EXPECT_EQ(all.campaigns[0].started_s, 100);
  EXPECT_EQ(all.campaigns[0].wall_ms, 2000);
  EXPECT_EQ(all.scenarios.at("quick").runs, 3u);
  EXPECT_EQ(all.scenarios.at("quick").verdicts.at("safety_violated"), 2u);
  EXPECT_EQ(all.faults.at("crash"), 6u);
  EXPECT_EQ(all.probes.at("deposed leader"), 6u);
  ASSERT_EQ(all.findings.size(), 1u);
  EXPECT_EQ(all.findings[0].count, 2u);
  EXPECT_EQ(all.findings[0].smallest.seed, 2u);
  EXPECT_EQ(all.findings[0].first[0].seed, 2u);
  EXPECT_EQ(all.findings[0].diagnostics, "noise");
}

TEST(CampaignBooks, TheSmallestRunStandsForAFinding) {
  const Folder folder;
  CampaignFile file(folder.file("c.db"), Access::create);
  Campaign campaign(file, identity(), 0);
  RunRow row = row_of(50, 1);
  const fuzz::Recorded first = campaign.add_failure(row, charged_twice());
  EXPECT_TRUE(first.smallest);
  EXPECT_EQ(first.nth, 1u);
  campaign.set_trace(first.finding, "fifty.json");
  row = row_of(60, 1);
  const fuzz::Recorded larger = campaign.add_failure(row, charged_twice());
  EXPECT_FALSE(larger.smallest);
  EXPECT_EQ(larger.finding, first.finding);
  EXPECT_EQ(larger.nth, 2u);
  row = row_of(40, 1);
  const fuzz::Recorded smaller = campaign.add_failure(row, charged_twice());
  EXPECT_TRUE(smaller.smallest);
  EXPECT_EQ(smaller.old_trace, "fifty.json");
  campaign.flush(0);
}

TEST(CampaignBooks, LargeSeedsKeepAllBits) {
  const Folder folder;
  const std::string path = folder.file("c.db");
  {
    CampaignFile file(path, Access::create);
    fuzz::Identity large = identity();
    large.seed_base = UINT64_MAX;
    Campaign campaign(file, large, 0);
    add_failing(campaign, UINT64_MAX);
    campaign.flush(0);
    EXPECT_EQ(fuzz::newest_campaign(file.database())->seed_base, UINT64_MAX);
    EXPECT_EQ(fuzz::newest_campaign(file.database())->scenarios, std::vector<std::string>{"quick"});
    file.database().execute("UPDATE campaigns SET scenarios = '[3'");
    EXPECT_NE(refusal([&] { fuzz::newest_campaign(file.database()); }).find("is damaged"),
              std::string::npos);
  }
  EXPECT_EQ(overview_of(path).findings[0].smallest.seed, UINT64_MAX);
}

// The child tells through a pipe that a finding is in the books, and is killed at once.
TEST(CampaignBooks, AKillLosesNoFindingThatWasTold) {
  const Folder folder;
  const std::string path = folder.file("c.db");
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    CampaignFile file(path, Access::create);
    Campaign campaign(file, identity(), 0);
    for (std::uint64_t seed = 1;; ++seed) {
      campaign.add(row_of(1000 + seed, seed));
      add_failing(campaign, seed);
      campaign.add(row_of(2000 + seed, seed));
      if (write(ends[1], &seed, sizeof seed) != sizeof seed) {
        _exit(0);
      }
    }
  }
  close(ends[1]);
  std::uint64_t told = 0;
  while (told < 25 && read(ends[0], &told, sizeof told) == sizeof told) {
  }
  kill(child, SIGKILL);
  for (std::uint64_t more = 0; read(ends[0], &more, sizeof more) == sizeof more;) {
    told = more;
  }
  waitpid(child, nullptr, 0);
  close(ends[0]);
  const fuzz::Overview all = overview_of(path);
  ASSERT_EQ(all.findings.size(), 1u);
  EXPECT_GE(all.findings[0].count, told);
  EXPECT_GE(all.scenarios.at("quick").runs, 3 * told - 1)
      << "also what was pending before the last";
}

void expect_refused(const std::string& path, Access access, const std::string& expected) {
  const std::string text = refusal([&] { CampaignFile file(path, access); });
  EXPECT_NE(text.find(expected), std::string::npos) << "\"" << text << "\", expected " << expected;
  EXPECT_TRUE(text.starts_with(path)) << text;
  EXPECT_EQ(text.find('\n'), std::string::npos) << text;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(CampaignFiles, OthersAreRefusedAndLeftAlone) {
  const Folder folder;
  const std::string text = folder.file("text.db");
  std::ofstream(text) << "these are no tables, but a long enough text";
  expect_refused(text, Access::create, "is no campaign's database, nor any of SQLite");
  EXPECT_EQ(bytes_of(text), "these are no tables, but a long enough text");

  const std::string foreign = folder.file("foreign.db");
  fuzz::Sqlite(foreign, Access::create).execute("CREATE TABLE birds (name)");
  const std::string before = bytes_of(foreign);
  expect_refused(foreign, Access::create, "is a database of SQLite, but of no campaign");
  EXPECT_EQ(bytes_of(foreign), before);

  const std::string newer = folder.file("newer.db");
  { CampaignFile file(newer, Access::create); }
  fuzz::Sqlite(newer, Access::write).execute("PRAGMA user_version = 2");
  expect_refused(newer, Access::create,
                 "has version 2 of the tables; this program knows version 1");

  const std::string damaged = folder.file("damaged.db");
  {
    CampaignFile file(damaged, Access::create);
    Campaign campaign(file, identity(), 0);
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
      campaign.add(row_of(seed, seed));
    }
    campaign.flush(0);
  }
  {
    std::fstream file(damaged, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 3);
    file << std::string(4096 * 4, '\xA5');
  }
  expect_refused(damaged, Access::create, "is damaged");

  expect_refused(folder.path(), Access::create, "is a directory");
  expect_refused(folder.file("none.db"), Access::read, "there is no such database");
  expect_refused(folder.file("no/folder/c.db"), Access::create, "there is no folder");
  expect_refused("/dev/null", Access::create, "is no regular file");
  std::ofstream(folder.file("empty.db"));
  expect_refused(folder.file("empty.db"), Access::read, "is no campaign's database");
}

TEST(CampaignFiles, AnEmptyFileBecomesOne) {
  const Folder folder;
  std::ofstream(folder.file("empty.db"));
  { CampaignFile file(folder.file("empty.db"), Access::create); }
  EXPECT_TRUE(overview_of(folder.file("empty.db")).findings.empty());
}

TEST(CampaignFiles, OneThatMayNotBeWrittenIsRefused) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "the superuser may write everything";
  }
  const Folder folder;
  const std::string path = folder.file("c.db");
  { CampaignFile file(path, Access::create); }
  ASSERT_EQ(chmod(path.c_str(), 0444), 0);
  expect_refused(path, Access::create, "cannot be written");
  EXPECT_TRUE(overview_of(path).findings.empty());
}

TEST(CampaignFiles, OneWriterManyReaders) {
  const Folder folder;
  const std::string path = folder.file("c.db");
  CampaignFile file(path, Access::create);
  Campaign campaign(file, identity(), 0);
  add_failing(campaign, 1);
  expect_refused(path, Access::create, "another campaign is writing this database");
  campaign.add(row_of(2, 2));  // pending
  EXPECT_EQ(overview_of(path).scenarios.at("quick").runs, 1u);
  campaign.flush(0);
  EXPECT_EQ(overview_of(path).scenarios.at("quick").runs, 2u);
}

std::string database_of(const Folder& folder, const std::string& name,
                        const std::vector<RunRow>& runs, std::uint64_t shard = 0) {
  const std::string path = folder.file(name);
  CampaignFile file(path, Access::create);
  fuzz::Identity who = identity();
  who.shard = shard;
  who.shards = 2;
  Campaign campaign(file, who, 0);
  for (const RunRow& run : runs) {
    if (run.verdict == "holds") {
      campaign.add(run);
    } else {
      campaign.add_failure(run, charged_twice());
    }
  }
  campaign.flush(0);
  return path;
}

RunRow failing(std::uint64_t seed) {
  RunRow row = row_of(seed, seed);
  row.verdict = "safety_violated";
  return row;
}

fuzz::Merged add(const std::string& into, const std::string& from) {
  CampaignFile file(into, Access::create);
  CampaignFile other(from, Access::read);
  return merge(file.database(), other.database());
}

TEST(CampaignUnion, HasEachRunOnceAndAllFailuresOfAFinding) {
  const Folder folder;
  const std::string one = database_of(folder, "1.db", {row_of(1, 1), failing(3), row_of(5, 5)});
  const std::string two = database_of(folder, "2.db", {failing(2), row_of(4, 4), row_of(5, 5)}, 1);
  const std::string both = folder.file("both.db");
  const fuzz::Merged first = add(both, one);
  EXPECT_EQ(first.runs, 3u);
  const fuzz::Merged second = add(both, two);
  EXPECT_EQ(second.runs, 2u);
  EXPECT_EQ(second.known, 1u);
  EXPECT_EQ(second.different, 0u);
  EXPECT_EQ(add(both, two).runs, 0u) << "again changes nothing";
  const fuzz::Overview all = overview_of(both);
  EXPECT_EQ(all.campaigns.size(), 2u);
  EXPECT_EQ(all.scenarios.at("quick").runs, 5u);
  ASSERT_EQ(all.findings.size(), 1u);
  EXPECT_EQ(all.findings[0].count, 2u);
  EXPECT_EQ(all.findings[0].smallest.seed, 2u);
}

TEST(CampaignUnion, ARunWithTwoDigestsIsNonDeterminism) {
  const Folder folder;
  const std::string both = folder.file("both.db");
  add(both, database_of(folder, "1.db", {row_of(7, 1), row_of(8, 8)}));
  EXPECT_EQ(add(both, database_of(folder, "2.db", {row_of(7, 2), row_of(8, 8)})).different, 1u);
  const fuzz::Overview all = overview_of(both);
  ASSERT_EQ(all.findings.size(), 1u);
  EXPECT_EQ(all.findings[0].cause.kind, Kind::non_determinism);
  EXPECT_EQ(all.findings[0].smallest.seed, 7u);
}

TEST(CampaignUnion, DifferentCodeMayHaveDifferentDigests) {
  const Folder folder;
  const std::string both = folder.file("both.db");
  add(both, database_of(folder, "1.db", {row_of(7, 1)}));
  const std::string later = folder.file("later.db");
  {
    CampaignFile file(later, Access::create);
    fuzz::Identity who = identity();
    who.build = "1.0 def";
    Campaign campaign(file, who, 0);
    campaign.add(row_of(7, 2));
    campaign.flush(0);
  }
  const fuzz::Merged merged = add(both, later);
  EXPECT_EQ(merged.runs, 1u);
  EXPECT_EQ(merged.different, 0u);
}

}  // namespace
}  // namespace fuzz_test
