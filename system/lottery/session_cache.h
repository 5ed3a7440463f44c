// What an app server remembers of its users' sessions, so that a user who stays with it need
// not wait for the ledger. A remembered session is what the ledger had at some index; it
// may be shown to a reader who has seen nothing newer than that index. A reader who has been
// to another server in between brings a higher watermark, and the cache does not count.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "system/lottery/messages.h"

namespace lottery {

class SessionCache {
 public:
  struct Entry {
    SessionView view;
    std::int64_t index = 0;  // of the log, that the view reflects
  };

  // Null: nothing that may be shown to a reader with this watermark.
  const Entry* find(std::string_view session, std::int64_t watermark) const;
  // Keeps the newer of what is known and this. REQUIRES: the view is the whole of what the
  // ledger had at `index`, as a read tells it.
  void keep(SessionView view, std::int64_t index);

 private:
  static constexpr std::size_t kSessionsMax = 10'000;  // beyond it all are forgotten
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace lottery
