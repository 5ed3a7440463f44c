#include "traces/story/window.h"

#include <algorithm>

namespace story {

Story within(Story story, Time_us from_us, Time_us until_us) {
  const auto outside = [&](Time_us at) { return at < from_us || at > until_us; };
  const auto at_outside = [&](const auto& thing) { return outside(thing.at_us); };
  std::erase_if(story.events, at_outside);
  std::erase_if(story.accounts, at_outside);
  std::erase_if(story.purchases, at_outside);
  std::erase_if(story.bank, at_outside);
  std::erase_if(story.violations, at_outside);
  for (Violation& violation : story.violations) {
    violation.steps.clear();
  }
  std::erase_if(story.messages, [&](const Message& message) { return outside(message.sent_us); });
  for (Message& message : story.messages) {
    if (message.arrived_us > until_us) {
      message.arrived_us = kNever;
      message.fate = Fate::open;
    }
    message.answers = kNobody;  // their places are others now
  }
  std::erase_if(story.spans, [&](const Span& span) {
    return span.until_us < from_us || span.from_us > until_us;
  });
  for (Span& span : story.spans) {
    span.from_us = std::max(span.from_us, from_us);
    span.until_us = std::min(span.until_us, until_us);
  }
  story.end_us = std::min(story.end_us, until_us);
  return story;
}

}  // namespace story
