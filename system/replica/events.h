// What a replica tells observers: the facts that S10 and S20 are judged by. Each is
// emitted after what it says is durable.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "system/rpc/binary.h"

namespace replica {

// The replica opened its disk. Everything it says from here on rests on this. LogAppended with
// all that the log holds follows, unless that is nothing.
struct Opened {
  static constexpr std::string_view kEventName = "raft.opened";
  std::uint64_t node = 0;
  std::uint64_t term = 0;
  std::uint64_t vote = 0;
  std::uint64_t first_index = 0;  // of the log; first_index - 1 is the snapshot's
  std::uint64_t last_index = 0;
  std::uint64_t applied_index = 0;
  std::uint64_t distrusted_up_to = 0;
};
BOOST_DESCRIBE_STRUCT(Opened, (),
                      (node, term, vote, first_index, last_index, applied_index, distrusted_up_to))

// Term and vote are durable.
struct HardStateSaved {
  static constexpr std::string_view kEventName = "raft.hard_state";
  std::uint64_t node = 0;
  std::uint64_t term = 0;
  std::uint64_t vote = 0;
};
BOOST_DESCRIBE_STRUCT(HardStateSaved, (), (node, term, vote))

// Entries from `first_index` on were replaced by these, durably. `hashes`: XXH3-64 of kind
// and data of each.
struct LogAppended {
  static constexpr std::string_view kEventName = "raft.appended";
  std::uint64_t node = 0;
  std::uint64_t first_index = 0;
  std::vector<std::uint64_t> terms;
  std::vector<std::uint64_t> hashes;
};
BOOST_DESCRIBE_STRUCT(LogAppended, (), (node, first_index, terms, hashes))

// The node leads `term` from now on.
struct Elected {
  static constexpr std::string_view kEventName = "raft.elected";
  std::uint64_t node = 0;
  std::uint64_t term = 0;
  std::uint64_t last_index = 0;
};
BOOST_DESCRIBE_STRUCT(Elected, (), (node, term, last_index))

// The node knows that everything up to `index` is committed.
struct CommitAdvanced {
  static constexpr std::string_view kEventName = "raft.commit";
  std::uint64_t node = 0;
  std::uint64_t term = 0;
  std::uint64_t index = 0;
};
BOOST_DESCRIBE_STRUCT(CommitAdvanced, (), (node, term, index))

// A snapshot replaced the state and the log up to `index`. Of what the log held behind it the
// entries up to `last_index` are left.
struct SnapshotInstalled {
  static constexpr std::string_view kEventName = "raft.snapshot";
  std::uint64_t node = 0;
  std::uint64_t index = 0;
  std::uint64_t term = 0;
};
BOOST_DESCRIBE_STRUCT(SnapshotInstalled, (), (node, index, term))

template <class T>
requires requires { T::kEventName; }
std::string encode_event(const T& event) { return rpc::pack(event); }

}  // namespace replica
