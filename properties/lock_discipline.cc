#include "properties/lock_discipline.h"

#include <algorithm>

namespace properties {

void LockDiscipline::judge(simnet::Time at, const lottery::AcquireLock& command,
                           const std::string& body) {
  Lease& lease = leases_[command.resource];
  lottery::LockView granted;
  try {
    granted = rpc::decode<lottery::LockView>(body);
  } catch (const rpc::CodecError&) {
  }
  expect(!live(lease) || lease.owner == command.owner, at, [&] {
    return "lock " + command.resource + " was granted to " + command.owner + " while " +
           lease.owner + " holds it until " + std::to_string(lease.expires_at_us) + " us";
  });
  expect(granted.token > lease.token, at, [&] {
    return "lock " + command.resource + " was granted with token " + std::to_string(granted.token) +
           " after token " + std::to_string(lease.token);
  });
  lease.owner = command.owner;
  lease.token = granted.token;
  lease.ttl_us = command.ttl_us;
  lease.expires_at_us = now_us_ + command.ttl_us;
}

void LockDiscipline::judge(simnet::Time at, const lottery::RenewLock& command, const std::string&) {
  Lease& lease = leases_[command.resource];
  expect(live(lease) && lease.owner == command.owner && lease.token == command.token, at, [&] {
    return command.owner + " renewed lock " + command.resource + " under token " +
           std::to_string(command.token) + ", but the last lease was " + lease.owner +
           "'s under token " + std::to_string(lease.token) + (live(lease) ? "" : " and had ended");
  });
  lease.expires_at_us = now_us_ + lease.ttl_us;
}

void LockDiscipline::judge(simnet::Time at, const lottery::ReleaseLock& command,
                           const std::string&) {
  Lease& lease = leases_[command.resource];
  expect(lease.owner == command.owner && lease.token == command.token, at, [&] {
    return command.owner + " released lock " + command.resource + " that " + lease.owner +
           " holds under token " + std::to_string(lease.token);
  });
  lease.expires_at_us = 0;
}

void LockDiscipline::judge(simnet::Time at, const lottery::PutPlan& command, const std::string&) {
  Lease& lease = leases_[command.resource];
  expect(live(lease) && lease.token == command.token, at, [&] {
    return "a plan for " + command.resource + " was accepted under token " +
           std::to_string(command.token) + " while token " + std::to_string(lease.token) +
           (live(lease) ? " holds the lock" : " was the last to hold it");
  });
  const bool repeated =
      command.generation == lease.generation && command.token == lease.written_under;
  expect(command.generation > lease.generation || repeated, at, [&] {
    return "plan " + std::to_string(command.generation) + " for " + command.resource +
           " was accepted after plan " + std::to_string(lease.generation);
  });
  lease.generation = std::max(lease.generation, command.generation);
  lease.written_under = command.token;
}

void LockDiscipline::judge(simnet::Time at, const Folded& folded,
                           const std::vector<lottery::CommandReply>& replies) {
  const auto& commands = folded.entry.commands;
  now_us_ = std::max(folded.entry.now_us, now_us_ + 1);
  const std::size_t count = std::min(commands.size(), replies.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (replies[i].status != 200) {
      continue;
    }
    std::visit(
        [&](const auto& command) {
          if constexpr (requires { judge(at, command, replies[i].body); }) {
            judge(at, command, replies[i].body);
          }
        },
        commands[i]);
  }
}

void LockDiscipline::on_event(simnet::Time at, const env::EventRef& event,
                              const Evidence& evidence) {
  if (evidence.reference.rewound()) {
    leases_.clear();
    now_us_ = 0;
  }
  for (const Folded& folded : evidence.reference.folded()) {
    judge(at, folded, replies_told(folded, event));
  }
}

}  // namespace properties
