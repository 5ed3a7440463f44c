#include "system/lottery/sessions.h"

#include "system/lottery/refusals.h"
#include "system/probe/probe.h"

namespace lottery {

Reply Sessions::put(const SessionPut& command) {
  if (command.user.empty() || command.session.empty() || command.version < 1 ||
      command.data.size() > kMaxSessionBytes) {
    return refuse(Refusal::bad_request);
  }
  const SessionView current =
      find(command.session).value_or(SessionView{command.session, command.user, 0, ""});
  if (current.user != command.user) {
    return refuse(Refusal::not_found);
  }
  // The writer asks again because its reply was lost.
  if (command.version == current.version && command.data == current.data) {
    probe::hit<"sessions.written_twice">();
    return reply_with(200, current);
  }
  if (command.version != current.version + 1) {
    probe::hit<"sessions.versions_conflict">();
    return refuse_with(Refusal::conflict, current);
  }
  const SessionView next{command.session, command.user, command.version, command.data};
  save(next);
  return reply_with(200, next);
}

std::optional<SessionView> Sessions::find(std::string_view session) {
  store::Query query =
      database_.query("SELECT user, version, data FROM sessions WHERE id = ?1", session);
  if (!query.step()) {
    return std::nullopt;
  }
  return SessionView{std::string(session), query.text(0), query.integer(1), query.text(2)};
}

void Sessions::save(const SessionView& session) {
  database_.run(
      "INSERT INTO sessions(id, user, version, data) VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT(id) DO UPDATE SET version = excluded.version, data = excluded.data",
      session.session, session.user, session.version, session.data);
}

}  // namespace lottery
