// Puts packets together to messages: who sent which to whom, and when it was there whole or why
// not. The bytes are those that were sent; damage on the way is a packet's fate, not another
// message.
//
// Limits: datagrams are not shown; the lottery sends none. A connect shows only when its first
// packet did not get through. A segment at which a fault reset the connection counts as arrived.
// Which bytes the receiver's process has read of what arrived at its machine is not seen.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "simnet/tap.h"
#include "traces/story/story.h"

namespace story {

class Wire : public simnet::Tap {
 public:
  void on_sent(simnet::Time at, std::uint32_t from, std::uint32_t to,
               const simnet::Packet& packet) override;
  void on_arrival(simnet::Time at, std::uint32_t from, std::uint32_t to,
                  const simnet::Packet& packet, simnet::Fate fate) override;
  void on_process(simnet::Time at, std::uint32_t host, bool runs) override;

  // In the order in which they were sent.
  std::vector<Message> take_messages();
  // When the process of the host (from 1) began (true) and ended.
  struct Process {
    Time_us at_us = 0;
    std::uint32_t host = 0;
    bool runs = false;
  };
  const std::vector<Process>& processes() const { return processes_; }

 private:
  struct Segment {
    std::uint64_t sequence = 0;
    std::size_t bytes = 0;
    Time_us sent_us = 0;
  };
  struct Pending {
    std::size_t message = 0;
    std::uint64_t first = 0;  // sequence of its first and last segment
    std::uint64_t last = 0;
  };
  // One direction of a connection, by the end that sends.
  struct Stream {
    Time_us begun_us = 0;  // of who connects
    std::uint16_t port = 0;
    bool request = false;
    std::uint64_t next_sent = 0;
    std::uint64_t next_arrived = 0;
    std::set<std::uint64_t> early;    // arrived, but something before them did not
    std::string bytes;                // of no message yet
    std::deque<Segment> segments;     // that `bytes` came in
    std::deque<Pending> pending;      // messages that have not arrived
    std::deque<std::size_t> waiting;  // requests without a reply, on the side that replies
  };

  void on_connect(Time_us at, const simnet::Packet& syn);
  void on_data(Time_us at, std::uint32_t from, std::uint32_t to, const simnet::Packet& packet);
  void cut_messages(Stream& stream, std::uint32_t from, std::uint32_t to, simnet::EndId peer);
  // Takes the bytes of a message off the stream; returns its last segment's sequence.
  static std::uint64_t take(Stream& stream, std::size_t bytes);
  void link(Message& message, Stream& stream, simnet::EndId peer);
  void got_through(Stream& stream, std::uint64_t sequence, Time_us at);
  void connect_failed(const Stream& stream, std::uint32_t from, std::uint32_t to,
                      const simnet::Packet& syn, Fate fate);

  std::map<simnet::EndId, Stream> streams_;
  std::map<simnet::EndId, std::size_t> connects_;  // failed so far, by the end that connects
  std::vector<Message> messages_;
  std::vector<Process> processes_;
};

}  // namespace story
