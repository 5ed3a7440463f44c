#include "system/lottery/draw_results.h"

#include <algorithm>

#include "system/lottery/draw_numbers.h"
#include "system/lottery/merkle_tree.h"
#include "system/lottery/refusals.h"

namespace lottery {
namespace {

// Every ticket paid for one share of its purchase's price, which count divides.
const std::string kTickets =
    "SELECT t.number, t.purchase, t.owner, p.price / p.count FROM tickets AS t "
    "JOIN purchases AS p ON p.id = t.purchase WHERE t.draw = ?1 AND t.number > ?2 "
    "ORDER BY t.number LIMIT ?3";

TicketRow read_ticket(const store::Query& row) {
  return {row.integer(0), row.text(1), row.text(2), row.integer(3)};
}

// The owner comes last, so that no text in it can move a border.
std::string leaf_of(const TicketRow& ticket) {
  return std::to_string(ticket.number) + ":" + std::to_string(ticket.price) + ":" +
         ticket.purchase + ":" + ticket.owner;
}

std::string joined(const std::vector<std::int64_t>& numbers) {
  std::string text;
  for (const std::int64_t number : numbers) {
    text += (text.empty() ? "" : ",") + std::to_string(number);
  }
  return text;
}

// Digits with a comma between them.
std::vector<std::int64_t> split(std::string_view text) {
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    numbers.push_back(text[i] - '0');
  }
  return numbers;
}

Digest digest_of_hex(std::string_view hex) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(16 * value(hex[2 * i]) + value(hex[2 * i + 1]));
  }
  return digest;
}

}  // namespace

Reply DrawResults::run(const SealDraw& command) {
  std::optional<Draw> draw = draws_.find(command.draw);
  if (!draw.has_value()) {
    return refuse(Refusal::not_found);
  }
  if (draw->state != DrawState::closed) {
    const DrawResultView sealed = read(*draw);
    const bool repeated = draw->state != DrawState::open && sealed.count == command.count &&
                          sealed.sum == command.sum && sealed.root == command.root;
    return repeated ? reply_about(*draw) : refuse(Refusal::irreversible);
  }
  const Manifest ours = manifest_of(command.draw);
  if (command.count != ours.count || command.sum != ours.sum || command.root != hex_of(ours.root)) {
    return refuse(Refusal::mismatch);
  }
  database_.run(
      "INSERT INTO draw_results(draw, count, sum, root, seed, numbers, log_offset) "
      "VALUES (?1, ?2, ?3, ?4, '', '', 0)",
      command.draw, command.count, command.sum, command.root);
  draws_.move_to(*draw, DrawState::sealed);
  return reply_about(*draw);
}

Reply DrawResults::run(const DrawNumbers& command) {
  if (command.seed.empty() || command.seed.size() > kMaxSeedBytes) {
    return refuse(Refusal::bad_request);
  }
  std::optional<Draw> draw = draws_.find(command.draw);
  if (!draw.has_value()) {
    return refuse(Refusal::not_found);
  }
  const DrawResultView sealed = read(*draw);
  if (draw->state != DrawState::sealed) {
    return sealed.seed == command.seed ? reply_about(*draw) : refuse(Refusal::irreversible);
  }
  if (hex_of(sha256(command.seed)) != draw->commitment) {
    return refuse(Refusal::mismatch);
  }
  const auto numbers = draw_numbers(command.seed, digest_of_hex(sealed.root));
  database_.run("UPDATE draw_results SET seed = ?2, numbers = ?3 WHERE draw = ?1", command.draw,
                command.seed, joined(numbers));
  draws_.move_to(*draw, DrawState::drawn);
  return reply_about(*draw);
}

Reply DrawResults::run(const PublishDraw& command, const LogPoint& at) {
  std::optional<Draw> draw = draws_.find(command.draw);
  if (!draw.has_value()) {
    return refuse(Refusal::not_found);
  }
  if (draw->state == DrawState::published) {
    return reply_about(*draw);
  }
  if (draw->state != DrawState::drawn) {
    return refuse(Refusal::irreversible);
  }
  database_.run("UPDATE draw_results SET log_offset = ?2 WHERE draw = ?1", command.draw, at.index);
  draws_.move_to(*draw, DrawState::published);
  const Reply reply = reply_about(*draw);
  outbox_.append("draw:" + command.draw, "published", reply.body);
  return reply;
}

std::optional<DrawResultView> DrawResults::find(std::string_view id) {
  const std::optional<Draw> draw = draws_.find(id);
  if (!draw.has_value()) {
    return std::nullopt;
  }
  DrawResultView view = read(*draw);
  if (draw->state != DrawState::published) {
    view.seed.clear();
    view.numbers.clear();
  }
  return view;
}

Reply DrawResults::reply_about(const Draw& draw) { return reply_with(200, find(draw.id).value()); }

// All of it, numbers that are not published yet too.
DrawResultView DrawResults::read(const Draw& draw) {
  DrawResultView view;
  view.draw = draw.id;
  view.state = name_of(draw.state);
  view.commitment = draw.commitment;
  store::Query query = database_.query(
      "SELECT count, sum, root, seed, numbers, log_offset FROM draw_results WHERE draw = ?1",
      draw.id);
  if (query.step()) {
    view.count = query.integer(0);
    view.sum = query.integer(1);
    view.root = query.text(2);
    view.seed = query.text(3);
    view.numbers = split(query.text(4));
    view.offset = query.integer(5);
  }
  return view;
}

TicketRows DrawResults::tickets(std::string_view draw, std::int64_t after, std::int64_t limit) {
  store::Query query =
      database_.query(kTickets, draw, after, std::clamp<std::int64_t>(limit, 1, 1000));
  TicketRows found;
  while (query.step()) {
    found.rows.push_back(read_ticket(query));
  }
  return found;
}

DrawResults::Manifest DrawResults::manifest_of(std::string_view draw) {
  constexpr std::int64_t kAll = -1;
  store::Query query = database_.query(kTickets, draw, std::int64_t{0}, kAll);
  Manifest manifest;
  MerkleTree tree;
  while (query.step()) {
    const TicketRow ticket = read_ticket(query);
    manifest.count += 1;
    manifest.sum += ticket.price;
    tree.add(leaf_of(ticket));
  }
  manifest.root = tree.root();
  return manifest;
}

}  // namespace lottery
