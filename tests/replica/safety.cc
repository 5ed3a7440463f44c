#include "tests/replica/safety.h"

#include <algorithm>
#include <utility>

namespace replica_test {

void Safety::fail(const std::string& what, std::uint64_t node, std::uint64_t index) {
  violations_.push_back(what + " (node " + std::to_string(node) + ", " + std::to_string(index) +
                        ")");
}

void Safety::see(const env::EventRef& event) {
  const auto if_it_is = [&]<class T>(const T*) {
    if (const T* object = event.as<T>()) {
      see(*object);
    }
  };
  if_it_is(static_cast<const replica::Opened*>(nullptr));
  if_it_is(static_cast<const replica::HardStateSaved*>(nullptr));
  if_it_is(static_cast<const replica::LogAppended*>(nullptr));
  if_it_is(static_cast<const replica::Elected*>(nullptr));
  if_it_is(static_cast<const replica::CommitAdvanced*>(nullptr));
  if_it_is(static_cast<const replica::SnapshotInstalled*>(nullptr));
  if_it_is(static_cast<const Applied*>(nullptr));
}

void Safety::see(const replica::Opened& event) {
  Node& node = nodes_[event.node];
  const bool same_vote = event.vote == node.vote || node.vote == 0;
  if (event.term < node.term || (event.term == node.term && !same_vote)) {
    fail("the durable term or vote went back", event.node, event.term);
  }
  const std::uint64_t kept =
      std::max({event.last_index, event.applied_index, event.distrusted_up_to});
  for (const auto& [index, content] : node.log) {
    const auto known = committed_.find(index);
    if (known != committed_.end() && known->second.content == content && index > kept) {
      fail("a durable entry was lost and nobody knows", event.node, index);
    }
  }
  if (event.distrusted_up_to != 0) {
    ++distrusted_openings_;
    if (!damaged_.contains(event.node)) {
      fail("a sound disk is distrusted", event.node, event.distrusted_up_to);
    }
  }
  node = {{}, event.term, event.vote, 0};
}

void Safety::see(const replica::HardStateSaved& event) {
  Node& node = nodes_[event.node];
  const bool same_vote = event.vote == node.vote || node.vote == 0;
  if (event.term < node.term || (event.term == node.term && !same_vote)) {
    fail("term or vote went back", event.node, event.term);
  }
  node.term = event.term;
  node.vote = event.vote;
}

void Safety::check_unique(const Node& node, std::uint64_t index, const Content& content) {
  const auto before = node.log.find(index - 1);
  const std::uint64_t previous = before != node.log.end() ? before->second.term : 0;
  const auto [it, fresh] =
      entries_.emplace(std::pair(index, content.term), Unique{content.hash, previous});
  Unique& unique = it->second;
  if (unique.hash != content.hash ||
      (previous != 0 && unique.previous_term != 0 && unique.previous_term != previous)) {
    fail("log matching: two entries of one index and term differ", 0, index);
  }
  unique.previous_term = std::max(unique.previous_term, previous);
}

void Safety::see(const replica::LogAppended& event) {
  Node& node = nodes_[event.node];
  const std::map<std::uint64_t, Content> replaced(node.log.lower_bound(event.first_index),
                                                  node.log.end());
  node.log.erase(node.log.lower_bound(event.first_index), node.log.end());
  for (std::size_t i = 0; i < event.terms.size(); ++i) {
    const std::uint64_t index = event.first_index + i;
    const Content content{event.terms[i], event.hashes[i]};
    check_unique(node, index, content);
    node.log[index] = content;
  }
  for (const auto& [index, content] : replaced) {
    const auto known = committed_.find(index);
    const bool was_committed = known != committed_.end() && known->second.content == content;
    const auto now = node.log.find(index);
    if (was_committed && (now == node.log.end() || now->second != content)) {
      fail("a committed entry was overwritten", event.node, index);
    }
  }
}

void Safety::see(const replica::Elected& event) {
  const auto [it, fresh] = leaders_.emplace(event.term, event.node);
  if (it->second != event.node) {
    fail("election safety: two leaders of one term", event.node, event.term);
  }
  const std::map<std::uint64_t, Content>& log = nodes_[event.node].log;
  const std::uint64_t first = log.empty() ? event.last_index + 1 : log.begin()->first;
  for (auto known = committed_.lower_bound(first); known != committed_.end(); ++known) {
    const auto own = log.find(known->first);
    if (known->second.term < event.term &&
        (own == log.end() || own->second != known->second.content)) {
      fail("leader completeness: an entry is missing in term " + std::to_string(event.term),
           event.node, known->first);
    }
  }
}

void Safety::see(const replica::CommitAdvanced& event) {
  Node& node = nodes_[event.node];
  for (auto it = node.log.upper_bound(node.commit);
       it != node.log.end() && it->first <= event.index; ++it) {
    const auto [known, fresh] = committed_.emplace(it->first, Known{it->second, event.term});
    if (known->second.content != it->second) {
      fail("another entry was committed at this index", event.node, it->first);
    }
    known->second.term = std::min(known->second.term, event.term);
  }
  node.commit = event.index;
}

void Safety::see(const replica::SnapshotInstalled& event) {
  ++snapshots_;
  Node& node = nodes_[event.node];
  node.log.clear();
  const auto known = committed_.find(event.index);
  if (known != committed_.end() && known->second.content.term != event.term) {
    fail("a snapshot of another history", event.node, event.index);
  }
  node.commit = std::max(node.commit, event.index);
}

void Safety::see(const Applied& event) {
  const auto [it, fresh] = states_.emplace(event.index, event.hash);
  if (it->second != event.hash) {
    fail("S10: another state at the same index", event.node, event.index);
  }
}

}  // namespace replica_test
