#include "system/raft/types.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace raft {
namespace {

void append_list(std::string& text, char tag, const std::vector<NodeId>& ids) {
  text.push_back(tag);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    text += (i == 0 ? "" : ",") + std::to_string(ids[i]);
  }
}

[[noreturn]] void fail(std::string_view text) {
  throw std::invalid_argument("not a configuration: \"" + std::string(text) + "\"");
}

std::vector<NodeId> parse_list(std::string_view text, char tag) {
  if (text.empty() || text.front() != tag) {
    fail(text);
  }
  std::vector<NodeId> ids;
  const char* at = text.data() + 1;
  const char* end = text.data() + text.size();
  while (at != end) {
    NodeId id = kNobody;
    const auto [next, error] = std::from_chars(at, end, id);
    const bool comma = next != end && *next == ',' && next + 1 != end;
    const bool ascends = ids.empty() || ids.back() < id;
    if (error != std::errc() || id == kNobody || !ascends || (next != end && !comma)) {
      fail(text);
    }
    ids.push_back(id);
    at = comma ? next + 1 : next;
  }
  return ids;
}

}  // namespace

bool Configuration::is_voter(NodeId id) const { return std::ranges::binary_search(voters, id); }

bool Configuration::is_learner(NodeId id) const { return std::ranges::binary_search(learners, id); }

std::string encode(const Configuration& configuration) {
  std::string text;
  append_list(text, 'v', configuration.voters);
  text.push_back(';');
  append_list(text, 'l', configuration.learners);
  return text;
}

Configuration decode_configuration(std::string_view text) {
  const std::size_t middle = text.find(';');
  if (middle == std::string_view::npos) {
    fail(text);
  }
  Configuration configuration{parse_list(text.substr(0, middle), 'v'),
                              parse_list(text.substr(middle + 1), 'l')};
  for (const NodeId learner : configuration.learners) {
    if (configuration.is_voter(learner)) {
      fail(text);
    }
  }
  return configuration;
}

}  // namespace raft
