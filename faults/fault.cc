#include "faults/fault.h"

#include <array>
#include <utility>

#include "simnet/ppm.h"

namespace faults {
namespace {

constexpr std::int64_t kSecond_us = 1'000'000;
constexpr std::int64_t kLargestDrift_ppm = 500'000;  // simnet::Clock's

constexpr Number kCalls[] = {{"value", &Fault::value, 1, kDay_ms}};
constexpr Number kAnyValue[] = {{"value", &Fault::value, -kDay_ms, kDay_ms}};
constexpr Number kDegrade[] = {{"extra_latency_ms", &Fault::extra_latency_ms, 0, kDay_ms, 0},
                               {"loss_ppm", &Fault::loss_ppm, 0, simnet::kMillion, 0},
                               {"duplicate_ppm", &Fault::duplicate_ppm, 0, simnet::kMillion, 0},
                               {"reorder_ppm", &Fault::reorder_ppm, 0, simnet::kMillion, 0}};
constexpr Number kShort[] = {{"short_ppm", &Fault::value, 1, simnet::kMillion}};
constexpr Number kFlip[] = {{"flip_ppm", &Fault::value, 1, simnet::kMillion}};
constexpr Number kBandwidth[] = {
    {"bandwidth_bytes_per_s", &Fault::value, 1, std::int64_t{1'000'000'000'000}}};
constexpr Number kDrift[] = {{"drift_ppm", &Fault::value, -kLargestDrift_ppm, kLargestDrift_ppm}};
constexpr Number kTaskCost[] = {{"task_cost_us", &Fault::value, 1, 10 * kSecond_us}};
constexpr Number kSlowDisk[] = {{"times", &Fault::value, 1, 1'000'000},
                                {"stall_permille", &Fault::stall_permille, 0, 1000, 0},
                                {"stall_ms", &Fault::stall_ms, 0, kDay_ms, 0}};
constexpr Number kErrors[] = {{"error_permille", &Fault::value, 1, 1000}};
constexpr Number kAim[] = {{"after_ms", &Fault::after_ms, 0, kDay_ms, 0}};
constexpr Number kIsolation[] = {{"after_ms", &Fault::after_ms, 0, kDay_ms, 0},
                                 {"reaches", &Fault::reaches, 0, 1000, 0}};
constexpr Number kSectors[] = {{"sector_ppm", &Fault::value, 1, simnet::kMillion}};

constexpr Shape between(std::string_view name, std::span<const Number> numbers = {}) {
  return {.name = name, .family = Family::network, .peers = true, .numbers = numbers};
}

constexpr Shape at_once(Shape shape) {
  shape.lasts = false;
  return shape;
}

constexpr Shape aimed(std::string_view name, Family family, std::span<const Number> numbers) {
  return {.name = name, .family = family, .aimed = true, .numbers = numbers};
}

constexpr Shape of(Family family, std::string_view name, std::span<const Number> numbers = {}) {
  return {.name = name, .family = family, .numbers = numbers};
}

constexpr std::array kShapes{
    std::pair{Kind::crash, of(Family::machine, "crash")},
    std::pair{Kind::power_loss, of(Family::machine, "power_loss")},
    std::pair{Kind::power_cut, of(Family::machine, "power_cut", kCalls)},
    std::pair{Kind::pause, of(Family::machine, "pause")},
    std::pair{Kind::partition, between("partition")},
    std::pair{Kind::one_way, between("one_way")},
    std::pair{Kind::degrade, between("degrade", kDegrade)},
    std::pair{Kind::clock_jump, at_once(of(Family::clock, "clock_jump", kAnyValue))},
    std::pair{
        Kind::setting,
        Shape{.name = "setting", .family = Family::service, .named = true, .numbers = kAnyValue}},
    std::pair{Kind::bridge,
              Shape{.name = "bridge", .family = Family::network, .peers = true, .bridges = true}},
    std::pair{Kind::region,
              Shape{.name = "region", .family = Family::network, .hosts = false, .regions = true}},
    std::pair{Kind::clog, between("clog")},
    std::pair{Kind::reset, at_once(between("reset"))},
    std::pair{Kind::half_open, at_once(between("half_open"))},
    std::pair{Kind::refuse, between("refuse")},
    std::pair{Kind::hang, between("hang")},
    std::pair{Kind::short_io, between("short_io", kShort)},
    std::pair{Kind::flip, Shape{.name = "flip",
                                .family = Family::network,
                                .peers = true,
                                .checksum = true,
                                .numbers = kFlip}},
    std::pair{Kind::slow_link, between("slow_link", kBandwidth)},
    std::pair{Kind::dns_fail, of(Family::network, "dns_fail")},
    std::pair{Kind::dns_stale, of(Family::network, "dns_stale")},
    std::pair{Kind::clock_drift, of(Family::clock, "clock_drift", kDrift)},
    std::pair{Kind::clock_freeze, of(Family::clock, "clock_freeze")},
    std::pair{Kind::slow_cpu, of(Family::machine, "slow_cpu", kTaskCost)},
    std::pair{Kind::disk_loss, of(Family::machine, "disk_loss")},
    std::pair{Kind::disk_slow, of(Family::disk, "disk_slow", kSlowDisk)},
    std::pair{Kind::disk_error, of(Family::disk, "disk_error", kErrors)},
    std::pair{Kind::disk_full, of(Family::disk, "disk_full")},
    std::pair{Kind::lying_sync, of(Family::disk, "lying_sync")},
    std::pair{Kind::bit_rot, of(Family::disk, "bit_rot", kSectors)},
    std::pair{Kind::latent_error, of(Family::disk, "latent_error", kSectors)},
    std::pair{Kind::lost_write, of(Family::disk, "lost_write", kSectors)},
    std::pair{Kind::torn_write, of(Family::disk, "torn_write", kSectors)},
    std::pair{Kind::misdirected_write, of(Family::disk, "misdirected_write", kSectors)},
    std::pair{Kind::isolate_leader, aimed("isolate_leader", Family::network, kIsolation)},
    std::pair{Kind::deafen_leader, aimed("deafen_leader", Family::network, kAim)},
    std::pair{Kind::pause_leader, aimed("pause_leader", Family::machine, kAim)},
    std::pair{Kind::crash_leader, aimed("crash_leader", Family::machine, kAim)},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kShapes.size(); ++i) {
    if (static_cast<std::size_t>(kShapes[i].first) != i) {
      return false;
    }
  }
  return true;
}
static_assert(in_order());

}  // namespace

const Shape& shape_of(Kind kind) { return kShapes.at(static_cast<std::size_t>(kind)).second; }

std::string_view to_string(Kind kind) { return shape_of(kind).name; }

const std::vector<Kind>& all_kinds() {
  static const std::vector<Kind> kinds = [] {
    std::vector<Kind> result;
    for (const auto& [kind, shape] : kShapes) {
      result.push_back(kind);
    }
    return result;
  }();
  return kinds;
}

}  // namespace faults
