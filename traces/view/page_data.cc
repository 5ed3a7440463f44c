// The data of the page: columns of numbers, and one list of all texts, because most of them occur
// many times. data.js reads it.
#include <map>
#include <utility>

#include "faults/input.h"
#include "traces/story/fields.h"
#include "traces/view/page.h"

namespace view {
namespace {

using faults::Json;
using story::Story;

constexpr std::size_t kFields_bytes = 1200;  // shown of an event's members; the rest is cut
constexpr std::size_t kDetail_bytes = 400;   // and of what is in a message

// Not inside a character of UTF-8.
std::string cut(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) {
    return text;
  }
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return text.substr(0, end) + "...";
}

constexpr std::size_t kNames = 12;  // of the hosts that a fault strikes

// A long list of hosts as its first ones and "+n" for n more: one fault may strike a thousand.
std::string with_short_lists(const std::string& detail) {
  Json json = Json::parse(detail, nullptr, false);
  if (!json.is_object()) {
    return cut(detail, kDetail_bytes);
  }
  for (auto& [name, value] : json.items()) {
    if (value.is_array() && value.size() > kNames + 1) {
      const std::string more = "+" + std::to_string(value.size() - kNames);
      value.erase(value.begin() + kNames, value.end());
      value.push_back(more);
    }
  }
  return story::dumped(json);
}

class Texts {
 public:
  std::size_t operator()(const std::string& text) {
    const auto [known, fresh] = places_.emplace(text, places_.size());
    if (fresh) {
      list_.push_back(text);
    }
    return known->second;
  }
  Json take() { return std::move(list_); }

 private:
  std::map<std::string, std::size_t> places_;
  Json list_ = Json::array();
};

Json run_of(const Story& story) {
  const story::Recipe& recipe = story.recipe;
  return {{"scenario", recipe.scenario},
          {"about", recipe.about},
          {"seed", std::to_string(recipe.seed)},  // 64 bits are too many for a double
          {"version", recipe.version},
          {"commit", recipe.commit},
          {"trace_commit", recipe.trace_commit},
          {"digest", recipe.digest},
          {"outcome", recipe.outcome},
          {"note", recipe.note},
          {"reproduce", recipe.reproduce},
          {"faults", recipe.faults},
          {"end_us", story.end_us}};
}

// Times are written as differences to the one before: shorter.
Json events_of(const Story& story, Texts& texts) {
  Json at = Json::array(), host = Json::array(), name = Json::array(), fields = Json::array();
  story::Time_us before = 0;
  for (const story::Event& event : story.events) {
    at.push_back(event.at_us - std::exchange(before, event.at_us));
    host.push_back(event.host);
    name.push_back(texts(event.name));
    fields.push_back(texts(cut(event.fields, kFields_bytes)));
  }
  return {{"at", std::move(at)},
          {"host", std::move(host)},
          {"name", std::move(name)},
          {"fields", std::move(fields)}};
}

Json messages_of(const Story& story, Texts& texts) {
  Json columns = Json::object();
  for (const char* name :
       {"sent", "took", "from", "to", "fate", "resent", "kind", "label", "detail", "answers"}) {
    columns[name] = Json::array();
  }
  story::Time_us before = 0;
  for (const story::Message& message : story.messages) {
    const bool arrived = message.arrived_us != story::kNever;
    columns["sent"].push_back(message.sent_us - std::exchange(before, message.sent_us));
    columns["took"].push_back(arrived ? message.arrived_us - message.sent_us : -1);
    columns["from"].push_back(message.from);
    columns["to"].push_back(message.to);
    columns["fate"].push_back(static_cast<int>(message.fate));
    columns["resent"].push_back(message.resent);
    columns["kind"].push_back(texts(message.kind));
    columns["label"].push_back(texts(cut(message.label, kDetail_bytes)));
    columns["detail"].push_back(texts(cut(message.detail, kDetail_bytes)));
    columns["answers"].push_back(message.answers == story::kNobody
                                     ? std::int64_t{-1}
                                     : static_cast<std::int64_t>(message.answers));
  }
  return columns;
}

Json spans_of(const Story& story, Texts& texts) {
  Json list = Json::array();
  for (const story::Span& span : story.spans) {
    list.push_back({span.from_us, span.until_us, span.family, span.kind, span.hosts,
                    texts(with_short_lists(span.detail))});
  }
  return list;
}

Json books_of(const Story& story, Texts& texts) {
  Json accounts = Json::array(), purchases = Json::array(), bank = Json::array();
  for (const story::AccountChange& change : story.accounts) {
    accounts.push_back({change.at_us, change.entry, texts(change.account), texts(change.unit),
                        change.posted, change.incoming, change.outgoing});
  }
  for (const story::PurchaseChange& change : story.purchases) {
    purchases.push_back({change.at_us, change.entry, texts(change.purchase), texts(change.user),
                         texts(change.draw), texts(change.state), change.count, change.price,
                         change.attempt});
  }
  for (const story::BankRow& row : story.bank) {
    bank.push_back({row.at_us, row.sequence, texts(row.kind), texts(row.key), texts(row.purchase),
                    row.amount});
  }
  return {{"accounts", std::move(accounts)},
          {"purchases", std::move(purchases)},
          {"bank", std::move(bank)}};
}

Json violations_of(const Story& story) {
  Json list = Json::array();
  for (const story::Violation& violation : story.violations) {
    Json steps = Json::array();
    for (const story::Step& step : violation.steps) {
      steps.push_back({static_cast<int>(step.of), step.index});
    }
    list.push_back({{"at", violation.at_us},
                    {"property", violation.property},
                    {"statement", violation.statement},
                    {"what", violation.what},
                    {"times", violation.times},
                    {"last", violation.last_us},
                    {"at_end", violation.at_end},
                    {"named", violation.named},
                    {"hosts", violation.hosts},
                    {"steps", std::move(steps)}});
  }
  return list;
}

Json hosts_of(const Story& story) {
  Json list = Json::array();
  for (const story::Host& host : story.hosts) {
    list.push_back({host.name, host.role, host.region});
  }
  return list;
}

// A script element ends at the first "</script" and changes its meaning at "<!--", whatever
// JSON says. In JSON these characters stand inside of strings only, where they may be escaped.
std::string inert(const std::string& json) {
  std::string safe;
  safe.reserve(json.size() + json.size() / 16);
  for (const char c : json) {
    switch (c) {
      case '<':
        safe += "\\u003c";
        break;
      case '>':
        safe += "\\u003e";
        break;
      case '&':
        safe += "\\u0026";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

}  // namespace

std::string page_data(const Story& story) {
  Texts texts;
  Json data = {{"version", 1}, {"run", run_of(story)}, {"hosts", hosts_of(story)}};
  data["events"] = events_of(story, texts);
  data["messages"] = messages_of(story, texts);
  data["spans"] = spans_of(story, texts);
  data["books"] = books_of(story, texts);
  data["violations"] = violations_of(story);
  data["texts"] = texts.take();
  return inert(story::dumped(data));
}

}  // namespace view
