// What a violation is about, as far as its sentence says so: ids (purchases, users, keys), hosts
// and nodes, terms and entries of the log. To a purchase belong its keys at the bank.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "traces/story/story.h"

namespace story {

struct Subject {
  std::vector<std::string> ids;
  std::set<std::int64_t> terms;
  std::set<std::int64_t> entries;
  std::set<HostIndex> hosts;
  bool reads = false;  // what somebody read is the matter

  bool of_the_log() const { return !terms.empty() || !entries.empty(); }
  // One of the ids stands in the text.
  bool named_in(std::string_view text) const;
};

// By the number that a replica has in Raft.
using Nodes = std::map<std::int64_t, HostIndex>;
Nodes nodes_of(const Story& story);

Subject subject_of(const Story& story, const Nodes& nodes, const Violation& violation);

// Whether `id` stands in the text, and not as a part of a longer one.
bool names(std::string_view text, std::string_view id);

// The ids of a sentence: words with a letter and a figure in them, without the punctuation
// around them; each once, in their order.
std::vector<std::string> ids_in(std::string_view text);

// The first number behind `word`.
std::optional<std::int64_t> number_after(std::string_view text, std::string_view word);

}  // namespace story
