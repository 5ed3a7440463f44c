// Members talking to each other: one outgoing connection per peer (peer.h), a listener for
// what the others send, and snapshots beside them.
//
// A frame that does not decode ends its connection; the sender opens another one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "system/env/env.h"
#include "system/raft/message.h"
#include "system/replica/peer.h"
#include "system/replica/snapshot_transfer.h"

namespace replica {

// Who gets what arrives.
class Inbox {
 public:
  virtual ~Inbox() = default;
  virtual void receive(std::vector<raft::Message> messages) = 0;
  // Whole and checked. True: it is durable here, or was not needed any more.
  virtual bool receive_snapshot(raft::Message message, std::string bytes) = 0;
};

class Transport {
 public:
  // Ownership: `env` and `inbox` outlive it, and it must live as long as the process.
  Transport(env::Env& env, Inbox& inbox, std::uint16_t port,
            const std::map<raft::NodeId, env::Endpoint>& peers);

  // Listens and connects. A failed listen ends the process (fail_stop).
  void start();

  // In order per receiver; to nobody known: dropped.
  void send(std::vector<raft::Message> messages);

  // See snapshot_transfer.h. False also when the receiver is not known.
  env::awaitable<bool> send_snapshot(raft::Message message,
                                     std::shared_ptr<const std::string> bytes);

 private:
  env::awaitable<void> serve(env::Stream stream);
  // The answer to send back, if any. Errors: rpc::CodecError.
  std::string take(const std::string& bytes, SnapshotAssembly& assembly);

  env::Env& env_;
  Inbox& inbox_;
  const std::uint16_t port_;
  const std::map<raft::NodeId, env::Endpoint> endpoints_;
  std::map<raft::NodeId, std::unique_ptr<Peer>> peers_;
};

}  // namespace replica
