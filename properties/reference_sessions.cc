#include "properties/reference_sessions.h"

#include "properties/reference_replies.h"
#include "system/rpc/codec.h"

namespace properties {
namespace {

std::string text_of(const std::string& id, const Session& session) {
  return rpc::encode(lottery::SessionView{id, session.user, session.version, session.data});
}

}  // namespace

lottery::Reply ReferenceSessions::run(const lottery::SessionPut& command) {
  const bool in_range = command.version >= 1 && command.data.size() <= 4096;
  if (command.user.empty() || command.session.empty() || !in_range) {
    return refusal(400, "bad_request");
  }
  const auto known = sessions_.find(command.session);
  if (known == sessions_.end()) {
    if (command.version != 1) {
      return refusal(409, "conflict", text_of(command.session, {command.user, 0, ""}));
    }
    sessions_[command.session] = {command.user, 1, command.data};
    return {200, text_of(command.session, sessions_[command.session])};
  }
  Session& session = known->second;
  if (session.user != command.user) {
    return refusal(404, "not_found");
  }
  if (command.version == session.version + 1) {
    session.version = command.version;
    session.data = command.data;
  } else if (command.version != session.version || command.data != session.data) {
    return refusal(409, "conflict", text_of(command.session, session));
  }
  return {200, text_of(command.session, session)};
}

TableRows ReferenceSessions::rows() const {
  TableRows rows;
  for (const auto& [id, session] : sessions_) {
    rows.push_back({id, session.user, std::to_string(session.version), session.data});
  }
  return rows;
}

}  // namespace properties
