#include "traces/story/wire.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "system/lottery/protocol.h"
#include "traces/story/dissect.h"
#include "traces/trace.h"

namespace story {
namespace {

using simnet::Packet;

Fate fate_of(simnet::Fate fate) {
  switch (fate) {
    case simnet::Fate::arrived:
      return Fate::arrived;
    case simnet::Fate::lost:
      return Fate::lost;
    case simnet::Fate::cut:
      return Fate::cut;
    case simnet::Fate::dark:
      return Fate::dark;
    case simnet::Fate::refused:
      break;
  }
  return Fate::refused;
}

}  // namespace

void Wire::on_process(simnet::Time at, std::uint32_t host, bool runs) {
  processes_.push_back({traces::microseconds(at), host, runs});
}

void Wire::on_connect(Time_us at, const Packet& syn) {
  Stream& out = streams_[syn.source];
  out.begun_us = out.request ? out.begun_us : at;  // a syn may be repeated
  out.port = syn.port;
  out.request = true;
  streams_[syn.destination].port = syn.port;
}

void Wire::on_sent(simnet::Time time, std::uint32_t from, std::uint32_t to, const Packet& packet) {
  const Time_us at = traces::microseconds(time);
  if (packet.type == Packet::Type::syn) {
    on_connect(at, packet);
  }
  if (packet.type != Packet::Type::reset && packet.type != Packet::Type::datagram) {
    on_data(at, from, to, packet);
  }
}

void Wire::on_data(Time_us at, std::uint32_t from, std::uint32_t to, const Packet& packet) {
  Stream& stream = streams_[packet.source];
  if (packet.sequence < stream.next_sent) {
    for (const Pending& pending : stream.pending) {
      const bool of_it = pending.first <= packet.sequence && packet.sequence <= pending.last;
      messages_[pending.message].resent += of_it ? 1 : 0;
    }
    return;
  }
  stream.next_sent = packet.sequence + 1;
  if (packet.type != Packet::Type::data || packet.size() == 0) {
    return;
  }
  stream.bytes += packet.bytes->view();
  stream.segments.push_back({packet.sequence, packet.size(), at});
  cut_messages(stream, from, to, packet.destination);
}

std::uint64_t Wire::take(Stream& stream, std::size_t bytes) {
  stream.bytes.erase(0, bytes);
  std::uint64_t last = 0;
  while (bytes > 0) {
    Segment& segment = stream.segments.front();
    const std::size_t used = std::min(bytes, segment.bytes);
    last = segment.sequence;
    bytes -= used;
    segment.bytes -= used;
    if (segment.bytes == 0) {
      stream.segments.pop_front();
    }
  }
  return last;
}

// Replies come in the order of the requests. Replicas of the ledger do not answer but tell.
void Wire::link(Message& message, Stream& stream, simnet::EndId peer) {
  if (stream.port == lottery::kReplicaPort) {
    return;
  }
  if (stream.request) {
    streams_[peer].waiting.push_back(messages_.size());
  } else if (!stream.waiting.empty()) {
    message.answers = stream.waiting.front();
    message.label += " to " + messages_[message.answers].label;
    stream.waiting.pop_front();
  }
}

void Wire::cut_messages(Stream& stream, std::uint32_t from, std::uint32_t to, simnet::EndId peer) {
  while (!stream.bytes.empty()) {
    std::optional<Dissected> found = dissect(stream.bytes, stream.port, stream.request);
    if (!found) {
      return;
    }
    const Segment first = stream.segments.front();
    const std::uint64_t last = take(stream, found->size);
    Message message;
    message.from = from - 1;
    message.to = to - 1;
    message.sent_us = first.sent_us;
    message.kind = std::move(found->kind);
    message.label = std::move(found->label);
    message.detail = std::move(found->detail);
    link(message, stream, peer);
    stream.pending.push_back({messages_.size(), first.sequence, last});
    messages_.push_back(std::move(message));
  }
}

void Wire::got_through(Stream& stream, std::uint64_t sequence, Time_us at) {
  if (sequence < stream.next_arrived) {
    return;
  }
  stream.early.insert(sequence);
  while (!stream.early.empty() && *stream.early.begin() == stream.next_arrived) {
    stream.early.erase(stream.early.begin());
    ++stream.next_arrived;
  }
  while (!stream.pending.empty() && stream.pending.front().last < stream.next_arrived) {
    Message& message = messages_[stream.pending.front().message];
    message.arrived_us = at;
    message.fate = Fate::arrived;
    stream.pending.pop_front();
  }
}

void Wire::connect_failed(const Stream& stream, std::uint32_t from, std::uint32_t to,
                          const Packet& syn, Fate fate) {
  const auto [known, first] = connects_.emplace(syn.source, messages_.size());
  if (first) {
    Message message;
    message.from = from - 1;
    message.to = to - 1;
    message.sent_us = stream.begun_us;
    message.fate = fate;
    message.kind = "connect";
    message.label = "connect to port " + std::to_string(syn.port);
    messages_.push_back(std::move(message));
  } else {
    ++messages_[known->second].resent;
    messages_[known->second].fate = fate;
  }
}

void Wire::on_arrival(simnet::Time time, std::uint32_t from, std::uint32_t to, const Packet& packet,
                      simnet::Fate what) {
  const Time_us at = traces::microseconds(time);
  const Fate fate = fate_of(what);
  const auto found = streams_.find(packet.source);
  if (found == streams_.end() || packet.type == Packet::Type::reset ||
      packet.type == Packet::Type::datagram) {
    return;
  }
  Stream& stream = found->second;
  if (fate == Fate::arrived) {
    got_through(stream, packet.sequence, at);
    const auto failed = connects_.find(packet.source);
    if (packet.type == Packet::Type::syn && failed != connects_.end()) {
      messages_[failed->second].arrived_us = at;
      messages_[failed->second].fate = Fate::arrived;
    }
    return;
  }
  if (packet.type == Packet::Type::syn) {
    connect_failed(stream, from, to, packet, fate);
    return;
  }
  for (const Pending& pending : stream.pending) {
    if (pending.first <= packet.sequence && packet.sequence <= pending.last) {
      messages_[pending.message].fate = fate;
    }
  }
}

std::vector<Message> Wire::take_messages() {
  std::vector<std::size_t> order(messages_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {},
                    [this](std::size_t i) { return std::pair(messages_[i].sent_us, i); });
  std::vector<std::size_t> place(order.size());  // of each in the sorted list
  std::vector<Message> sorted;
  sorted.reserve(order.size());
  for (const std::size_t i : order) {
    place[i] = sorted.size();
    sorted.push_back(std::move(messages_[i]));
  }
  for (Message& message : sorted) {
    message.answers = message.answers == kNobody ? kNobody : place[message.answers];
  }
  messages_.clear();
  return sorted;
}

}  // namespace story
