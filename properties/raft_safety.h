// S20: what Raft promises (Ongaro & Ousterhout 2014, figure 3), judged from what the
// replicas say is durable: election safety, log matching, leader completeness, state
// machine safety; and that no disk goes back in term or changes its vote.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "properties/property.h"
#include "system/replica/events.h"

namespace properties {

class RaftSafety final : public Property {
 public:
  std::string_view id() const override { return "S20"; }
  std::string_view statement() const override {
    return "one leader per term, logs match, leaders hold what is committed, votes are kept";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState&, const Reference&) override {}

 private:
  struct Entry {
    std::uint64_t term = 0;
    std::uint64_t hash = 0;
    bool operator==(const Entry&) const = default;
  };
  struct Node {
    std::uint64_t term = 0;
    std::uint64_t vote = 0;
    std::uint64_t last_index = 0;
    std::uint64_t committed = 0;         // the highest that it said is
    std::map<std::uint64_t, Entry> log;  // what it is known to hold, durably
    // Missing after a restart; whether rightly so, the log that it is about to tell shows.
    std::optional<std::uint64_t> missing;
  };

  void opened(simnet::Time at, const replica::Opened& event);
  void hard_state(simnet::Time at, const replica::HardStateSaved& event);
  void appended(simnet::Time at, const replica::LogAppended& event);
  void elected(simnet::Time at, const replica::Elected& event);
  void commit(simnet::Time at, const replica::CommitAdvanced& event);
  void explain_missing(simnet::Time at, const replica::LogAppended& event);
  void snapshot(simnet::Time at, const replica::SnapshotInstalled& event);
  void kept(simnet::Time at, std::uint64_t id, std::uint64_t term, std::uint64_t vote);

  std::map<std::uint64_t, Node> nodes_;
  std::map<std::uint64_t, std::uint64_t> leaders_;                           // term -> node
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> hashes_;  // (index, term)
  struct Committed {
    Entry entry;
    std::uint64_t in_term = 0;  // of the node that first said so
  };
  std::map<std::uint64_t, Committed> committed_;
};

}  // namespace properties
