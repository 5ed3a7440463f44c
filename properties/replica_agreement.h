// S10: replicas are equal at equal index. Judged by the replies to each entry and the rows
// that it concerned, by the hash of the whole books now and then (WholeComparisons), and by
// the hash at the end. That each replica applies each entry once and in order is S5's.
//
// Books that have grown large are compared by their pages, which is much cheaper. Pages that
// differ are no violation by themselves; they make the rows decide, from the next comparison on.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "properties/property.h"
#include "properties/whole_comparisons.h"

namespace properties {

class ReplicaAgreement final : public Property {
 public:
  std::string_view id() const override { return "S10"; }
  std::string_view statement() const override {
    return "replicas that have applied the same entries hold the same state";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;

 private:
  static constexpr std::int64_t kForgetEvery = 64;

  enum class Whole { no, by_rows, by_pages };

  // What the replica that came to an index first made of it.
  struct Footprint {
    std::int64_t node = 0;
    std::uint64_t replies = 0;
    bool has_rows = false;
    std::uint64_t rows = 0;
    std::vector<std::string> accounts;
    std::vector<std::string> purchases;
    Whole compared = Whole::no;
    bool has_whole = false;
    std::uint64_t whole = 0;
  };

  void first(const lottery::EntryApplied& applied, const Evidence& evidence);
  void again(simnet::Time at, const lottery::EntryApplied& applied, Footprint& known);
  Whole choose(std::int64_t index, std::int64_t commands);
  void whole(simnet::Time at, std::int64_t index, std::int64_t node, store::Database* books);
  void forget(const Reference& reference);

  std::map<std::int64_t, Footprint> footprints_;
  WholeComparisons comparisons_{2};
  bool pages_differ_ = false;
};

}  // namespace properties
