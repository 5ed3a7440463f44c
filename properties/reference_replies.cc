// How the reference names states and purchases, and words replies.
#include <algorithm>
#include <array>
#include <charconv>

#include "properties/reference_purchases.h"
#include "properties/reference_replies.h"
#include "system/rpc/codec.h"

namespace properties {
namespace {

using lottery::Reply;

constexpr std::array<std::string_view, 9> kStateNames = {"HELD",      "CHARGING", "CONFIRMED",
                                                         "EXPIRED",   "FAILED",   "ABANDONING",
                                                         "REFUNDING", "REFUNDED", "CANCELLED"};

// Needs no escapes in JSON.
bool plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

// The bytes of rpc::encode(PurchaseView), without building a document first: this is
// most of what the fold writes.
std::string plain_view(const Purchase& p) {
  std::string out;
  out.reserve(160);
  const auto text = [&](std::string_view member, std::string_view value) {
    out.append(member).append("\"").append(value).append("\"");
  };
  const auto number = [&](std::string_view member, std::int64_t value) {
    out.append(member).append(std::to_string(value));
  };
  text("{\"purchase\":", p.text);
  text(",\"user\":", p.user);
  text(",\"draw\":", p.draw);
  text(",\"sku\":", p.sku);
  number(",\"count\":", p.count);
  number(",\"price\":", p.price);
  text(",\"state\":", name(p.state));
  number(",\"attempt\":", p.attempt);
  number(",\"expires_at_us\":", p.state == PurchaseState::held ? p.expires_at_us : 0);
  out.append(",\"tickets\":[");
  std::string_view comma;
  for (const std::int64_t ticket : p.tickets) {
    out.append(comma).append(std::to_string(ticket));
    comma = ",";
  }
  return out.append("]}");
}

}  // namespace

std::string_view name(PurchaseState state) { return kStateNames[static_cast<std::size_t>(state)]; }

std::optional<PurchaseState> state_named(std::string_view name) {
  const auto found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found == kStateNames.end()) {
    return std::nullopt;
  }
  return static_cast<PurchaseState>(found - kStateNames.begin());
}

bool terminal(PurchaseState state) {
  switch (state) {
    case PurchaseState::held:
    case PurchaseState::charging:
    case PurchaseState::abandoning:
    case PurchaseState::refunding:
      return false;
    default:
      return true;
  }
}

std::string PurchaseId::text() const {
  return "p" + std::to_string(index) + "." + std::to_string(position);
}

std::optional<PurchaseId> PurchaseId::parse(std::string_view text) {
  if (text.empty() || text.front() != 'p') {
    return std::nullopt;
  }
  PurchaseId id;
  const char* const end = text.data() + text.size();
  const auto index = std::from_chars(text.data() + 1, end, id.index);
  if (index.ec != std::errc() || index.ptr == end || *index.ptr != '.') {
    return std::nullopt;
  }
  const auto position = std::from_chars(index.ptr + 1, end, id.position);
  if (position.ec != std::errc() || position.ptr != end || id.text() != text) {
    return std::nullopt;
  }
  return id;
}

Reply view_reply(int status, const Purchase& purchase) {
  if (plain(purchase.user) && plain(purchase.draw) && plain(purchase.sku)) {
    return {status, plain_view(purchase)};
  }
  lottery::PurchaseView view;
  view.purchase = purchase.text;
  view.user = purchase.user;
  view.draw = purchase.draw;
  view.sku = purchase.sku;
  view.count = purchase.count;
  view.price = purchase.price;
  view.state = name(purchase.state);
  view.attempt = purchase.attempt;
  view.expires_at_us = purchase.state == PurchaseState::held ? purchase.expires_at_us : 0;
  view.tickets = purchase.tickets;
  return {status, rpc::encode(view)};
}

Reply refusal(int status, std::string_view word, std::string_view current) {
  std::string body = "{\"error\":\"" + std::string(word) + "\",\"detail\":\"\"";
  if (!current.empty()) {
    body.append(",\"current\":").append(current);
  }
  return {status, body + "}"};
}

Reply number_reply(std::string_view member, std::int64_t value) {
  return {200, "{\"" + std::string(member) + "\":" + std::to_string(value) + "}"};
}

std::string error_word(std::string_view body) {
  constexpr std::string_view kStart = "{\"error\":\"";
  if (body.starts_with(kStart)) {  // as rpc::encode writes it
    const std::string_view rest = body.substr(kStart.size());
    const std::size_t end = rest.find_first_of("\"\\");
    if (end != std::string_view::npos && rest[end] == '"') {
      return std::string(rest.substr(0, end));
    }
  }
  const rpc::Json json = rpc::Json::parse(body, nullptr, false);
  if (!json.is_object()) {
    return {};
  }
  const auto word = json.find("error");
  return word != json.end() && word->is_string() ? word->get<std::string>() : std::string();
}

bool same_reply(const Reply& a, const Reply& b) {
  if (a.status != b.status || a.body == b.body || a.status < 400) {
    return a == b;
  }
  // Inside a string the quotes would be escaped: this is the member of the refusal itself.
  const auto current = [](std::string_view body) {
    const std::size_t at = body.find(",\"current\":");
    return at == std::string_view::npos ? std::string_view() : body.substr(at);
  };
  const std::string word = error_word(a.body);
  return !word.empty() && word == error_word(b.body) && current(a.body) == current(b.body);
}

}  // namespace properties
