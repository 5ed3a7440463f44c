#include "properties/stock_returns.h"

#include <map>

namespace properties {

void StockReturns::on_event(simnet::Time, const env::EventRef&, const Evidence&) {}

void StockReturns::at_end(const FinalState& final, const Reference&) {
  if (!final.healed) {
    return;
  }
  std::map<std::string, Account, std::less<>> rows;
  for (AccountRow& row : read_accounts(*final.furthest().books)) {
    rows.insert_or_assign(std::move(row.id), std::move(row.account));
  }
  for (const auto& [id, stock] : rows) {
    if (account::kind(id) != "STOCK") {
      continue;
    }
    const std::string sku = id.substr(id.find('['));
    const auto sold_row = rows.find("SOLD" + sku);
    const auto mint_row = rows.find("MINT" + sku);
    const Account sold = sold_row == rows.end() ? Account{} : sold_row->second;
    const Account minted = mint_row == rows.end() ? Account{} : mint_row->second;
    expect(stock.debits_pending == 0 && sold.credits_pending == 0, final.at,
           [&, &id = id, &stock = stock] {
             return id + " still has " + std::to_string(stock.debits_pending) +
                    " tickets held, SOLD " + std::to_string(sold.credits_pending);
           });
    expect(sold.credits_posted + stock.balance() == minted.debits_posted, final.at,
           [&, &id = id, &stock = stock] {
             return id + ": " + std::to_string(sold.credits_posted) + " sold and " +
                    std::to_string(stock.balance()) + " free of " +
                    std::to_string(minted.debits_posted) + " minted";
           });
  }
}

}  // namespace properties
