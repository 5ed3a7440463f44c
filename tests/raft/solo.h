// One core and a driver that does everything at once; the test plays all the others.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "system/raft/core.h"

namespace raft_tests {

using raft::Message;
using raft::MessageKind;

inline raft::Configuration five() { return {{1, 2, 3, 4, 5}, {}}; }
inline raft::Configuration three() { return {{1, 2, 3}, {}}; }

inline raft::Entry command(raft::Index index, raft::Term term, std::string data = "x") {
  return {index, term, raft::EntryKind::command, std::move(data)};
}

// Entries 1, 2, ... of these terms.
inline std::vector<raft::Entry> log_of_terms(const std::vector<raft::Term>& terms) {
  std::vector<raft::Entry> log;
  for (const raft::Term term : terms) {
    log.push_back(command(log.size() + 1, term));
  }
  return log;
}

inline Message message(MessageKind kind, raft::NodeId from, raft::Term term) {
  Message message;
  message.kind = kind;
  message.from = from;
  message.to = 1;
  message.term = term;
  return message;
}

inline Message append(raft::NodeId from, raft::Term term, raft::Index log_index,
                      raft::Term log_term, std::vector<raft::Entry> entries,
                      raft::Index commit = 0) {
  Message append = message(MessageKind::append, from, term);
  append.log_index = log_index;
  append.log_term = log_term;
  append.entries = std::move(entries);
  append.commit = commit;
  return append;
}

inline Message ask_vote(MessageKind kind, raft::NodeId from, raft::Term term, raft::Index log_index,
                        raft::Term log_term) {
  Message vote = message(kind, from, term);
  vote.log_index = log_index;
  vote.log_term = log_term;
  return vote;
}

inline Message matched(raft::NodeId from, raft::Term term, raft::Index log_index) {
  Message reply = message(MessageKind::append_reply, from, term);
  reply.log_index = log_index;
  return reply;
}

class Solo {
 public:
  explicit Solo(raft::Configuration configuration, raft::Restored restored = {},
                raft::Options options = {})
      : core(with_chance(std::move(options)),
             with_configuration(std::move(restored), std::move(configuration))) {}

  static constexpr std::uint32_t kElection_ticks = 10;

  void tick(std::uint32_t times) {
    for (std::uint32_t i = 0; i < times; ++i) {
      core.tick();
    }
  }

  // Does the driver's work, and gives the messages that left.
  std::vector<Message> drain() {
    std::vector<Message> sent;
    while (core.has_ready()) {
      raft::Ready ready = core.ready();
      for (const raft::Entry& entry : ready.entries) {
        while (!saved.empty() && saved.back().index >= entry.index) {
          saved.pop_back();
        }
        saved.push_back(entry);
      }
      if (ready.snapshot_to_install) {
        installed = ready.snapshot_to_install;
      }
      if (ready.hard_state) {
        hard_state = *ready.hard_state;
      }
      sent.insert(sent.end(), ready.messages.begin(), ready.messages.end());
      committed.insert(committed.end(), ready.committed.begin(), ready.committed.end());
      reads.insert(reads.end(), ready.reads.begin(), ready.reads.end());
      snapshots_to_send.insert(snapshots_to_send.end(), ready.snapshots_to_send.begin(),
                               ready.snapshots_to_send.end());
      core.advance();
    }
    return sent;
  }

  std::vector<Message> step(Message message) {
    core.step(std::move(message));
    return drain();
  }

  // Lets the election time-out pass, and wins with these votes.
  void become_leader(const std::vector<raft::NodeId>& voting = {2, 3}) {
    while (core.role() == raft::Role::follower) {
      core.tick();
    }
    drain();
    for (const raft::NodeId id : voting) {
      step(message(MessageKind::pre_vote_reply, id, core.term() + 1));
    }
    for (const raft::NodeId id : voting) {
      step(message(MessageKind::vote_reply, id, core.term()));
    }
  }

  std::uint64_t chance = 0;  // what the core draws
  raft::Core core;
  raft::HardState hard_state;
  std::vector<raft::Entry> saved;
  std::optional<raft::SnapshotMark> installed;
  std::vector<raft::Entry> committed;
  std::vector<raft::ReadPoint> reads;
  std::vector<raft::NodeId> snapshots_to_send;

 private:
  raft::Options with_chance(raft::Options options) {
    options.id = 1;
    options.election_ticks = kElection_ticks;
    options.random = [this] { return chance; };
    return options;
  }

  static raft::Restored with_configuration(raft::Restored restored,
                                           raft::Configuration configuration) {
    restored.snapshot.configuration = std::move(configuration);
    return restored;
  }
};

// Those of one kind.
inline std::vector<Message> of_kind(const std::vector<Message>& messages, MessageKind kind) {
  std::vector<Message> some;
  for (const Message& message : messages) {
    if (message.kind == kind) {
      some.push_back(message);
    }
  }
  return some;
}

inline std::vector<Message> to(const std::vector<Message>& messages, raft::NodeId id) {
  std::vector<Message> some;
  for (const Message& message : messages) {
    if (message.to == id) {
      some.push_back(message);
    }
  }
  return some;
}

}  // namespace raft_tests
