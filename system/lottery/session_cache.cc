#include "system/lottery/session_cache.h"

#include <utility>

#include "system/probe/probe.h"

namespace lottery {

const SessionCache::Entry* SessionCache::find(std::string_view session,
                                              std::int64_t watermark) const {
  const auto found = entries_.find(session);
  const bool fresh = found != entries_.end() && found->second.index >= watermark;
  probe::hit_if<"app.cached_session_too_old">(found != entries_.end() && !fresh);
  return fresh ? &found->second : nullptr;
}

void SessionCache::keep(SessionView view, std::int64_t index) {
  if (entries_.size() >= kSessionsMax) {
    entries_.clear();
  }
  Entry& entry = entries_[view.session];
  if (entry.index <= index) {
    entry = {std::move(view), index};
  }
}

}  // namespace lottery
