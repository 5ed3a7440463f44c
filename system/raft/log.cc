#include "system/raft/log.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "system/probe/probe.h"

namespace raft {

Log::Log(SnapshotMark snapshot, const std::vector<Entry>& entries)
    : snapshot_(std::move(snapshot)) {
  configurations_[snapshot_.index] = snapshot_.configuration;
  for (const Entry& entry : entries) {
    if (entry.index != last_index() + 1 || entry.term < last_term()) {
      throw std::invalid_argument("raft: the restored log has a gap or a falling term");
    }
    append(entry);
  }
  taken_ = saved_ = last_index();
}

std::optional<Term> Log::term_at(Index index) const {
  if (index == snapshot_.index) {
    return snapshot_.term;
  }
  if (index < snapshot_.index || index > last_index()) {
    return std::nullopt;
  }
  return entries_[index - first_index()].term;
}

bool Log::is_no_newer_than(Index last, Term term) const {
  return term != last_term() ? term > last_term() : last >= last_index();
}

Index Log::latest_at_or_below(Index index, Term term) const {
  index = std::clamp(index, snapshot_.index, last_index());
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(index - snapshot_.index);
  const auto after = std::partition_point(
      entries_.begin(), end, [term](const Entry& entry) { return entry.term <= term; });
  return snapshot_.index + static_cast<Index>(after - entries_.begin());
}

void Log::append(Entry entry) {
  if (entry.kind == EntryKind::configuration) {
    configurations_[entry.index] = decode_configuration(entry.data);
  }
  entries_.push_back(std::move(entry));
}

bool Log::merge(std::vector<Entry> entries, Index commit) {
  const auto news = std::ranges::find_if(
      entries, [&](const Entry& entry) { return !matches(entry.index, entry.term); });
  if (news == entries.end()) {
    probe::hit_if<"raft.append_met_again">(!entries.empty());
    return true;
  }
  if (news->index <= commit) {
    return false;
  }
  probe::hit_if<"raft.suffix_replaced">(news->index <= last_index());
  cut_from(news->index);
  for (auto it = news; it != entries.end(); ++it) {
    append(std::move(*it));
  }
  return true;
}

void Log::cut_from(Index index) {
  if (index > last_index()) {
    return;
  }
  entries_.resize(index - first_index());
  configurations_.erase(configurations_.lower_bound(index), configurations_.end());
  taken_ = std::min(taken_, index - 1);
  saved_ = std::min(saved_, index - 1);
}

void Log::compact(Index index) {
  SnapshotMark mark{index, *term_at(index), configuration_at(index)};
  entries_.erase(entries_.begin(),
                 entries_.begin() + static_cast<std::ptrdiff_t>(index - snapshot_.index));
  configurations_.erase(configurations_.begin(), configurations_.upper_bound(index));
  configurations_[index] = mark.configuration;
  snapshot_ = std::move(mark);
}

void Log::install(SnapshotMark mark) {
  entries_.clear();
  configurations_.clear();
  configurations_[mark.index] = mark.configuration;
  snapshot_ = std::move(mark);
  taken_ = saved_ = snapshot_.index;
}

std::vector<Entry> Log::slice(Index from, Index to) const {
  if (from < first_index() || to > last_index()) {
    // A rule was broken before. To read on would be whatever lies in memory.
    throw std::logic_error("raft: entries " + std::to_string(from) + " to " + std::to_string(to) +
                           " are not all in a log of " + std::to_string(first_index()) + " to " +
                           std::to_string(last_index()));
  }
  const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(from - first_index());
  return {begin, begin + static_cast<std::ptrdiff_t>(to + 1 - from)};
}

std::vector<Entry> Log::batch(Index from, std::size_t bytes_max) const {
  Index to = from;
  std::size_t bytes = entries_.at(from - first_index()).data.size();
  while (to < last_index()) {
    bytes += entries_[to + 1 - first_index()].data.size();
    if (bytes > bytes_max) {
      probe::hit<"raft.append_filled_to_the_limit">();
      break;
    }
    ++to;
  }
  return slice(from, to);
}

std::vector<Entry> Log::take_unsaved() {
  std::vector<Entry> entries = slice(taken_ + 1, last_index());
  taken_ = last_index();
  return entries;
}

const Configuration& Log::configuration_at(Index index) const {
  return std::prev(configurations_.upper_bound(index))->second;
}

}  // namespace raft
