// Sessions by compare-and-set on their version (S26). A session belongs to the user who
// wrote its first version; for others it does not exist.
//
// Limits: sessions are never removed.
#pragma once

#include <optional>
#include <string_view>

#include "system/lottery/messages.h"
#include "system/store/database.h"

namespace lottery {

class Sessions {
 public:
  explicit Sessions(store::Database& database) : database_(database) {}

  Reply put(const SessionPut& command);
  std::optional<SessionView> find(std::string_view session);

 private:
  void save(const SessionView& session);

  store::Database& database_;
};

}  // namespace lottery
