// The reference's double-entry books: accounts and transfers in plain maps,
// written from the rules and sharing nothing with the ledger under test. It
// refuses nothing: the rules above it decide, the properties judge.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace properties {

struct Account {
  std::string ledger;  // "tickets" or "money"
  std::int64_t debits_pending = 0;
  std::int64_t debits_posted = 0;
  std::int64_t credits_pending = 0;
  std::int64_t credits_posted = 0;
  bool operator==(const Account&) const = default;

  bool empty() const {
    return debits_pending == 0 && debits_posted == 0 && credits_pending == 0 && credits_posted == 0;
  }
  // What may still be taken out, pending debits counted as gone.
  std::int64_t free() const { return credits_posted - debits_posted - debits_pending; }
  std::int64_t balance() const { return credits_posted - debits_posted; }
};

struct Transfer {
  std::string debit;
  std::string credit;
  std::int64_t amount = 0;
  std::string state;  // pending, posted, void, expired
  bool operator==(const Transfer&) const = default;
};

namespace account {
std::string mint(std::string_view draw, std::string_view sku);
std::string stock(std::string_view draw, std::string_view sku);
std::string sold(std::string_view draw, std::string_view sku);
std::string clearing(std::string_view bank_key);
std::string suspense(std::string_view purchase);
std::string pool(std::string_view draw);
inline constexpr std::string_view kHouse = "HOUSE";
inline constexpr std::string_view kSettled = "SETTLED";

// "STOCK" of "STOCK[d,s]"; the whole id when there are no brackets.
std::string_view kind(std::string_view id);
}  // namespace account

class ReferenceBooks {
 public:
  struct Move {
    std::string id;
    std::string_view ledger;
    std::string debit;
    std::string credit;
    std::int64_t amount = 0;
  };
  // Both ignore an amount of 0. REQUIRES: the id is new.
  void post(Move move);
  void pend(Move move);
  // Ends the pending transfer `id` as posted, void or expired; others are left alone.
  void resolve(const std::string& id, std::string_view state);

  const Account& account(std::string_view id) const;  // zeros when unknown
  const Transfer* transfer(std::string_view id) const;
  const std::map<std::string, Account, std::less<>>& accounts() const { return accounts_; }
  const std::map<std::string, Transfer, std::less<>>& transfers() const { return transfers_; }

  // Accounts changed since forget_touched(), each possibly more than once.
  const std::vector<std::string>& touched() const { return touched_; }
  void forget_touched() { touched_.clear(); }

 private:
  Account& open(std::string_view ledger, const std::string& id);

  std::map<std::string, Account, std::less<>> accounts_;
  std::map<std::string, Transfer, std::less<>> transfers_;
  std::vector<std::string> touched_;
};

}  // namespace properties
