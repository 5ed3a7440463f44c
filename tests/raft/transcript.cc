#include "tests/raft/transcript.h"

namespace raft_tests {
namespace {

const char* const kKinds[] = {"pre_vote", "pre_vote_reply", "vote",       "vote_reply",
                              "append",   "append_reply",   "heartbeat",  "heartbeat_reply",
                              "snapshot", "timeout_now",    "read_index", "read_index_reply"};
const char* const kRoles[] = {"follower", "pre_candidate", "candidate", "leader"};
const char* const kEntries[] = {"command", "no_op", "configuration"};

std::string field(const char* name, std::uint64_t value) {
  return value == 0 ? "" : std::string(" ") + name + "=" + std::to_string(value);
}

std::string text_of(const Entry& entry) {
  return " [" + std::to_string(entry.index) + "/" + std::to_string(entry.term) + " " +
         kEntries[static_cast<std::size_t>(entry.kind)] + (entry.data.empty() ? "" : " ") +
         entry.data + "]";
}

}  // namespace

std::string text_of(const raft::Message& message) {
  std::string text = std::to_string(message.from) + ">" + std::to_string(message.to) + " " +
                     kKinds[static_cast<std::size_t>(message.kind)] + field("term", message.term) +
                     (message.reject ? " reject" : "") + (message.force ? " force" : "") +
                     field("log_index", message.log_index) + field("log_term", message.log_term) +
                     field("hint_index", message.hint_index) +
                     field("hint_term", message.hint_term) + field("commit", message.commit) +
                     field("read_round", message.read_round) +
                     (message.read_id == 0 ? "" : " read");
  for (const Entry& entry : message.entries) {
    text += text_of(entry);
  }
  if (message.snapshot.index != 0) {
    text += " up to " + std::to_string(message.snapshot.index) + "/" +
            std::to_string(message.snapshot.term) + " " + encode(message.snapshot.configuration);
  }
  return text;
}

Transcript::Transcript(Cluster::Setup setup) : cluster_(std::move(setup), 1) {
  cluster_.send = [this](Packet packet) {
    const bool lost = cut_.contains({packet.message.from, packet.message.to});
    text_ += "  " + text_of(packet.message) + (lost ? "  (lost)" : "") + "\n";
    if (!lost) {
      cluster_.wire.push_back(std::move(packet));
    }
  };
}

void Transcript::note(const std::string& what) { text_ += what + "\n"; }

void Transcript::drain(NodeId id) { cluster_.drain(id); }

void Transcript::time_out(NodeId id) {
  note("node " + std::to_string(id) + " times out");
  const auto role = cluster_.node(id).core->role();
  do {
    cluster_.tick(id);
  } while (cluster_.node(id).core->role() == role && !cluster_.node(id).core->has_ready());
  drain(id);
}

void Transcript::tick(NodeId id) {
  note("node " + std::to_string(id) + " ticks");
  cluster_.tick(id);
  drain(id);
}

void Transcript::propose(NodeId id) {
  note("node " + std::to_string(id) + " proposes" + (cluster_.propose(id) ? "" : ": refused"));
  drain(id);
}

void Transcript::read(NodeId id) {
  note("node " + std::to_string(id) + " asks for a read point");
  cluster_.read(id);
  drain(id);
}

void Transcript::change(NodeId id, const raft::Configuration& next) {
  note("node " + std::to_string(id) + " changes to " + encode(next) +
       (cluster_.change(id, next) ? "" : ": refused"));
  drain(id);
}

void Transcript::transfer(NodeId id, NodeId to) {
  note("node " + std::to_string(id) + " hands over to " + std::to_string(to));
  cluster_.node(id).core->transfer_leadership(to);
  drain(id);
}

void Transcript::crash(NodeId id) {
  note("node " + std::to_string(id) + " crashes");
  cluster_.crash(id);
}

void Transcript::start(NodeId id) {
  note("node " + std::to_string(id) + " starts");
  cluster_.start(id);
}

void Transcript::compact(NodeId id, Index index) {
  note("node " + std::to_string(id) + " forgets up to " + std::to_string(index));
  cluster_.compact(id, index);
}

void Transcript::cut(NodeId a, NodeId b) {
  note("cut " + std::to_string(a) + " | " + std::to_string(b));
  cut_.emplace(a, b);
  cut_.emplace(b, a);
}

void Transcript::alone(NodeId id) {
  note("node " + std::to_string(id) + " is cut off");
  for (const NodeId other : cluster_.ids()) {
    cut_.emplace(id, other);
    cut_.emplace(other, id);
  }
}

void Transcript::mend() {
  note("the network is whole");
  cut_.clear();
}

void Transcript::settle() {
  deliver_until([] { return false; });
}

void Transcript::settle_until_leads(NodeId id) {
  deliver_until([&] { return cluster_.node(id).leads(); });
  note("what is on its way is lost");
}

void Transcript::deliver_until(const std::function<bool()>& done) {
  for (std::size_t i = 0; i < cluster_.wire.size() && !done(); ++i) {
    Packet packet = std::move(cluster_.wire[i]);
    const NodeId to = packet.message.to;
    cluster_.deliver(std::move(packet));
    drain(to);
  }
  cluster_.wire.clear();
}

void Transcript::show() {
  for (const NodeId id : cluster_.ids()) {
    Node& node = cluster_.node(id);
    text_ += "node " + std::to_string(id) + ": ";
    if (!node.up()) {
      text_ += "down\n";
      continue;
    }
    const raft::Core& core = *node.core;
    text_ += std::string(kRoles[static_cast<std::size_t>(core.role())]) +
             field("term", core.term()) + field("leader", core.leader()) +
             field("commit", core.commit()) + " log " + std::to_string(core.first_index()) + ".." +
             std::to_string(core.last_index());
    for (Index index = core.first_index(); index <= core.last_index(); ++index) {
      text_ +=
          (index == core.first_index() ? " terms " : ",") + std::to_string(*core.term_at(index));
    }
    text_ += " " + encode(core.configuration()) + "\n";
  }
}

}  // namespace raft_tests
