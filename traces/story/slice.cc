#include "traces/story/slice.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "traces/story/subject.h"

namespace story {
namespace {

constexpr Time_us kLately_us = 3'000'000;   // of what names nothing but hosts
constexpr Time_us kFaults_us = 60'000'000;  // before a violation

std::int64_t member(const Event& event, std::string_view name) {
  return number_after(event.fields, "\"" + std::string(name) + "\":").value_or(-1);
}

// How many numbers the list has that is the member `name`.
std::int64_t length_of(const std::string& fields, const std::string& name) {
  const std::size_t begin = fields.find("\"" + name + "\":[");
  const std::size_t end = fields.find(']', begin);
  if (begin == fields.npos || end == fields.npos) {
    return 0;
  }
  return 1 + std::count(fields.begin() + static_cast<std::ptrdiff_t>(begin),
                        fields.begin() + static_cast<std::ptrdiff_t>(end), ',');
}

bool any_within(const std::set<std::int64_t>& numbers, std::int64_t first, std::int64_t last) {
  const auto at = numbers.lower_bound(first);
  return at != numbers.end() && *at <= last;
}

// What an event of Raft or of the log says about the terms and entries.
bool concerns_log(const Subject& subject, const Event& event) {
  if (event.name == "raft.hard_state") {
    return subject.terms.contains(member(event, "term"));
  }
  if (event.name == "raft.elected") {
    return !subject.entries.empty() || subject.terms.contains(member(event, "term"));
  }
  if (event.name == "raft.opened") {
    return subject.of_the_log() && (subject.hosts.empty() || subject.hosts.contains(event.host));
  }
  if (event.name == "raft.appended") {
    const std::int64_t first = member(event, "first_index");
    return subject.ids.empty() &&
           any_within(subject.entries, first, first + length_of(event.fields, "terms") - 1);
  }
  if (event.name == "raft.snapshot") {
    return subject.hosts.contains(event.host);
  }
  return event.name.starts_with("ledger.") && subject.entries.contains(member(event, "index"));
}

// Likewise a message between replicas.
bool concerns_log(const Subject& subject, const Message& message) {
  const std::string_view label = message.label;
  if (message.kind == "vote") {
    return subject.terms.contains(number_after(label, "(term ").value_or(-1));
  }
  if (message.kind != "append" || !subject.ids.empty()) {
    return false;
  }
  const std::int64_t first = number_after(label, "append ").value_or(-1);
  return first > 0 && any_within(subject.entries, first, number_after(label, "..").value_or(first));
}

bool is_read(const Message& message) {
  return message.kind == "query" || message.label.find(" read of ") != std::string::npos ||
         message.label.find("GET ") != std::string::npos;
}

bool is_read(const Event& event) {
  return event.name == "client.looked" || event.name == "client.saw";
}

class Slicer {
 public:
  explicit Slicer(Story& story) : story_(story), nodes_(nodes_of(story)) {}

  void fill(Violation& violation) {
    subject_ = subject_of(story_, nodes_, violation);
    took_part_ = subject_.hosts;
    told_.clear();
    begin_us_ = violation.at_us;
    add_events(violation);
    add_messages(violation);
    add_spans(violation);
    in_order(violation.steps);
    violation.named = subject_.ids;
    violation.hosts.assign(subject_.hosts.begin(), subject_.hosts.end());
  }

 private:
  void add(Violation& violation, Step step, Time_us at) {
    violation.steps.push_back(step);
    begin_us_ = std::min(begin_us_, at);
  }

  void add_events(Violation& violation) {
    for (std::size_t i = 0; i < story_.events.size(); ++i) {
      const Event& event = story_.events[i];
      if (event.at_us > violation.at_us) {
        break;
      }
      if (wanted(violation, event)) {
        took_part_.insert(event.host);
        add(violation, {Step::Of::event, i}, event.at_us);
      }
    }
  }

  bool wanted(const Violation& violation, const Event& event) {
    if (concerns_log(subject_, event)) {
      return !event.name.starts_with("ledger.") || !told_before(event);
    }
    if (subject_.named_in(event.fields)) {
      return (subject_.reads || !is_read(event)) && !told_before(event);
    }
    return nothing_but_hosts() && subject_.hosts.contains(event.host) &&
           lately(violation, event.at_us);
  }

  // The same fact told by several replicas counts once.
  bool told_before(const Event& event) {
    const std::size_t node = event.fields.find(",\"node\":");
    return !told_.emplace(event.name, event.fields.substr(0, node)).second;
  }

  void add_messages(Violation& violation) {
    std::set<std::size_t> taken;
    for (std::size_t i = 0; i < story_.messages.size(); ++i) {
      const Message& message = story_.messages[i];
      if (message.sent_us > violation.at_us) {
        break;
      }
      if (taken.contains(message.answers) || wanted(violation, message)) {
        taken.insert(i);
        took_part_.insert(message.from);
        took_part_.insert(message.to);
        add(violation, {Step::Of::message, i}, message.sent_us);
      }
    }
  }

  bool wanted(const Violation& violation, const Message& message) {
    if (message.kind.starts_with("append") || message.kind == "vote" ||
        message.kind == "snapshot") {
      return concerns_log(subject_, message) ||
             (nothing_but_hosts() && lately(violation, message.sent_us) &&
              (subject_.hosts.contains(message.from) || subject_.hosts.contains(message.to)));
    }
    if (!subject_.named_in(message.detail) && !subject_.named_in(message.label)) {
      return false;
    }
    return !is_read(message) || (subject_.reads && !asked_before(message));
  }

  // A client that waits asks the same again and again. Requests that change something are another
  // matter: a second one may be the whole story.
  bool asked_before(const Message& message) {
    const std::string pair = std::to_string(message.from) + ">" + std::to_string(message.to);
    return !told_.emplace(pair + message.label, message.detail).second;
  }

  bool nothing_but_hosts() const { return subject_.ids.empty() && !subject_.of_the_log(); }
  static bool lately(const Violation& violation, Time_us at) {
    return at + kLately_us >= violation.at_us;
  }

  // A fault matters where it struck those who took part while the story went on.
  void add_spans(Violation& violation) {
    const Time_us begin = std::max(begin_us_, violation.at_us - kFaults_us);
    for (std::size_t i = 0; i < story_.spans.size(); ++i) {
      const Span& span = story_.spans[i];
      const bool here = std::ranges::any_of(
          span.hosts, [&](HostIndex host) { return took_part_.contains(host); });
      if (here && span.from_us <= violation.at_us && span.until_us >= begin &&
          (span.family == "fault" || span.family == "down")) {
        violation.steps.push_back({Step::Of::span, i});
      }
    }
  }

  Time_us time_of(const Step& step) const {
    return step.of == Step::Of::event     ? story_.events[step.index].at_us
           : step.of == Step::Of::message ? story_.messages[step.index].sent_us
                                          : story_.spans[step.index].from_us;
  }

  // Of too many, Raft's own messages go first: its events tell the same.
  void in_order(std::vector<Step>& steps) const {
    std::ranges::sort(steps, {}, [this](const Step& step) {
      return std::tuple(time_of(step), step.of != Step::Of::span, step.of, step.index);
    });
    std::size_t surplus = steps.size() > kStepsMax ? steps.size() - kStepsMax : 0;
    std::erase_if(steps, [&](const Step& step) {
      const bool rafts =
          step.of == Step::Of::message && (story_.messages[step.index].kind.starts_with("append") ||
                                           story_.messages[step.index].kind == "vote");
      const bool goes = rafts && surplus > 0;
      surplus -= goes ? 1 : 0;
      return goes;
    });
    if (steps.size() > kStepsMax) {
      steps.erase(steps.begin(), steps.end() - static_cast<std::ptrdiff_t>(kStepsMax));
    }
  }

  const Story& story_;
  const Nodes nodes_;
  Subject subject_;
  std::set<HostIndex> took_part_;
  std::set<std::pair<std::string, std::string>> told_;
  Time_us begin_us_ = 0;
};

}  // namespace

void slice(Story& story) {
  Slicer slicer(story);
  for (Violation& violation : story.violations) {
    slicer.fill(violation);
  }
}

}  // namespace story
