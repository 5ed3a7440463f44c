#include "properties/session_survival.h"

#include <algorithm>

#include "system/lottery/protocol.h"

namespace properties {
namespace {

lottery::SessionView decoded(const std::string& body) {
  try {
    return rpc::decode<lottery::SessionView>(body);
  } catch (const rpc::CodecError&) {
    return {};
  }
}

}  // namespace

// Judged by the ledger's own replies, not the reference's: S7 compares those two.
void SessionSurvival::applied(simnet::Time at, const Folded& folded,
                              const std::vector<lottery::CommandReply>& replies) {
  const std::size_t count = std::min(replies.size(), folded.entry.commands.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto* put = std::get_if<lottery::SessionPut>(&folded.entry.commands[i]);
    if (put == nullptr || replies[i].status != 200) {
      continue;
    }
    const std::int64_t stored = decoded(replies[i].body).version;
    std::int64_t& before = versions_[put->session];
    expect(stored == before || stored == before + 1, at, [&] {
      return "session " + put->session + " went from version " + std::to_string(before) + " to " +
             std::to_string(stored) + " in entry " + std::to_string(folded.entry.index);
    });
    before = stored;
  }
}

void SessionSurvival::saw(simnet::Time at, const lottery::ClientSaw& event) {
  const auto look = looks_.find({event.user, event.look});
  if (look == looks_.end()) {
    return;
  }
  const auto [target, stored] = look->second;
  looks_.erase(look);
  const lottery::SessionView seen = decoded(event.body);
  const bool same = seen.version == stored.version && event.body == stored.body;
  expect(event.status == 200 && (seen.version > stored.version || same), at,
         [&, &target = target, &stored = stored] {
           return "user " + event.user + " had stored " + stored.body + " and then found " +
                  std::to_string(event.status) + " " + event.body + " at " + target;
         });
}

void SessionSurvival::on_event(simnet::Time at, const env::EventRef& event,
                               const Evidence& evidence) {
  for (const Folded& folded : evidence.reference.folded()) {
    applied(at, folded, replies_told(folded, event));
  }
  if (const auto* stored = event.as<lottery::CartStored>()) {
    Stored& known = acknowledged_[stored->target];
    if (known.version <= stored->version) {
      known = {stored->version, stored->body};
    }
  } else if (const auto* looked = event.as<lottery::ClientLooked>()) {
    looks_.erase({looked->user, looked->look});  // a former life of the client counted alike
    const auto known = acknowledged_.find(looked->target);
    if (known != acknowledged_.end()) {
      looks_.emplace(std::pair{looked->user, looked->look}, *known);
    }
  } else if (const auto* seen = event.as<lottery::ClientSaw>()) {
    saw(at, *seen);
  }
}

void SessionSurvival::at_end(const FinalState& final, const Reference&) {
  for (const auto& [target, stored] : acknowledged_) {
    const std::string session = target.substr(target.rfind('/') + 1);
    store::Query query =
        final.furthest().books->query("SELECT version FROM sessions WHERE id = ?1", session);
    const std::int64_t version = query.step() ? query.integer(0) : 0;
    expect(version >= stored.version, final.at, [&, &stored = stored] {
      return "session " + session + " ended at version " + std::to_string(version) +
             " after version " + std::to_string(stored.version) + " was acknowledged";
    });
  }
}

}  // namespace properties
