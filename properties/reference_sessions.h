// Sessions by the rules: the next version follows the one before, or nothing happens.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "properties/table_rows.h"
#include "system/lottery/messages.h"

namespace properties {

struct Session {
  std::string user;
  std::int64_t version = 0;
  std::string data;
};

class ReferenceSessions {
 public:
  lottery::Reply run(const lottery::SessionPut& command);

  const std::map<std::string, Session>& all() const { return sessions_; }
  TableRows rows() const;

 private:
  std::map<std::string, Session> sessions_;
};

}  // namespace properties
