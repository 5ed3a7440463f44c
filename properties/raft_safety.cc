#include "properties/raft_safety.h"

#include <algorithm>
#include <string>

namespace properties {
namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

}  // namespace

void RaftSafety::on_event(simnet::Time at, const env::EventRef& event, const Evidence&) {
  if (const auto* appended = event.as<replica::LogAppended>()) {
    this->appended(at, *appended);
  } else if (const auto* advanced = event.as<replica::CommitAdvanced>()) {
    commit(at, *advanced);
  } else if (const auto* saved = event.as<replica::HardStateSaved>()) {
    hard_state(at, *saved);
  } else if (const auto* won = event.as<replica::Elected>()) {
    elected(at, *won);
  } else if (const auto* opened = event.as<replica::Opened>()) {
    this->opened(at, *opened);
  } else if (const auto* installed = event.as<replica::SnapshotInstalled>()) {
    snapshot(at, *installed);
  }
}

// Terms never go back, and a vote once given in a term stays (paper figure 2).
void RaftSafety::kept(simnet::Time at, std::uint64_t id, std::uint64_t term, std::uint64_t vote) {
  const Node& node = nodes_[id];
  const bool same_term = term == node.term;
  const bool good = term > node.term || (same_term && (node.vote == 0 || vote == node.vote));
  expect(good, at, [&] {
    return "node " + number(id) + " has term " + number(term) + " and vote " + number(vote) +
           " on its disk after term " + number(node.term) + " and vote " + number(node.vote);
  });
}

// Power may be cut between a write and its event, so the disk may be ahead of what was said.
// A replica that lost entries to its disk and says so is judged by what it has now.
//
// So an entry may be missing that a leader's append removed, which put others before its place
// (section 5.3), and that the next leader has committed since: in a term that this node does not
// know yet, so it took no part in that.
void RaftSafety::opened(simnet::Time at, const replica::Opened& event) {
  const bool lost = event.distrusted_up_to != 0;
  Node& node = nodes_[event.node];
  node.missing.reset();
  if (!lost) {
    kept(at, event.node, event.term, event.vote);
    for (auto it = node.log.upper_bound(event.last_index); it != node.log.end(); ++it) {
      const auto found = committed_.find(it->first);
      const bool was_committed = found != committed_.end() && found->second.entry == it->second;
      const bool unknown_to_it = it->first > node.committed;
      if (was_committed && unknown_to_it && found->second.in_term > event.term &&
          event.last_index >= event.first_index) {
        node.missing = node.missing.value_or(it->first);
        continue;
      }
      expect(!was_committed, at, [&] {
        return "node " + number(event.node) + " lost entry " + number(it->first) +
               ", which is committed, in a restart";
      });
    }
  }
  node.term = event.term;
  node.vote = event.vote;
  node.last_index = event.last_index;
  node.log.erase(node.log.upper_bound(event.last_index), node.log.end());
}

void RaftSafety::hard_state(simnet::Time at, const replica::HardStateSaved& event) {
  kept(at, event.node, event.term, event.vote);
  Node& node = nodes_[event.node];
  node.term = event.term;
  node.vote = event.vote;
}

void RaftSafety::explain_missing(simnet::Time at, const replica::LogAppended& event) {
  Node& node = nodes_[event.node];
  if (!node.missing) {
    return;
  }
  bool replaced = false;
  for (std::size_t i = 0; i < event.terms.size(); ++i) {
    const auto said = node.log.find(event.first_index + i);
    replaced |= said != node.log.end() && !(said->second == Entry{event.terms[i], event.hashes[i]});
  }
  expect(replaced, at, [&] {
    return "node " + number(event.node) + " lost entry " + number(*node.missing) +
           ", which is committed, in a restart";
  });
  node.missing.reset();
}

// Log matching: one term has one entry at an index, whoever holds it.
void RaftSafety::appended(simnet::Time at, const replica::LogAppended& event) {
  explain_missing(at, event);
  Node& node = nodes_[event.node];
  node.log.erase(node.log.lower_bound(event.first_index), node.log.end());
  std::uint64_t index = event.first_index;
  for (std::size_t i = 0; i < event.terms.size(); ++i, ++index) {
    const Entry entry{event.terms[i], event.hashes[i]};
    const auto [known, fresh] = hashes_.emplace(std::pair{index, entry.term}, entry.hash);
    expect(fresh || known->second == entry.hash, at, [&] {
      return "node " + number(event.node) + " holds another entry " + number(index) + " of term " +
             number(entry.term) + " than others do";
    });
    const auto done = committed_.find(index);
    const bool contradicts = done != committed_.end() && !(done->second.entry == entry) &&
                             entry.term >= done->second.in_term;
    expect(!contradicts, at, [&] {
      return "node " + number(event.node) + " took entry " + number(index) + " of term " +
             number(entry.term) + " although that of term " + number(done->second.entry.term) +
             " is committed";
    });
    node.log.insert_or_assign(index, entry);
  }
  node.last_index = index - 1;
}

void RaftSafety::elected(simnet::Time at, const replica::Elected& event) {
  const auto [leader, fresh] = leaders_.emplace(event.term, event.node);
  expect(fresh || leader->second == event.node, at, [&] {
    return "term " + number(event.term) + " has two leaders: node " + number(leader->second) +
           " and node " + number(event.node);
  });
  const Node& node = nodes_[event.node];
  for (auto it = committed_.rbegin(); it != committed_.rend(); ++it) {
    const auto held = node.log.find(it->first);
    if (held == node.log.end() && it->first <= node.last_index) {
      break;  // given up to a snapshot, or from before the checker saw this disk
    }
    if (it->second.in_term >= event.term) {
      continue;
    }
    expect(held != node.log.end() && held->second == it->second.entry, at, [&, it = it] {
      return "node " + number(event.node) + " leads term " + number(event.term) +
             " without entry " + number(it->first) + ", committed in term " +
             number(it->second.in_term);
    });
    if (held != node.log.end()) {
      break;  // what is before follows by log matching
    }
  }
}

void RaftSafety::commit(simnet::Time at, const replica::CommitAdvanced& event) {
  Node& node = nodes_[event.node];
  node.committed = std::max(node.committed, event.index);
  std::uint64_t index = event.index;
  for (auto it = node.log.upper_bound(event.index); it != node.log.begin(); --index) {
    --it;
    if (it->first != index) {
      break;
    }
    const auto [known, fresh] = committed_.emplace(index, Committed{it->second, event.term});
    expect(fresh || known->second.entry == it->second, at, [&, it = it] {
      return "entry " + number(it->first) + " is committed as of term " +
             number(known->second.entry.term) + " and, by node " + number(event.node) +
             ", as of term " + number(it->second.term);
    });
    if (!fresh) {
      known->second.in_term = std::min(known->second.in_term, event.term);
      break;
    }
  }
}

void RaftSafety::snapshot(simnet::Time at, const replica::SnapshotInstalled& event) {
  Node& node = nodes_[event.node];
  const auto done = committed_.find(event.index);
  expect(done == committed_.end() || done->second.entry.term == event.term, at, [&] {
    return "node " + number(event.node) + " took a snapshot that ends with entry " +
           number(event.index) + " of term " + number(event.term) + ", but that of term " +
           number(done->second.entry.term) + " is committed";
  });
  // Whether entries after the mark were kept is the replica's decision; what is kept will be
  // told again only when it changes.
  node.log.erase(node.log.begin(), node.log.upper_bound(event.index));
  node.last_index = std::max(node.last_index, event.index);
}

}  // namespace properties
