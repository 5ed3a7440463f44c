#include "traces/story/fields.h"

#include <utility>

#include "system/lottery/entry_codec.h"
#include "system/lottery/events.h"
#include "system/replica/events.h"
#include "system/rpc/codec.h"

namespace story {
namespace {

using faults::Json;

// JSON inside of JSON text is easier to read as such.
Json opened(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_structured() ? json : Json(text);
}

template <class Event>
Json described(const Event& event) {
  Json json = rpc::to_json(event);
  if constexpr (requires { event.body; }) {
    json["body"] = opened(event.body);
  }
  return json;
}

Json described(const lottery::EntryCommitted& event) {
  Json json = {{"index", event.index}};
  if (!event.payload.empty()) {
    json["entry"] = opened(lottery::entry_text(event.payload));
  }
  json["node"] = event.node;
  return json;
}

Json described(const lottery::EntryApplied& event) {
  Json replies = Json::array();
  for (const lottery::CommandReply& reply : event.replies) {
    replies.push_back({{"status", reply.status}, {"body", opened(reply.body)}});
  }
  return {{"index", event.index}, {"replies", std::move(replies)}, {"node", event.node}};
}

Json described(const replica::LogAppended& event) {
  Json json = {{"node", event.node}, {"first_index", event.first_index}, {"terms", event.terms}};
  json["hashes"] = Json::array();
  for (const std::uint64_t hash : event.hashes) {
    json["hashes"].push_back(std::to_string(hash));  // 64 bits are too many for a double
  }
  return json;
}

template <class... Events>
Json first_of(const env::EventRef& event) {
  Json fields;
  const auto is = [&](const auto* typed) {
    if (typed != nullptr) {
      fields = described(*typed);
    }
    return typed != nullptr;
  };
  const bool known = (is(event.as<Events>()) || ...);
  return known ? fields : Json{{"encoded", event.encode()}};
}

}  // namespace

Json fields_of(const env::EventRef& event) {
  return first_of<
      replica::CommitAdvanced, replica::LogAppended, lottery::EntryCommitted, lottery::EntryApplied,
      replica::HardStateSaved, replica::Elected, replica::Opened, replica::SnapshotInstalled,
      lottery::LedgerRecovered, lottery::LedgerRestored, lottery::BankMoved, lottery::BankDeclined,
      lottery::BankCallSent, lottery::UserIntent, lottery::ClientReplied, lottery::ClientLooked,
      lottery::ClientSaw, lottery::CartStored, lottery::UserRepeated, lottery::UserDone>(event);
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace story
