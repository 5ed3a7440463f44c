#include "traces/exports/chrome.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "traces/story/fields.h"

namespace exports {
namespace {

using faults::Json;
using story::HostIndex;
using story::Story;
using story::Time_us;

constexpr int kRunPid = 1;  // of what is nobody's: faults, violations, counters
constexpr int kFaultsTid = 1;
constexpr int kViolationsTid = 2;
constexpr Time_us kSlice_us = 1;  // of a message at one end: flows need something to hold on to

Json json_in(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? json : Json{{"detail", text}};
}

class Timeline {
 public:
  explicit Timeline(const Story& story) : story_(story) {
    for (const story::Host& host : story.hosts) {
      const int next = kRunPid + 1 + static_cast<int>(pids_.size());
      pids_.emplace(host.region, next);
    }
  }

  std::string text() {
    add_names();
    add_events();
    add_messages();
    add_spans();
    add_counters();
    add_violations();
    std::ranges::sort(order_);
    std::string text = "{\"displayTimeUnit\":\"ms\",\"otherData\":" + story::dumped(about()) +
                       ",\"traceEvents\":[\n";
    for (std::size_t i = 0; i < order_.size(); ++i) {
      text += lines_[std::get<2>(order_[i])] + (i + 1 < order_.size() ? ",\n" : "\n");
    }
    return text + "]}\n";
  }

 private:
  Json about() const {
    const story::Recipe& recipe = story_.recipe;
    return {{"scenario", recipe.scenario}, {"seed", std::to_string(recipe.seed)},
            {"commit", recipe.commit},     {"digest", recipe.digest},
            {"outcome", recipe.outcome},   {"reproduce", recipe.reproduce}};
  }

  // Of one instant: names, then longer slices before shorter ones, then what lies on slices.
  // A rank below 0 is a slice's length.
  void add(Time_us at, std::int64_t rank, Json event) {
    order_.emplace_back(at, rank, lines_.size());
    lines_.push_back(story::dumped(event));
  }

  Json event(const char* phase, const std::string& name, const char* category, int pid,
             std::int64_t tid, Time_us at) const {
    return {{"name", name}, {"cat", category}, {"ph", phase},
            {"ts", at},     {"pid", pid},      {"tid", tid}};
  }
  Json on(HostIndex host, const char* phase, const std::string& name, const char* category,
          Time_us at) const {
    return event(phase, name, category, pid(host), tid(host), at);
  }
  int pid(HostIndex host) const { return pids_.find(story_.hosts[host].region)->second; }
  static std::int64_t tid(HostIndex host) { return static_cast<std::int64_t>(host) + 1; }

  void add_name(const char* what, int pid, std::int64_t tid, const std::string& name) {
    add(-1, 0,
        {{"name", what},
         {"ph", "M"},
         {"ts", 0},
         {"pid", pid},
         {"tid", tid},
         {"args", {{"name", name}}}});
  }

  void add_names() {
    add_name("process_name", kRunPid, 0, "the run");
    add_name("thread_name", kRunPid, kFaultsTid, "faults");
    add_name("thread_name", kRunPid, kViolationsTid, "violations");
    for (const auto& [region, pid] : pids_) {
      add_name("process_name", pid, 0, "region " + region);
    }
    for (std::size_t i = 0; i < story_.hosts.size(); ++i) {
      const auto host = static_cast<HostIndex>(i);
      add_name("thread_name", pid(host), tid(host), story_.hosts[i].name);
    }
  }

  void add_events() {
    for (const story::Event& each : story_.events) {
      Json json = on(each.host, "i", each.name, "event", each.at_us);
      json["s"] = "t";
      json["args"] = json_in(each.fields);
      add(each.at_us, 2, std::move(json));
    }
  }

  void add_slice(HostIndex host, const std::string& name, const char* category, Time_us at,
                 Time_us length, Json args) {
    Json json = on(host, "X", name, category, at);
    json["dur"] = length;
    json["args"] = std::move(args);
    add(at, -length, std::move(json));
  }

  void add_messages() {
    std::int64_t id = 0;
    for (const story::Message& message : story_.messages) {
      ++id;
      const std::string name = message.kind + ": " + message.label;
      const bool arrived = message.arrived_us != story::kNever;
      Json args = {{"to", story_.hosts[message.to].name},
                   {"fate", story::kFates[static_cast<std::size_t>(message.fate)]},
                   {"resent", message.resent},
                   {"detail", message.detail}};
      add_slice(message.from, (arrived ? "" : "never arrived, ") + name, "message", message.sent_us,
                kSlice_us, std::move(args));
      if (!arrived) {
        continue;
      }
      add_slice(message.to, name, "message", message.arrived_us, kSlice_us,
                {{"from", story_.hosts[message.from].name}});
      Json start = on(message.from, "s", message.kind, "message", message.sent_us);
      start["id"] = id;
      add(message.sent_us, 1, std::move(start));
      Json finish = on(message.to, "f", message.kind, "message", message.arrived_us);
      finish["id"] = id;
      finish["bp"] = "e";
      add(message.arrived_us, 3, std::move(finish));  // behind a start of the same instant
    }
  }

  void add_pair(int pid, std::int64_t tid, const std::string& name, const char* category,
                const story::Span& span, const std::string& id) {
    Json begin = event("b", name, category, pid, tid, span.from_us);
    begin["id"] = id;
    begin["args"] = json_in(span.detail);
    add(span.from_us, 1, std::move(begin));
    Json end = event("e", name, category, pid, tid, span.until_us);
    end["id"] = id;
    add(span.until_us, 3, std::move(end));
  }

  void add_spans() {
    std::size_t next = 0;
    for (const story::Span& span : story_.spans) {
      const std::string id = span.family + std::to_string(++next);
      if (span.family == "fault") {
        add_pair(kRunPid, kFaultsTid, span.kind, "fault", span, id);
        continue;
      }
      const HostIndex host = span.hosts.front();
      if (span.family == "down") {
        add_slice(host, "no process", "process", span.from_us, span.until_us - span.from_us,
                  Json::object());
      } else if (span.family == "leader") {
        add_pair(pid(host), tid(host), "leads " + span.kind, "leader", span, id);
      } else {
        add_pair(pid(host), tid(host), span.detail + " " + span.kind, "purchase", span, id);
      }
    }
  }

  void add_counter(Time_us at, const std::string& name, Json figures) {
    Json json = event("C", name, "books", kRunPid, 0, at);
    json["args"] = std::move(figures);
    add(at, 2, std::move(json));
  }

  // Accounts of single purchases would be a row of counters each.
  void add_counters() {
    for (const story::AccountChange& change : story_.accounts) {
      if (!change.account.starts_with("SUSPENSE[") && !change.account.starts_with("CLEARING[")) {
        add_counter(change.at_us, change.account,
                    {{"posted", change.posted}, {"pending", change.incoming - change.outgoing}});
      }
    }
    std::int64_t captured = 0;
    std::int64_t refunded = 0;
    for (const story::BankRow& row : story_.bank) {
      (row.kind == "charge" ? captured : refunded) += row.amount;
      add_counter(row.at_us, "the bank's books", {{"captured", captured}, {"refunded", refunded}});
    }
  }

  void add_violations() {
    for (const story::Violation& violation : story_.violations) {
      Json json = event("i", violation.property + " violated", "violation", kRunPid, kViolationsTid,
                        violation.at_us);
      json["s"] = "g";
      json["args"] = {{"statement", violation.statement}, {"what", violation.what}};
      add(violation.at_us, 4, std::move(json));
    }
  }

  const Story& story_;
  std::map<std::string, int> pids_;  // by region
  std::vector<std::string> lines_;
  std::vector<std::tuple<Time_us, std::int64_t, std::size_t>> order_;
};

}  // namespace

std::string to_chrome(const Story& story) { return Timeline(story).text(); }

}  // namespace exports
