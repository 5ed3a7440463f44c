// One fault as plain data, and the shape of each kind: which fields it has and what they
// may be. The reader and the writer of plans, the swarm and the tests go by this table.
// The catalogue is in README.md: what each kind does and the real cause it stands for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faults {

enum class Kind : std::uint8_t {
  // The machine and its process.
  crash,       // the process dies; the machine stays up
  power_loss,  // the machine goes dark; unsynced sectors are at chance
  power_cut,   // power loss inside the `value`-th disk call from then
  pause,       // the process stands still; the machine's network goes on
  // The network.
  partition,  // nothing between `hosts` and `peers`, both ways
  one_way,    // nothing from `hosts` to `peers`
  degrade,    // packets between `hosts` and `peers` late, lost, twice or out of order
  // The clocks, and what a service is told.
  clock_jump,  // the wall clock moves by `value` ms, for good
  setting,     // the setting `name` of the service has `value`
  // The network, again. All of them between `hosts` and `peers`, both ways.
  bridge,     // cut off, but for those in `bridges`, which everybody reaches
  region,     // nothing from or to the hosts of `regions`
  clog,       // what arrives waits, all of it until the end
  reset,      // the connections there are now are reset
  half_open,  // the same, but only the ends on `hosts` know
  refuse,     // connects are refused
  hang,       // connects get no answer
  short_io,   // reads and writes of streams move only a part
  flip,       // a bit of a packet is flipped
  slow_link,  // little bandwidth
  dns_fail,   // the resolvers of `hosts` get no answer
  dns_stale,  // the resolvers of `hosts` take what they once heard
  // The clocks, again.
  clock_drift,   // both clocks run fast or slow by `value` ppm
  clock_freeze,  // the wall clock stands still
  // The machine, again.
  slow_cpu,   // every task of the process takes `value` us
  disk_loss,  // the machine goes dark and its disk is empty afterwards
  // The disk.
  disk_slow,          // calls take `value` times as long, some stall
  disk_error,         // EIO
  disk_full,          // ENOSPC
  lying_sync,         // fsync reports success and does nothing
  bit_rot,            // a bit of a sector reads flipped
  latent_error,       // a sector cannot be read
  lost_write,         // a sector keeps its old content
  torn_write,         // a sector is half new, half old
  misdirected_write,  // a sector's content lands in another one
  // Whoever of `hosts` leads them, or the next one that does (aim.h).
  isolate_leader,  // cut off from the others, but for `reaches` of them
  deafen_leader,   // nothing arrives at it from the others; what it sends does
  pause_leader,
  crash_leader,
};

enum class Family : std::uint8_t { machine, network, clock, disk, service };

struct Fault {
  Kind kind = Kind::crash;
  std::int64_t at_ms = 0;
  std::int64_t for_ms = 0;           // how long; 0 for kinds that do not last
  std::vector<std::string> hosts;    // whom it strikes; all kinds but region
  std::vector<std::string> peers;    // the other side of the links that it strikes
  std::vector<std::string> bridges;  // bridge
  std::vector<std::string> regions;  // region
  std::string name;                  // setting
  // The one figure of most kinds; its name in a plan's file tells the unit.
  std::int64_t value = 0;
  std::int64_t extra_latency_ms = 0;  // degrade
  std::int64_t loss_ppm = 0;          // degrade
  std::int64_t duplicate_ppm = 0;     // degrade
  std::int64_t reorder_ppm = 0;       // degrade
  bool checksum = true;               // flip: the receiver's checksum finds it
  std::int64_t stall_ms = 0;          // disk_slow
  std::int64_t stall_permille = 0;    // disk_slow
  std::int64_t after_ms = 0;          // aimed: since the election, or since at_ms if that is later
  std::int64_t reaches = 0;           // isolate_leader: so many of the others

  bool operator==(const Fault&) const = default;
};

// A whole number that a fault has.
struct Number {
  std::string_view name;  // in a plan's file
  std::int64_t Fault::*member = nullptr;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::optional<std::int64_t> otherwise = std::nullopt;  // nullopt: must be given
};

struct Shape {
  std::string_view name;
  Family family = Family::machine;
  bool lasts = true;  // has for_ms; else it strikes once, for good
  bool hosts = true;
  bool peers = false;
  bool bridges = false;
  bool regions = false;
  bool named = false;
  bool checksum = false;
  bool aimed = false;  // strikes who leads `hosts`; for_ms counts from the strike
  std::span<const Number> numbers{};
};

inline constexpr std::int64_t kDay_ms = 86'400'000;

const Shape& shape_of(Kind kind);
std::string_view to_string(Kind kind);
// In the order of the enumeration.
const std::vector<Kind>& all_kinds();

}  // namespace faults
