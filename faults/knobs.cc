#include "faults/knobs.h"

#include <algorithm>

#include "simnet/ppm.h"
#include "simnet/world.h"

namespace faults {
namespace {

constexpr std::int64_t kPermille = 1000;
constexpr std::int64_t kSlowest_permille = 4'000'000'000;

std::int64_t sum_of(Kind kind, const UnderWay& under_way) {
  std::int64_t sum = 0;
  for (const Fault* fault : under_way) {
    sum += fault->kind == kind ? fault->value : 0;
  }
  return sum;
}

bool any_of(Kind kind, const UnderWay& under_way) {
  return std::any_of(under_way.begin(), under_way.end(),
                     [kind](const Fault* fault) { return fault->kind == kind; });
}

std::uint32_t add(std::uint32_t rate, std::int64_t more, std::int64_t highest) {
  return static_cast<std::uint32_t>(std::min(highest, rate + more));
}

void slow_down(simnet::DiskFaults& faults, const UnderWay& under_way) {
  const std::int64_t usual = faults.cost_permille;
  for (const Fault* fault : under_way) {
    if (fault->kind == Kind::disk_slow) {
      faults.cost_permille =
          std::max(faults.cost_permille,
                   static_cast<std::uint32_t>(std::min(kSlowest_permille, usual * fault->value)));
      faults.stall_permille = add(faults.stall_permille, fault->stall_permille, kPermille);
      faults.stall =
          std::max<simnet::Duration>(faults.stall, std::chrono::milliseconds(fault->stall_ms));
    }
  }
}

// Nothing in a draw depends on the incarnation: what a sector suffers does not heal
// when a process is started anew.
simnet::Draw draw_of(simnet::Host& host) {
  return [&world = host.world(), id = host.id()](std::string_view purpose, std::uint64_t a,
                                                 std::uint64_t b) {
    return world.tape().draw({simnet::Purpose(purpose), simnet::place_of(id, 0), a, b});
  };
}

void add_faults(simnet::DiskFaults& faults, const UnderWay& under_way) {
  const auto sectors = [&](std::uint32_t& rate, Kind kind) {
    rate = add(rate, sum_of(kind, under_way), simnet::kMillion);
  };
  faults.io_error.permille =
      add(faults.io_error.permille, sum_of(Kind::disk_error, under_way), kPermille);
  if (any_of(Kind::disk_full, under_way)) {
    faults.no_space.permille = kPermille;
  }
  faults.lying_sync |= any_of(Kind::lying_sync, under_way);
  sectors(faults.bit_rot_ppm, Kind::bit_rot);
  sectors(faults.latent_error_ppm, Kind::latent_error);
  sectors(faults.lost_write_ppm, Kind::lost_write);
  sectors(faults.torn_write_ppm, Kind::torn_write);
  sectors(faults.misdirected_write_ppm, Kind::misdirected_write);
  slow_down(faults, under_way);
}

}  // namespace

bool Knobs::turns(Kind kind) {
  return kind == Kind::slow_cpu || kind == Kind::clock_drift || kind == Kind::clock_freeze ||
         shape_of(kind).family == Family::disk;
}

const Knobs::Before& Knobs::before(const simnet::Host& host) {
  return before_.try_emplace(host.id(), Before{host.clock().drift_ppm(), host.task_cost()})
      .first->second;
}

void Knobs::turn(simnet::Host& host, Kind kind, const UnderWay& under_way) {
  if (shape_of(kind).family == Family::disk) {
    turn_disk(host, kind, under_way);
  } else if (shape_of(kind).family == Family::clock) {
    turn_clock(host, kind, under_way);
  } else if (kind == Kind::slow_cpu) {
    host.set_task_cost(before(host).task_cost + std::chrono::microseconds(sum_of(kind, under_way)));
  }
}

void Knobs::turn_clock(simnet::Host& host, Kind kind, const UnderWay& under_way) {
  const simnet::Time now = host.world().now();
  if (kind == Kind::clock_drift) {
    host.clock().set_drift(now, before(host).drift_ppm + sum_of(kind, under_way));
  } else if (any_of(kind, under_way)) {
    host.clock().freeze_wall(now);
  } else {
    host.clock().thaw_wall(now);
  }
}

void Knobs::turn_disk(simnet::Host& host, Kind kind, const UnderWay& under_way) {
  simnet::DiskFaults faults =
      disks_before_.try_emplace(host.id(), host.disk().faults()).first->second;
  add_faults(faults, under_way);
  if (kind == Kind::lost_write || kind == Kind::torn_write || kind == Kind::misdirected_write) {
    damaged_.insert(host.id());
  }
  faults.damage_stays |= damaged_.contains(host.id());
  if (!faults.draw) {
    faults.draw = draw_of(host);
  }
  host.disk().set_faults(std::move(faults));
}

}  // namespace faults
