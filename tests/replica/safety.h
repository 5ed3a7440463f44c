// S20, judged from the events of system/replica/events.h as they come: election safety, log
// matching, leader completeness, a durable term and vote that never go back, and committed entries
// that never change (paper figure 3). S10: the same state at the same index.
//
// The logs of all nodes are mirrored. An entry is known to be committed from the first event on
// that says so, by whomever.
// Blind spots: what a node makes durable and does not live to tell is seen when it opens again.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "system/env/event.h"
#include "system/replica/events.h"
#include "tests/replica/register_machine.h"

namespace replica_test {

class Safety {
 public:
  // Nodes whose disk may give back something else than was written: they may lose entries, if
  // they know it.
  void may_be_damaged(std::uint64_t node) { damaged_.insert(node); }

  void see(const env::EventRef& event);

  const std::vector<std::string>& violations() const { return violations_; }
  std::uint64_t committed() const { return committed_.empty() ? 0 : committed_.rbegin()->first; }
  std::uint64_t elections() const { return leaders_.size(); }
  std::uint64_t snapshots() const { return snapshots_; }
  std::uint64_t distrusted_openings() const { return distrusted_openings_; }

 private:
  struct Content {
    std::uint64_t term = 0;
    std::uint64_t hash = 0;
    bool operator==(const Content&) const = default;
  };
  struct Known {
    Content content;
    std::uint64_t term = 0;  // of whoever said first that it is committed
  };
  struct Unique {
    std::uint64_t hash = 0;
    std::uint64_t previous_term = 0;  // 0: not known
  };
  struct Node {
    std::map<std::uint64_t, Content> log;
    std::uint64_t term = 0;
    std::uint64_t vote = 0;
    std::uint64_t commit = 0;
  };

  void see(const replica::Opened& event);
  void see(const replica::HardStateSaved& event);
  void see(const replica::LogAppended& event);
  void see(const replica::Elected& event);
  void see(const replica::CommitAdvanced& event);
  void see(const replica::SnapshotInstalled& event);
  void see(const Applied& event);

  void check_unique(const Node& node, std::uint64_t index, const Content& content);
  void fail(const std::string& what, std::uint64_t node, std::uint64_t index);

  std::map<std::uint64_t, Node> nodes_;
  std::map<std::uint64_t, Known> committed_;
  std::map<std::uint64_t, std::uint64_t> leaders_;                     // by term
  std::map<std::pair<std::uint64_t, std::uint64_t>, Unique> entries_;  // by index and term
  std::map<std::uint64_t, std::uint64_t> states_;                      // hash by index
  std::set<std::uint64_t> damaged_;
  std::vector<std::string> violations_;
  std::uint64_t snapshots_ = 0;
  std::uint64_t distrusted_openings_ = 0;
};

}  // namespace replica_test
