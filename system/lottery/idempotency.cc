#include "system/lottery/idempotency.h"

#include <xxhash.h>

namespace lottery {
namespace {

void append_hex(std::string& text, std::uint64_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) {
    text.push_back(kDigits[(value >> shift) & 15U]);
  }
}

}  // namespace

std::optional<IdempotencyRow> Idempotency::find(std::string_view user, std::string_view key) {
  store::Query query = database_.query(
      "SELECT request_hash, status, body, purchase, attempt FROM idempotency "
      "WHERE user = ?1 AND key = ?2",
      user, key);
  if (!query.step()) {
    return std::nullopt;
  }
  IdempotencyRow row;
  row.request_hash = query.text(0);
  row.outcome.reply.status = static_cast<int>(query.integer(1));
  row.outcome.reply.body = query.text(2);
  row.outcome.purchase = query.text(3);
  row.outcome.attempt = query.integer(4);
  return row;
}

void Idempotency::store(std::string_view user, std::string_view key, std::string_view request_hash,
                        const Outcome& outcome) {
  database_.run(
      "INSERT INTO idempotency(user, key, request_hash, status, body, purchase, attempt) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      user, key, request_hash, outcome.reply.status, outcome.reply.body, outcome.purchase,
      outcome.attempt);
}

void Idempotency::complete(std::string_view user, std::string_view key, const Reply& reply) {
  const std::int64_t changed = database_.run(
      "UPDATE idempotency SET status = ?3, body = ?4 WHERE user = ?1 AND key = ?2 AND status = 202",
      user, key, reply.status, reply.body);
  if (changed != 1) {
    throw store::Error(SQLITE_CONSTRAINT, "key " + std::string(key) + " has its reply already");
  }
}

std::string request_hash(const Command& command) {
  rpc::Writer writer;
  writer.byte(static_cast<std::uint8_t>(command.index()));
  std::visit(
      [&](auto request) {
        if constexpr (requires { request.key; }) {
          request.key.clear();
        }
        if constexpr (requires { request.seen_available; }) {
          request.seen_available = 0;
        }
        rpc::pack_into(writer, request);
      },
      command);
  const std::string bytes = writer.take();
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  std::string hex;
  append_hex(hex, hash.high64);
  append_hex(hex, hash.low64);
  return hex;
}

}  // namespace lottery
