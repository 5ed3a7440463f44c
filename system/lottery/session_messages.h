// Sessions: what a user has in hand between pages, kept where no server can lose it.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace lottery {

// Stores the next version of a session. Compare-and-set: `version` is the one the writer
// saw plus one, 1 for a new session. Two servers that hold the same session cannot both
// win, and a late write cannot undo a newer one.
struct SessionPut {
  static constexpr std::string_view kType = "session_put";
  std::string user;
  std::string session;
  std::int64_t version = 0;
  std::string data;  // at most kMaxSessionBytes
};
BOOST_DESCRIBE_STRUCT(SessionPut, (), (user, session, version, data))

inline constexpr std::int64_t kMaxSessionBytes = 4096;

// Version 0 and no data: there is no such session yet.
struct SessionView {
  std::string session;
  std::string user;
  std::int64_t version = 0;
  std::string data;
};
BOOST_DESCRIBE_STRUCT(SessionView, (), (session, user, version, data))

}  // namespace lottery
