#include "traces/exports/jsonl.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "traces/story/fields.h"

namespace exports {
namespace {

using faults::Json;
using story::Story;

Json object_in(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? json : Json(text);
}

Json names_of(const Story& story, const std::vector<story::HostIndex>& hosts) {
  Json names = Json::array();
  for (const story::HostIndex host : hosts) {
    names.push_back(story.hosts[host].name);
  }
  return names;
}

// Lines with the time by which they are put in order.
class Lines {
 public:
  explicit Lines(const Story& story) : story_(story) {}

  void add_all() {
    for (const auto& event : story_.events) {
      add(event.at_us, {{"type", "event"},
                        {"at_us", event.at_us},
                        {"host", host(event.host)},
                        {"name", event.name},
                        {"fields", object_in(event.fields)}});
    }
    for (const auto& message : story_.messages) {
      add_message(message);
    }
    for (const auto& span : story_.spans) {
      add(span.from_us, {{"type", "span"},
                         {"from_us", span.from_us},
                         {"until_us", span.until_us},
                         {"family", span.family},
                         {"kind", span.kind},
                         {"hosts", names_of(story_, span.hosts)},
                         {"detail", object_in(span.detail)}});
    }
    add_books();
    for (const auto& violation : story_.violations) {
      add(violation.at_us, {{"type", "violation"},
                            {"at_us", violation.at_us},
                            {"property", violation.property},
                            {"statement", violation.statement},
                            {"what", violation.what},
                            {"times", violation.times},
                            {"last_us", violation.last_us},
                            {"named", violation.named},
                            {"hosts", names_of(story_, violation.hosts)}});
    }
  }

  std::string text() {
    std::ranges::sort(order_);
    std::string text;
    for (const auto& [at, index] : order_) {
      text += lines_[index] + "\n";
    }
    return text;
  }

 private:
  const std::string& host(story::HostIndex index) const { return story_.hosts[index].name; }

  void add(story::Time_us at, const Json& json) {
    order_.emplace_back(at, lines_.size());
    lines_.push_back(story::dumped(json));
  }

  void add_message(const story::Message& message) {
    const bool arrived = message.arrived_us != story::kNever;
    add(message.sent_us, {{"type", "message"},
                          {"sent_us", message.sent_us},
                          {"arrived_us", arrived ? Json(message.arrived_us) : Json(nullptr)},
                          {"fate", story::kFates[static_cast<std::size_t>(message.fate)]},
                          {"from", host(message.from)},
                          {"to", host(message.to)},
                          {"kind", message.kind},
                          {"label", message.label},
                          {"detail", message.detail},
                          {"resent", message.resent}});
  }

  void add_books() {
    for (const auto& change : story_.accounts) {
      add(change.at_us, {{"type", "account"},
                         {"at_us", change.at_us},
                         {"entry", change.entry},
                         {"account", change.account},
                         {"unit", change.unit},
                         {"posted", change.posted},
                         {"incoming", change.incoming},
                         {"outgoing", change.outgoing}});
    }
    for (const auto& change : story_.purchases) {
      add(change.at_us, {{"type", "purchase"},
                         {"at_us", change.at_us},
                         {"entry", change.entry},
                         {"purchase", change.purchase},
                         {"user", change.user},
                         {"draw", change.draw},
                         {"state", change.state},
                         {"count", change.count},
                         {"price", change.price},
                         {"attempt", change.attempt}});
    }
    for (const auto& row : story_.bank) {
      add(row.at_us, {{"type", "bank"},
                      {"at_us", row.at_us},
                      {"sequence", row.sequence},
                      {"kind", row.kind},
                      {"key", row.key},
                      {"purchase", row.purchase},
                      {"amount", row.amount}});
    }
  }

  const Story& story_;
  std::vector<std::string> lines_;
  std::vector<std::pair<story::Time_us, std::size_t>> order_;
};

std::string head(const Story& story) {
  const story::Recipe& recipe = story.recipe;
  Json run = {{"type", "run"},
              {"format", "drawproof-events"},
              {"version", 1},
              {"scenario", recipe.scenario},
              {"seed", recipe.seed},
              {"program", recipe.version},
              {"commit", recipe.commit},
              {"digest", recipe.digest},
              {"outcome", recipe.outcome},
              {"note", recipe.note},
              {"reproduce", recipe.reproduce},
              {"end_us", story.end_us}};
  std::string text = story::dumped(run) + "\n";
  for (const story::Host& host : story.hosts) {
    text +=
        story::dumped(
            {{"type", "host"}, {"name", host.name}, {"role", host.role}, {"region", host.region}}) +
        "\n";
  }
  return text;
}

}  // namespace

std::string to_jsonl(const Story& story) {
  Lines lines(story);
  lines.add_all();
  return head(story) + lines.text();
}

}  // namespace exports
