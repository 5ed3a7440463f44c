// Double-entry accounts in two ledgers, money and tickets, with two-phase
// transfers: pending -> posted | void | expired, resolved once. A pending amount
// counts against the limit of the account it debits, so posting can never break
// the limit. Transfers are append-only but for that one resolution; an id is used
// once. After TigerBeetle, docs/coding/two-phase-transfers.md.
//
// Limited accounts (STOCK, SUSPENSE, POOL, HOUSE) never have
// debits_pending + debits_posted > credits_posted. This file is the only place
// that enforces it.
//
// An entry's commands mostly move the same few accounts. What they make of them is collected and
// written by flush(), once per account and entry; transfers are written at once.
//
// Limits of the model: amounts are not summed across accounts here; the checkers do.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "system/store/database.h"

namespace lottery {

enum class Ledger { money, tickets };

// How a pending transfer ends. `voided` is a decision, `expired` the clock's.
enum class Resolution { posted, voided, expired };

struct Account {
  std::string id;
  std::int64_t debits_pending = 0;
  std::int64_t debits_posted = 0;
  std::int64_t credits_pending = 0;
  std::int64_t credits_posted = 0;

  // What may still be debited from a limited account.
  std::int64_t spare() const { return credits_posted - debits_posted - debits_pending; }
};

struct Transfer {
  std::string id;
  std::string debit;
  std::string credit;
  std::int64_t amount = 0;
};

// The transfer would overdraw a limited account. Whoever may be refused checks
// before; here it is a bug of the caller.
class OverLimit : public store::Error {
 public:
  explicit OverLimit(const Transfer& transfer);
};

// The account id a rule of the state machine names; one spelling for all.
std::string mint_account(std::string_view draw, std::string_view sku);
std::string stock_account(std::string_view draw, std::string_view sku);
std::string sold_account(std::string_view draw, std::string_view sku);
std::string clearing_account(std::string_view bank_key);
std::string suspense_account(std::string_view purchase);
std::string pool_account(std::string_view draw);
inline constexpr std::string_view kHouseAccount = "HOUSE";
inline constexpr std::string_view kSettledAccount = "SETTLED";

class Books {
 public:
  explicit Books(store::Database& database) : database_(database) {}

  // Around each transaction: begin() forgets what the one before it knew, flush() writes what this
  // one changed. REQUIRES: nothing else changes the accounts.
  void begin() { known_.clear(); }
  void flush();

  // All zero when no transfer has named it yet.
  Account account(std::string_view id);
  // The amount, when the transfer exists in any state.
  std::optional<std::int64_t> amount_of(std::string_view transfer);

  // Writes a posted transfer; nothing when the amount is 0. Errors: OverLimit; store::Error when
  // the id is used.
  void post(Ledger ledger, const Transfer& transfer);
  // Writes a pending transfer. `debit` is the account as just read; saves a read.
  // REQUIRES: nothing was written to that account since. Errors: as post().
  void pend(Ledger ledger, const Transfer& transfer, const Account& debit);
  // Errors: store::Error when the transfer is not pending.
  void resolve(std::string_view transfer, Resolution resolution);

 private:
  struct Known {
    Account account;
    std::string_view ledger;  // set where the row may have to be created
    bool changed = false;
  };

  void append(const Transfer& transfer, std::string_view state);
  Account read(std::string_view id);
  Known& known(std::string_view id);
  // To be changed by the caller. With the ledger when the account may be new.
  Account& changing(std::string_view id);
  Account& changing(std::string_view id, Ledger ledger);

  store::Database& database_;
  std::map<std::string, Known, std::less<>> known_;
};

}  // namespace lottery
