#include "faults/atlas.h"

namespace faults {
namespace {

constexpr std::string_view kOnlyCopy = "the only copy of what it must not forget is gone";
constexpr std::string_view kLie =
    "what the disk called durable goes with the next power loss, and nobody else has it";
constexpr std::string_view kUnnoticed =
    "it gets back other bytes than it wrote, without a checksum to notice or a copy to mend them";
constexpr std::string_view kForgets =
    "it breaks a promise to the others that it no longer knows of: a vote, or an entry it has";
constexpr std::string_view kOtherMessage =
    "the message that arrives is another one, and nothing in it tells: a digit may be an amount";

}  // namespace

std::string_view excuse(const Fault& fault, const Standing& standing) {
  const bool only_copy = standing.keeps && !standing.copies;
  const bool notices = standing.copies && standing.disk_checks;
  switch (fault.kind) {
    case Kind::disk_loss:
      return only_copy ? kOnlyCopy : standing.promises ? kForgets : "";
    case Kind::lying_sync:
      return only_copy ? kLie : standing.promises ? kForgets : "";
    case Kind::bit_rot:
      return standing.keeps && !notices ? kUnnoticed : "";
    // The half that stayed old may be the one that changed: then the write is lost, and the
    // old checksum fits.
    case Kind::torn_write:
    case Kind::lost_write:
    case Kind::misdirected_write:
      return standing.keeps && !notices ? kUnnoticed : standing.promises ? kForgets : "";
    case Kind::flip:
      return !fault.checksum && !standing.message_checks ? kOtherMessage : "";
    default:
      return "";
  }
}

const std::vector<std::string_view>& all_excuses() {
  static const std::vector<std::string_view> all{kOnlyCopy, kLie, kUnnoticed, kForgets,
                                                 kOtherMessage};
  return all;
}

Stops stops_of(Kind kind) {
  switch (kind) {
    case Kind::disk_error:
    case Kind::disk_full:
    case Kind::latent_error:
      return Stops::while_it_lasts;
    case Kind::bit_rot:  // what was read rotten may have been written again
    case Kind::lying_sync:
    case Kind::lost_write:
    case Kind::torn_write:
    case Kind::misdirected_write:
      return Stops::from_then_on;
    default:
      return Stops::never;
  }
}

}  // namespace faults
