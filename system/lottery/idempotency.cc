#include "system/lottery/idempotency.h"

#include <xxhash.h>

#include <string>

namespace lottery {
namespace {

void append_hex(std::string& text, std::uint64_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) {
    text.push_back(kDigits[(value >> shift) & 15U]);
  }
}

// A key is its user's: others may use the same. No two pairs have the same full key.
std::string full_key(std::string_view user, std::string_view key) {
  std::string full = std::to_string(user.size()) + ' ';
  full += user;
  full += key;
  return full;
}

}  // namespace

Idempotency::Idempotency(store::Database& database) : database_(database) {
  store::Query query = database_.query("SELECT number, user, key FROM idempotency ORDER BY number");
  while (query.step()) {
    rows_.add(full_key(query.text(1), query.text(2)), query.integer(0));
  }
}

std::optional<IdempotencyRow> Idempotency::read(std::int64_t number, std::string_view full) {
  store::Query query = database_.query(
      "SELECT user, key, request_hash, status, body, purchase, attempt FROM idempotency "
      "WHERE number = ?1",
      number);
  if (!query.step() || full_key(query.text(0), query.text(1)) != full) {
    return std::nullopt;
  }
  IdempotencyRow row;
  row.request_hash = query.text(2);
  row.outcome.reply.status = static_cast<int>(query.integer(3));
  row.outcome.reply.body = query.text(4);
  row.outcome.purchase = query.text(5);
  row.outcome.attempt = query.integer(6);
  return row;
}

std::optional<IdempotencyRow> Idempotency::find(std::string_view user, std::string_view key) {
  const std::string full = full_key(user, key);
  std::optional<IdempotencyRow> row;
  rows_.find(full, [&](std::int64_t number) {
    row = read(number, full);
    return row.has_value();
  });
  return row;
}

void Idempotency::store(std::string_view user, std::string_view key, std::string_view request_hash,
                        const Outcome& outcome) {
  database_.run(
      "INSERT INTO idempotency(user, key, request_hash, status, body, purchase, attempt) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      user, key, request_hash, outcome.reply.status, outcome.reply.body, outcome.purchase,
      outcome.attempt);
  rows_.add(full_key(user, key), database_.last_row());
}

void Idempotency::complete(std::string_view user, std::string_view key, const Reply& reply) {
  // A row of another key, which only shares the hash, is not changed.
  const auto completed = rows_.find(full_key(user, key), [&](std::int64_t number) {
    return database_.run(
               "UPDATE idempotency SET status = ?4, body = ?5 "
               "WHERE number = ?1 AND user = ?2 AND key = ?3 AND status = 202",
               number, user, key, reply.status, reply.body) == 1;
  });
  if (!completed.has_value()) {
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
