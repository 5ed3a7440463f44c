// What happened in one run, as plain data: what the page of `drawproof view` and the formats of
// `drawproof export` are made of. Times are virtual microseconds from the start of the universe.
// Texts may hold anything a run or its author made up: whoever prints them quotes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace story {

using Time_us = std::int64_t;
using HostIndex = std::uint32_t;  // into Story::hosts
inline constexpr Time_us kNever = -1;

struct Host {
  std::string name;
  std::string role;  // ledger, app, edge, bank, planner, user
  std::string region;
};

// A service said that something had happened.
struct Event {
  Time_us at_us = 0;
  HostIndex host = 0;
  std::string name;    // "bank.moved"
  std::string fields;  // a JSON object
};

inline constexpr std::size_t kNobody = SIZE_MAX;

// What became of a message. One that is not `arrived` never reached its receiver whole.
enum class Fate : std::uint8_t {
  arrived,
  lost,     // a packet of it got lost and was not repeated with success
  cut,      // likewise, at a partition
  dark,     // the receiver had no power
  refused,  // the receiver reset the connection
  open,     // still under way when its connection or the run ended
};
inline constexpr std::string_view kFates[] = {"arrived", "lost", "cut", "dark", "refused", "open"};

struct Message {
  HostIndex from = 0;
  HostIndex to = 0;
  Time_us sent_us = 0;
  Time_us arrived_us = kNever;
  Fate fate = Fate::open;
  std::int64_t resent = 0;        // packets of it that had to be sent again
  std::string kind;               // append, heartbeat, vote, ..., request, reply, call, answer
  std::string label;              // for people, short: "append 12..14, term 3"
  std::string detail;             // ids and bodies
  std::size_t answers = kNobody;  // the request, in Story::messages, of which this is the answer
};

// Something that lasts, or that struck once when `until_us` equals `from_us`.
struct Span {
  Time_us from_us = 0;
  Time_us until_us = 0;
  std::string family;            // fault, down, leader, purchase
  std::string kind;              // partition; process; term 3; HELD
  std::vector<HostIndex> hosts;  // on whose lanes
  std::string detail;            // a JSON object, or text
};

// A row of the ledger's books got these figures.
struct AccountChange {
  Time_us at_us = 0;
  std::int64_t entry = 0;  // of the log
  std::string account;
  std::string unit;           // "tickets" or "money"
  std::int64_t posted = 0;    // credits less debits
  std::int64_t incoming = 0;  // pending credits
  std::int64_t outgoing = 0;  // pending debits
};

struct PurchaseChange {
  Time_us at_us = 0;
  std::int64_t entry = 0;
  std::string purchase;
  std::string user;
  std::string draw;
  std::string state;
  std::int64_t count = 0;
  std::int64_t price = 0;
  std::int64_t attempt = 0;
};

// A row of the bank's own journal.
struct BankRow {
  Time_us at_us = 0;
  std::int64_t sequence = 0;
  std::string kind;  // "charge" or "refund"
  std::string key;
  std::string purchase;
  std::int64_t amount = 0;
};

// A step of the way to a violation.
struct Step {
  enum class Of : std::uint8_t { event, message, span };
  Of of = Of::event;
  std::size_t index = 0;  // into the list of that name
};

struct Violation {
  Time_us at_us = 0;
  std::string property;
  std::string statement;
  std::string what;
  std::uint64_t times = 1;         // found with the same words, the last time at
  Time_us last_us = 0;
  bool at_end = false;             // found when everything was over
  std::vector<std::string> named;  // ids that it names, and those that belong to them
  std::vector<HostIndex> hosts;    // that it names
  std::vector<Step> steps;         // what led to it, in the order of time
};

struct Recipe {
  std::string scenario;
  std::string about;
  std::uint64_t seed = 0;
  std::string version;  // of the program that ran it this time
  std::string commit;
  std::string trace_commit;  // of the one that wrote the trace
  std::string digest;
  std::string outcome;
  std::string note;
  std::string reproduce;  // a line for a shell
  std::size_t faults = 0;
};

struct Story {
  Recipe recipe;
  Time_us end_us = 0;
  std::vector<Host> hosts;
  std::vector<Event> events;      // in the order of time
  std::vector<Message> messages;  // in the order in which they were sent
  std::vector<Span> spans;        // in the order of their beginnings
  std::vector<AccountChange> accounts;
  std::vector<PurchaseChange> purchases;
  std::vector<BankRow> bank;
  std::vector<Violation> violations;  // in the order of time
};

}  // namespace story
