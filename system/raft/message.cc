#include "system/raft/message.h"

#include <stdexcept>

#include "system/raft/impl.h"

namespace raft {
namespace {

bool is_configuration(const std::string& data) {
  try {
    return !decode_configuration(data).voters.empty();
  } catch (const std::invalid_argument&) {
    return false;
  }
}

// The entries follow what precedes them without a gap, and terms never fall.
bool is_run_of_entries(const Message& message) {
  Index index = message.log_index;
  Term term = message.log_term;
  for (const Entry& entry : message.entries) {
    if (entry.index != ++index || entry.term < term || entry.term > message.term ||
        entry.kind > EntryKind::configuration ||
        (entry.kind == EntryKind::configuration && !is_configuration(entry.data))) {
      return false;
    }
    term = entry.term;
  }
  return true;
}

bool is_position(Index index, Term term, Term newest) {
  return (index == 0) == (term == 0) && term <= newest;
}

}  // namespace

bool is_well_formed(const Message& message) {
  if (message.from == kNobody || message.term == 0) {
    return false;
  }
  switch (message.kind) {
    case MessageKind::pre_vote:
    case MessageKind::vote:
      return is_position(message.log_index, message.log_term, message.term - 1);
    case MessageKind::append:
      return is_position(message.log_index, message.log_term, message.term) &&
             is_run_of_entries(message);
    case MessageKind::snapshot:
      return message.snapshot.index > 0 && message.snapshot.term > 0 &&
             message.snapshot.term <= message.term &&
             !message.snapshot.configuration.voters.empty();
    case MessageKind::pre_vote_reply:
    case MessageKind::vote_reply:
    case MessageKind::append_reply:
    case MessageKind::heartbeat:
    case MessageKind::heartbeat_reply:
    case MessageKind::timeout_now:
    case MessageKind::read_index:
    case MessageKind::read_index_reply:
      return true;
  }
  return false;
}

}  // namespace raft
