// S10: replicas are equal at equal index. Judged by the replies to each entry and the rows
// that it concerned, by the hash of the whole books now and then (whole_comparison_due), and by
// the hash at the end. That each replica applies each entry once and in order is S5's.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "properties/property.h"

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

  // What the replica that came to an index first made of it.
  struct Footprint {
    std::int64_t node = 0;
    std::uint64_t replies = 0;
    bool has_rows = false;
    std::uint64_t rows = 0;
    std::vector<std::string> accounts;
    std::vector<std::string> purchases;
    bool has_whole = false;
    std::uint64_t whole = 0;
  };

  void first(const lottery::EntryApplied& applied, const Evidence& evidence);
  void again(simnet::Time at, const lottery::EntryApplied& applied, Footprint& known);
  void whole(simnet::Time at, std::int64_t index, std::int64_t node, store::Database& books);
  void forget(const Reference& reference);

  std::map<std::int64_t, Footprint> footprints_;
};

}  // namespace properties
