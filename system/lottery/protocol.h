// Ports, paths and the internal request of the lottery's services.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lottery {

inline constexpr std::uint16_t kHttpPort = 80;       // edge, app, bank
inline constexpr std::uint16_t kLedgerPort = 7000;   // frames
inline constexpr std::uint16_t kReplicaPort = 7001;  // between the ledger's replicas

// Header names, lower case.
inline constexpr std::string_view kKeyHeader = "idempotency-key";
inline constexpr std::string_view kUserHeader = "x-user";
// Present on replies whose status and body are the ledger's own words.
inline constexpr std::string_view kLedgerHeader = "x-ledger";

// The index of the log that a reply reflects, and that the next read must not lie before.
inline constexpr std::string_view kWatermarkHeader = "x-watermark";

// How fresh a read must be.
//   linear: not older than any write acknowledged to anybody before the read began
//   session: not older than the watermark that the reader brings
//   stale: whatever the replica has
inline constexpr std::string_view kLinear = "linear";
inline constexpr std::string_view kSession = "session";
inline constexpr std::string_view kStale = "stale";

// What is due in the ledger, for workers.
struct DueView {
  bool bank_calls = false;
  bool holds = false;
  bool draws = false;
  bool jobs = false;
  std::int64_t settled_sequence = 0;
};
BOOST_DESCRIBE_STRUCT(DueView, (), (bank_calls, holds, draws, jobs, settled_sequence))

// One row of the bank's settlement file.
struct SettlementRow {
  std::int64_t sequence = 0;
  std::string kind;
  std::string key;
  std::string reference;
  std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(SettlementRow, (), (sequence, kind, key, reference, amount))

struct SettlementFile {
  std::vector<SettlementRow> rows;
};
BOOST_DESCRIBE_STRUCT(SettlementFile, (), (rows))

// POST /v1/charges and POST /v1/refunds of the bank.
struct BankRequest {
  std::string reference;  // the merchant's purchase
  std::int64_t amount = 0;
  std::string card;
};
BOOST_DESCRIBE_STRUCT(BankRequest, (), (reference, amount, card))

// `outcome`: captured, declined or refunded. Only a stored outcome is definite.
struct BankAnswer {
  std::string outcome;
};
BOOST_DESCRIBE_STRUCT(BankAnswer, (), (outcome))

// Bodies of the client-facing API.
struct HoldRequest {
  std::string draw;
  std::string sku;
  std::int64_t count = 0;
  std::int64_t seen_available = 0;
  std::int64_t seen_version = 0;  // of the draw; 0: not seen
};
BOOST_DESCRIBE_STRUCT(HoldRequest, (), (draw, sku, count, seen_available, seen_version))

struct PayRequest {
  std::string card;
};
BOOST_DESCRIBE_STRUCT(PayRequest, (), (card))

struct SessionRequest {
  std::int64_t version = 0;
  std::string data;
};
BOOST_DESCRIBE_STRUCT(SessionRequest, (), (version, data))

}  // namespace lottery
