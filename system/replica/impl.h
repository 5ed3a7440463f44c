// The inside of a Replica. Three rooms: recovery and the calls of the service (replica.cc),
// the Ready loop (drive.cc), snapshots both ways (snapshots.cc); who waits for what is in
// waiting.h.
//
// All that changes the core calls wake(); the Ready loop then runs as a task of its own, behind
// what had arrived at the same instant, or while the disk was busy. So the messages and
// proposals of a moment share one transaction of the log.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "system/env/async.h"
#include "system/raft/core.h"
#include "system/replica/log.h"
#include "system/replica/replica.h"
#include "system/replica/transport.h"
#include "system/replica/waiting.h"

namespace replica {

class Replica::Impl final : public Inbox {
 public:
  // Opens and recovers. Errors: store::Error.
  Impl(env::Env& env, StateMachine& machine, ReplicaOptions options);
  void start();

  env::awaitable<Outcome> propose(std::string payload);
  env::awaitable<Outcome> change(raft::Configuration next);
  env::awaitable<bool> wait_linearizable(env::Duration timeout);
  env::awaitable<bool> wait_applied(std::uint64_t index, env::Duration timeout);
  bool transfer_leadership(raft::NodeId to);
  std::uint64_t applied() const { return machine_.applied_index(); }
  const raft::Core& core() const { return core_; }

  void receive(std::vector<raft::Message> messages) override;
  bool receive_snapshot(raft::Message message, std::string bytes) override;

 private:
  // What arrived beside a snapshot message, while the core looks at it.
  struct Arriving {
    raft::Index index = 0;
    std::string bytes;
  };

  raft::Core recover();
  WaiterPtr<Outcome> add(std::optional<raft::Core::Proposed> proposed);
  env::awaitable<void> tick_loop();
  env::awaitable<void> drive_loop();

  void wake();
  // Everything the core has to be done; a failing disk ends the process, and nothing more is done.
  void drive();
  void handle(raft::Ready ready);
  void persist(const raft::Ready& ready);
  void apply(const std::vector<raft::Entry>& committed);
  void tell_entries(const std::vector<raft::Entry>& entries);
  void tell_role();
  void tell_commit();
  void compact_if_due();

  void install(const raft::Ready& ready);
  void send_snapshots(const std::vector<raft::NodeId>& receivers);
  env::awaitable<void> transfer(raft::Message message, std::shared_ptr<const std::string> bytes);

  env::Env& env_;
  StateMachine& machine_;
  const ReplicaOptions options_;
  Log log_;
  raft::Core core_;
  Transport transport_;
  Proposals proposals_;
  Reads reads_;
  AppliedWaits applied_waits_;
  env::Condition woken_;
  bool awake_ = false;
  bool stopped_ = false;
  raft::Term leading_ = 0;  // the term that we told we lead; 0: none
  raft::Index told_commit_ = 0;
  std::optional<Arriving> arriving_;
  std::set<raft::NodeId> sending_;  // snapshots, to whom
};

}  // namespace replica
