#include "tests/vfs/crash_lab.h"

#include "simnet/random.h"

namespace vfs_tests {
namespace {

constexpr int kTransactions = 10;
constexpr std::uint64_t kWorkloadsPerShape = 2;
constexpr std::uint64_t kCallsOfARecovery = 16;
constexpr Shape kShapes[] = {Shape::small, Shape::spilling, Shape::shrinking};

}  // namespace

simnet::Draw draw_of(std::uint64_t seed) {
  return
      [key = simnet::StreamKey(seed)](std::string_view purpose, std::uint64_t a, std::uint64_t b) {
        return key.child(purpose).child(a).at(b);
      };
}

std::string LabSetup::pragmas() const {
  return "PRAGMA page_size=1024; PRAGMA locking_mode=" + locking_mode +
         "; PRAGMA journal_mode=" + journal_mode + "; PRAGMA synchronous=" + synchronous +
         "; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=20;";
}

Lab::Lab(const LabSetup& setup, std::uint64_t seed)
    : setup_(setup), disk_({.sector_bytes = setup.sector_bytes}) {
  vfs_.add_disk("h", disk_);
  simnet::DiskFaults faults = setup.faults;
  faults.draw = draw_of(seed);
  disk_.set_faults(faults);
}

Progress Lab::run(const Books& books) {
  return Session(books, kPath, setup_.pragmas()).run(1, books.size());
}

void Lab::lose_power(std::uint64_t seed) {
  simnet::DiskFaults faults;
  faults.damage_stays = setup_.faults.strikes_writes();
  faults.draw = draw_of(seed);
  disk_.set_faults(faults);
  disk_.disarm_power_cut();
  disk_.power_loss(draw_of(seed));
  disk_.power_on();
}

void Tally::add(const Verdict& verdict, const std::string& where) {
  const auto symptom = static_cast<std::size_t>(verdict.symptom);
  ++experiments;
  if (of[symptom]++ == 0) {
    first[symptom] = where + ": " + verdict.detail;
  }
}

std::string Tally::text() const {
  constexpr const char* kNames[] = {"sound", "lost a commit", "half a transaction", "corrupt"};
  std::string text = std::to_string(experiments) + " experiments";
  for (std::size_t i = 0; i < kSymptoms; ++i) {
    text += std::string("; ") + kNames[i] + " " + std::to_string(of[i]);
    if (i > 0 && of[i] > 0) {
      text += " (" + first[i] + ")";
    }
  }
  return text;
}

std::uint64_t calls_of(const Books& books, const LabSetup& setup) {
  Lab lab(setup, 0);
  lab.run(books);
  return lab.disk().stats().calls;
}

void cut_power(const Books& books, const LabSetup& setup, std::uint64_t call, std::uint64_t seed,
               Tally& tally) {
  Lab lab(setup, seed);
  lab.disk().cut_power_after(call);
  const Progress progress = lab.run(books);
  lab.lose_power(seed);
  if (seed % 4 == 0) {
    lab.disk().cut_power_after(1 +
                               simnet::below(draw_of(seed)("again", call, 0), kCallsOfARecovery));
    Connection(Lab::kPath).text("SELECT count(*) FROM book");
    tally.cut_again += lab.disk().power_was_cut() ? 1U : 0U;
    lab.lose_power(~seed);
  }
  tally.add(judge(books, Lab::kPath, progress),
            "call " + std::to_string(call) + ", seed " + std::to_string(seed));
  const simnet::SectorFates& fates = lab.disk().stats().sectors;
  tally.sectors.kept += fates.kept;
  tally.sectors.dropped += fates.dropped;
  tally.sectors.torn += fates.torn;
}

Tally cut_power_often(const LabSetup& setup, std::uint64_t cuts, std::uint64_t seed) {
  Tally tally;
  constexpr std::uint64_t kWorkloads = std::size(kShapes) * kWorkloadsPerShape;
  for (std::uint64_t i = 0; i < kWorkloads; ++i) {
    const Books books(kShapes[i % std::size(kShapes)], seed + i, kTransactions, setup.savepoints());
    const std::uint64_t calls = calls_of(books, setup);
    const std::uint64_t share = (cuts + kWorkloads - 1 - i) / kWorkloads;
    for (std::uint64_t n = 0; n < share; ++n) {
      // One call past the end: the power goes when all is done.
      cut_power(books, setup, 1 + n * (calls + 1) / share, seed + (i << 32) + n, tally);
    }
  }
  return tally;
}

}  // namespace vfs_tests
