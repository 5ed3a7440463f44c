// S5: in each ledger debits equal credits at every index, posted columns only grow,
// and the books are exactly what the committed log says: row by row for what an
// entry concerns, as a whole after every restart, now and then (WholeComparisons) and
// at the end.
#pragma once

#include <map>
#include <string>

#include "properties/property.h"
#include "properties/whole_comparisons.h"

namespace properties {

class Conservation final : public Property {
 public:
  std::string_view id() const override { return "S5"; }
  std::string_view statement() const override {
    return "debits equal credits, posted sums only grow, and the books equal the fold of the log";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;

 private:
  struct Sums {
    std::int64_t pending = 0;  // debits - credits
    std::int64_t posted = 0;
  };

  void grown(simnet::Time at, std::string_view id, const Account& before, const Account& now);
  void row(simnet::Time at, const AccountRow& row, const Reference& reference);
  void balances(simnet::Time at, const Reference& reference);
  void purchases(simnet::Time at, const Evidence& evidence);
  void whole(simnet::Time at, store::Database& books, const Reference& reference);

  std::map<std::string, Account, std::less<>> last_;  // rows as last seen
  std::map<std::string, Sums, std::less<>> sums_;     // of last_, per ledger
  WholeComparisons comparisons_{4};
  bool stale_ = false;  // rows changed that could not be read; look at everything next
};

}  // namespace properties
