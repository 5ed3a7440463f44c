#include "properties/probes.h"

namespace properties {
namespace {

template <class Statistics>
struct Counted {
  const char* name;
  std::uint64_t Statistics::*count;
};

constexpr Counted<simnet::NetworkStatistics> kNetwork[] = {
    {"network.packet_cut_off", &simnet::NetworkStatistics::blocked},
    {"network.packet_lost", &simnet::NetworkStatistics::lost},
    {"network.packet_came_twice", &simnet::NetworkStatistics::duplicated},
    {"network.packet_came_out_of_order", &simnet::NetworkStatistics::reordered},
    {"network.packet_held_by_a_clog", &simnet::NetworkStatistics::clogged},
    {"network.packet_sent_again", &simnet::NetworkStatistics::retransmitted},
    {"network.bit_flipped", &simnet::NetworkStatistics::flipped},
    {"network.connection_reset", &simnet::NetworkStatistics::resets},
    {"network.stream_call_shortened", &simnet::NetworkStatistics::shortened},
};

constexpr Counted<simnet::WorldStatistics> kHosts[] = {
    {"host.process_crashed", &simnet::WorldStatistics::process_crashes},
    {"host.power_lost", &simnet::WorldStatistics::power_losses},
    {"host.stopped_itself", &simnet::WorldStatistics::fail_stops},
};

constexpr Counted<simnet::DiskStats> kDisks[] = {
    {"disk.call_failed", &simnet::DiskStats::injected_errors},
    {"disk.call_stalled", &simnet::DiskStats::stalls},
    {"disk.sync_lied", &simnet::DiskStats::lied_syncs},
    {"disk.write_lost", &simnet::DiskStats::lost_writes},
    {"disk.write_torn", &simnet::DiskStats::torn_writes},
    {"disk.write_misdirected", &simnet::DiskStats::misdirected_writes},
    {"disk.damage_read", &simnet::DiskStats::damaged_reads},
    {"disk.rot_read", &simnet::DiskStats::rotten_reads},
    {"disk.sector_unreadable", &simnet::DiskStats::latent_errors},
    {"disk.power_cut_inside_a_call", &simnet::DiskStats::power_cuts},
    {"disk.lost", &simnet::DiskStats::disk_losses},
};

// What a power loss did to sectors that were not synced.
constexpr Counted<simnet::SectorFates> kSectors[] = {
    {"disk.unsynced_sector_kept", &simnet::SectorFates::kept},
    {"disk.unsynced_sector_dropped", &simnet::SectorFates::dropped},
    {"disk.unsynced_sector_torn", &simnet::SectorFates::torn},
};

template <class Statistics, std::size_t size>
void add(ProbeCounts& counts, const Counted<Statistics> (&table)[size],
         const Statistics& statistics) {
  for (const Counted<Statistics>& row : table) {
    counts[row.name] += statistics.*row.count;
  }
}

void add_disk(ProbeCounts& counts, const simnet::DiskStats& stats) {
  add(counts, kDisks, stats);
  add(counts, kSectors, stats.sectors);
}

void add_faults(ProbeCounts& counts, const std::map<faults::Kind, std::uint64_t>& struck) {
  for (const faults::Kind kind : faults::all_kinds()) {
    const auto found = struck.find(kind);
    counts["fault." + std::string(faults::to_string(kind))] +=
        found == struck.end() ? 0 : found->second;
  }
}

}  // namespace

ProbeCounts probe_counts(const probe::Counts& system, simnet::World& world,
                         const std::map<faults::Kind, std::uint64_t>& struck) {
  ProbeCounts counts = system.by_name();
  add(counts, kNetwork, world.network().statistics());
  add(counts, kHosts, world.statistics());
  for (const auto& host : world.hosts()) {
    add_disk(counts, host->disk().stats());
  }
  add_faults(counts, struck);
  return counts;
}

ProbeCounts no_probes() {
  ProbeCounts counts = probe::Counts().by_name();
  add(counts, kNetwork, {});
  add(counts, kHosts, {});
  add_disk(counts, {});
  add_faults(counts, {});
  return counts;
}

void add(ProbeCounts& sum, const ProbeCounts& more) {
  for (const auto& [name, count] : more) {
    sum[name] += count;
  }
}

std::vector<std::string> never_reached(const ProbeCounts& counts) {
  std::vector<std::string> names;
  for (const auto& [name, count] : counts) {
    if (count == 0) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace properties
