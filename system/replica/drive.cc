// The Ready loop, in the order that system/raft/core.h asks for.
#include <xxhash.h>

#include <utility>

#include "system/probe/probe.h"
#include "system/replica/events.h"
#include "system/replica/impl.h"

namespace replica {

void Replica::Impl::wake() {
  awake_ = true;
  woken_.notify_all();
}

env::awaitable<void> Replica::Impl::drive_loop() {
  while (!stopped_) {
    while (!awake_) {
      co_await woken_.wait();
    }
    drive();
  }
}

void Replica::Impl::receive(std::vector<raft::Message> messages) {
  for (raft::Message& message : messages) {
    if (message.kind != raft::MessageKind::snapshot) {  // which comes with its bytes only
      core_.step(std::move(message));
    }
  }
  wake();
}

void Replica::Impl::drive() {
  if (stopped_) {
    return;
  }
  awake_ = false;
  try {
    reads_.ask(core_);
    while (core_.has_ready()) {
      handle(core_.ready());
    }
    compact_if_due();
    if (log_.head().distrusted_up_to != 0 && core_.may_vote()) {
      log_.trust();
    }
  } catch (const store::Error& error) {
    probe::hit<"replica.stopped_by_its_disk">();
    stopped_ = true;
    env_.fail_stop(error.what());
  }
}

void Replica::Impl::handle(raft::Ready ready) {
  persist(ready);
  tell_role();
  tell_commit();
  transport_.send(std::move(ready.messages));
  apply(ready.committed);
  reads_.answer(ready.reads);
  core_.advance();
  send_snapshots(ready.snapshots_to_send);
}

void Replica::Impl::persist(const raft::Ready& ready) {
  if (ready.snapshot_to_install) {
    install(ready);
  }
  if (ready.hard_state || !ready.entries.empty()) {
    log_.save(ready.hard_state, ready.entries);
  }
  if (ready.hard_state) {
    const HardStateSaved saved{options_.id, ready.hard_state->term, ready.hard_state->vote};
    env_.emit(saved);
  }
  tell_entries(ready.entries);
}

void Replica::Impl::tell_entries(const std::vector<raft::Entry>& entries) {
  if (entries.empty()) {
    return;
  }
  LogAppended event;
  event.node = options_.id;
  event.first_index = entries.front().index;
  for (const raft::Entry& entry : entries) {
    event.terms.push_back(entry.term);
    event.hashes.push_back(XXH3_64bits_withSeed(entry.data.data(), entry.data.size(),
                                                static_cast<std::uint64_t>(entry.kind)));
  }
  env_.emit(event);
}

void Replica::Impl::tell_role() {
  const bool leads = core_.role() == raft::Role::leader;
  if (leading_ != 0 && !(leads && leading_ == core_.term())) {
    probe::hit_if<"replica.led_again_at_once">(leads);
    proposals_.give_up();
    leading_ = 0;
  }
  if (leads && leading_ == 0) {
    leading_ = core_.term();
    const Elected elected{options_.id, leading_, core_.last_index()};
    env_.emit(elected);
  }
}

void Replica::Impl::tell_commit() {
  if (core_.commit() > told_commit_) {
    told_commit_ = core_.commit();
    const CommitAdvanced advanced{options_.id, core_.term(), told_commit_};
    env_.emit(advanced);
  }
}

void Replica::Impl::apply(const std::vector<raft::Entry>& committed) {
  for (const raft::Entry& entry : committed) {
    const bool command = entry.kind == raft::EntryKind::command;
    machine_.apply(entry.index, entry.term, command ? entry.data : std::string_view());
    proposals_.applied(entry.index, entry.term);
  }
  applied_waits_.applied(machine_.applied_index());
}

void Replica::Impl::compact_if_due() {
  const raft::Index applied = core_.applied();
  const raft::Index kept = options_.keep_entries;
  if (applied + 1 > core_.first_index() + kept + options_.compact_every) {
    core_.compact(applied - kept);
    log_.compact(core_.snapshot());
  }
}

}  // namespace replica
