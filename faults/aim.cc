#include "faults/aim.h"

#include <algorithm>
#include <utility>

namespace faults {
namespace {

Kind acts_as(Kind kind) {
  switch (kind) {
    case Kind::isolate_leader:
      return Kind::partition;
    case Kind::deafen_leader:
      return Kind::one_way;
    case Kind::pause_leader:
      return Kind::pause;
    default:
      return Kind::crash;
  }
}

// The hosts that follow the leader in the list, around its end.
std::vector<std::string> others(const Fault& fault, const std::string& leader) {
  std::vector<std::string> result = fault.hosts;
  std::ranges::rotate(result, std::ranges::find(result, leader));
  std::erase(result, leader);
  return result;
}

}  // namespace

Fault aimed_at(const Fault& fault, const std::string& leader, std::int64_t now_ms) {
  Fault act;
  act.kind = acts_as(fault.kind);
  act.at_ms = now_ms;
  act.for_ms = fault.for_ms;
  act.hosts = {leader};
  if (fault.kind == Kind::isolate_leader) {
    act.peers = others(fault, leader);
    const auto reached =
        std::min<std::size_t>(static_cast<std::size_t>(fault.reaches), act.peers.size());
    act.peers.erase(act.peers.begin(), act.peers.begin() + static_cast<std::ptrdiff_t>(reached));
  } else if (fault.kind == Kind::deafen_leader) {
    act.hosts = others(fault, leader);
    act.peers = {leader};
  }
  return act;
}

std::optional<Aim::Target> Aim::due(std::size_t index, const Fault& fault) {
  waiting_.push_back({index, fault.hosts});
  return match();
}

std::optional<Aim::Target> Aim::leads(const std::string& host) {
  leader_ = host;
  on_leader_.reset();
  return match();
}

std::optional<Aim::Target> Aim::ended(std::size_t index) {
  if (on_leader_ != index) {
    return std::nullopt;
  }
  on_leader_.reset();
  return match();
}

std::optional<Aim::Target> Aim::match() {
  const auto found = std::ranges::find_if(waiting_, [this](const Waiting& waiting) {
    return std::ranges::find(waiting.hosts, leader_) != waiting.hosts.end();
  });
  if (on_leader_ || found == waiting_.end()) {
    return std::nullopt;
  }
  on_leader_ = found->index;
  waiting_.erase(found);
  return Target{*on_leader_, leader_};
}

}  // namespace faults
