#include "traces/story/subject.h"

#include <algorithm>
#include <charconv>

namespace story {
namespace {

bool figure(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool inside_id(char c) { return figure(c) || letter(c) || c == '-' || c == '_' || c == '.'; }

void add_once(std::vector<std::string>& list, const std::string& id) {
  if (!id.empty() && std::ranges::find(list, id) == list.end()) {
    list.push_back(id);
  }
}

std::optional<std::int64_t> number_at(std::string_view text, std::size_t at) {
  std::int64_t number = 0;
  if (std::from_chars(text.data() + at, text.data() + text.size(), number).ec != std::errc()) {
    return std::nullopt;
  }
  return number;
}

// "node 3 and node 5"
std::set<std::int64_t> numbers_after(std::string_view text, std::string_view word) {
  std::set<std::int64_t> numbers;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    if (const auto number = number_at(text, at + word.size())) {
      numbers.insert(*number);
    }
  }
  return numbers;
}

// "charge-p165.0-3" holds "p165.0".
bool holds(std::string_view id, std::string_view part) {
  const std::size_t at = id.find(part);
  const std::size_t end = at + part.size();
  return at != id.npos && (at == 0 || id[at - 1] == '-') && (end == id.size() || id[end] == '-');
}

void add_purchases(std::vector<std::string>& ids, const Story& story) {
  const std::vector<std::string> named = ids;
  for (const PurchaseChange& change : story.purchases) {
    if (std::ranges::any_of(named,
                            [&](const std::string& id) { return holds(id, change.purchase); })) {
      add_once(ids, change.purchase);
    }
  }
}

// A purchase says enough: everything else of its user would be noise.
void drop_owners(std::vector<std::string>& ids, const Story& story) {
  std::set<std::string> owners;
  for (const PurchaseChange& change : story.purchases) {
    if (std::ranges::find(ids, change.purchase) != ids.end()) {
      owners.insert(change.user);
    }
  }
  std::erase_if(ids, [&](const std::string& id) { return owners.contains(id); });
}

void add_keys(std::vector<std::string>& ids, const Story& story) {
  const std::vector<std::string> named = ids;
  const auto is_named = [&](const std::string& id) {
    return std::ranges::find(named, id) != named.end();
  };
  for (const BankRow& row : story.bank) {
    if (is_named(row.purchase) || is_named(row.key)) {
      add_once(ids, row.key);
      add_once(ids, row.purchase);
    }
  }
}

std::vector<std::string> ids_of(const Story& story, const Violation& violation) {
  std::set<std::string> servers;  // a user is also somebody whom a message names
  for (const Host& host : story.hosts) {
    if (host.role != "user") {
      servers.insert(host.name);
    }
  }
  std::vector<std::string> ids = ids_in(violation.what);
  std::erase_if(ids, [&](const std::string& id) { return servers.contains(id); });
  add_purchases(ids, story);
  add_keys(ids, story);
  drop_owners(ids, story);
  return ids;
}

}  // namespace

bool Subject::named_in(std::string_view text) const {
  return std::ranges::any_of(ids, [&](const std::string& id) { return names(text, id); });
}

Nodes nodes_of(const Story& story) {
  Nodes nodes;
  for (const Event& event : story.events) {
    if (event.name == "raft.opened") {
      if (const auto node = number_after(event.fields, "\"node\":")) {
        nodes[*node] = event.host;
      }
    }
  }
  return nodes;
}

Subject subject_of(const Story& story, const Nodes& nodes, const Violation& violation) {
  Subject subject;
  subject.ids = ids_of(story, violation);
  subject.terms = numbers_after(violation.what, "term ");
  subject.entries = numbers_after(violation.what, "entry ");
  subject.reads = violation.property == "S8" || violation.property == "S26";
  for (const std::int64_t node : numbers_after(violation.what, "node ")) {
    if (const auto host = nodes.find(node); host != nodes.end()) {
      subject.hosts.insert(host->second);
    }
  }
  for (std::size_t i = 0; i < story.hosts.size(); ++i) {
    if (names(violation.what, story.hosts[i].name)) {
      subject.hosts.insert(static_cast<HostIndex>(i));
    }
  }
  return subject;
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  return at == text.npos ? std::nullopt : number_at(text, at + word.size());
}

bool names(std::string_view text, std::string_view id) {
  for (std::size_t at = text.find(id); at != text.npos; at = text.find(id, at + 1)) {
    const std::size_t end = at + id.size();
    const bool begins = at == 0 || !inside_id(text[at - 1]) || !inside_id(id.front());
    const bool ends = end == text.size() || !inside_id(text[end]) ||
                      (text[end] == '.' && (end + 1 == text.size() || !figure(text[end + 1])));
    if (begins && ends) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> ids_in(std::string_view text) {
  std::vector<std::string> ids;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && (inside_id(text[end]) || text[end] == '/')) {
      ++end;
    }
    std::string_view word = text.substr(at, end - at);
    while (!word.empty() && (word.back() == '.' || word.back() == '/' || word.back() == '-')) {
      word.remove_suffix(1);
    }
    if (word.starts_with('/')) {  // of a path the last part: "/v1/sessions/cart-user-10"
      word.remove_prefix(word.rfind('/') + 1);
    }
    const bool id = std::ranges::any_of(word, figure) && std::ranges::any_of(word, letter) &&
                    word.size() >= 3 && letter(word.front());
    if (id) {
      add_once(ids, std::string(word));
    }
    at = end + 1;
  }
  return ids;
}

}  // namespace story
