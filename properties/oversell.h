// S1: at every index and for every sku, tickets sold plus tickets held never exceed
// tickets minted. Judged on the rows of the books and on the reference, so a wrong
// ledger is seen even where it agrees with itself.
#pragma once

#include <map>
#include <string>

#include "properties/property.h"

namespace properties {

class Oversell final : public Property {
 public:
  std::string_view id() const override { return "S1"; }
  std::string_view statement() const override {
    return "tickets sold and held never exceed tickets minted";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;

 private:
  void check(simnet::Time at, std::string_view where, std::string_view sold_id, const Account& sold,
             const Account& minted);

  std::map<std::string, Account, std::less<>> minted_;  // MINT rows: a draw mints once
};

}  // namespace properties
