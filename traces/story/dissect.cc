#include "traces/story/dissect.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include "system/lottery/entry_codec.h"
#include "system/lottery/ledger_call.h"
#include "system/lottery/protocol.h"
#include "system/replica/codec.h"
#include "system/rpc/frame.h"

namespace story {
namespace {

constexpr std::size_t kFrameHeader_bytes = 4;
constexpr std::size_t kShown = 4;  // commands or answers in a label; the rest is counted

std::string number(std::uint64_t value) { return std::to_string(value); }

void join(std::string& text, const std::string& more, const char* separator = ", ") {
  text += (text.empty() || more.empty() ? "" : separator) + more;
}

// ---- Raft -----------------------------------------------------------------

std::string entries_of(const raft::Message& message) {
  if (message.entries.empty()) {
    return "append, none after " + number(message.log_index);
  }
  const std::uint64_t first = message.entries.front().index;
  const std::uint64_t last = message.entries.back().index;
  return "append " + number(first) + (last == first ? "" : ".." + number(last));
}

std::string yes_or_no(const raft::Message& message, const char* yes, const char* no) {
  return message.reject ? no : yes;
}

struct Told {
  const char* kind;
  std::string label;
};

Told told(const raft::Message& message) {
  using Kind = raft::MessageKind;
  switch (message.kind) {
    case Kind::pre_vote:
      return {"vote", "would you vote for me? (pre-vote)"};
    case Kind::pre_vote_reply:
      return {"vote", "pre-vote: " + yes_or_no(message, "yes", "no")};
    case Kind::vote:
      return {"vote", "vote for me, my log ends at " + number(message.log_index)};
    case Kind::vote_reply:
      return {"vote", "vote: " + yes_or_no(message, "yes", "no")};
    case Kind::append:
      return {"append", entries_of(message) + ", commit " + number(message.commit)};
    case Kind::append_reply:
      return {"append reply",
              (message.reject ? "rejects after " : "has up to ") + number(message.log_index)};
    case Kind::heartbeat:
      return {"heartbeat", "heartbeat, commit " + number(message.commit)};
    case Kind::heartbeat_reply:
      return {"heartbeat", "heartbeat reply"};
    case Kind::snapshot:
      return {"snapshot", "snapshot up to " + number(message.snapshot.index)};
    case Kind::timeout_now:
      return {"vote", "stand for election now"};
    case Kind::read_index:
      return {"read", "how far must a read wait?"};
    case Kind::read_index_reply:
      return {"read", message.reject ? "ask again later" : "read at " + number(message.log_index)};
  }
  return {"bytes", "unknown"};
}

// Of several messages in a frame the one that matters most gives the kind.
int weight(std::string_view kind) {
  constexpr std::string_view kOrder[] = {"heartbeat", "read",     "append reply",
                                         "append",    "snapshot", "vote"};
  return static_cast<int>(std::ranges::find(kOrder, kind) - std::begin(kOrder));
}

void raft_messages(Dissected& out, std::string_view body) {
  const std::vector<raft::Message> messages = replica::decode_messages(body);
  out.kind = messages.empty() ? "keep-alive" : "heartbeat";
  out.label = messages.empty() ? "still here" : "";
  std::uint64_t term = 0;
  for (const raft::Message& message : messages) {
    const Told one = told(message);
    out.kind = weight(one.kind) > weight(out.kind) ? one.kind : out.kind;
    join(out.label, one.label);
    term = std::max(term, message.term);
    for (const raft::Entry& entry : message.entries) {
      if (entry.kind == raft::EntryKind::command) {
        join(out.detail, lottery::entry_text(entry.data), " ");
      }
    }
  }
  if (!messages.empty()) {
    out.label += " (term " + number(term) + ")";
  }
}

void replica_frame(Dissected& out, std::string_view payload) {
  const replica::Frame frame = replica::decode_frame(payload);
  switch (frame.kind) {
    case replica::FrameKind::messages:
      return raft_messages(out, frame.body);
    case replica::FrameKind::snapshot_begin: {
      const replica::SnapshotBegin begin = replica::decode_snapshot_begin(frame.body);
      out.kind = "snapshot";
      out.label = told(begin.message).label + ", " + number(begin.total_bytes) + " bytes";
      return;
    }
    case replica::FrameKind::snapshot_chunk: {
      const replica::SnapshotChunk chunk = replica::decode_snapshot_chunk(frame.body);
      out.kind = "snapshot";
      out.label = "snapshot bytes " + number(chunk.offset) + ".." +
                  number(chunk.offset + chunk.bytes.size());
      return;
    }
    case replica::FrameKind::snapshot_answer:
      out.kind = "snapshot";
      out.label = replica::decode_snapshot_answer(frame.body) ? "snapshot has arrived"
                                                              : "snapshot was refused";
      return;
  }
}

// ---- Calls of the ledger -----------------------------------------------------

void ledger_call(Dissected& out, std::string_view payload) {
  const lottery::LedgerCall call = lottery::decode_call(payload);
  if (const auto* query = std::get_if<lottery::LedgerQuery>(&call)) {
    out.kind = query->operation == "due" ? "poll" : "query";
    out.label =
        query->level + " read of " + query->operation + (query->id.empty() ? "" : " " + query->id);
    join(out.detail, query->user, " ");
    return;
  }
  const auto& commands = std::get<lottery::Proposals>(call);
  out.kind = "propose";
  std::size_t left = commands.size();
  for (const lottery::Command& command : commands) {
    const rpc::Json json = lottery::command_to_json(command);
    if (commands.size() - left < kShown) {
      join(out.label, json.value("type", std::string("command")));
    }
    --left;
    join(out.detail, json.dump(-1, ' ', false, rpc::Json::error_handler_t::replace), " ");
  }
  if (commands.size() > kShown) {
    out.label += " and " + number(commands.size() - kShown) + " more";
  }
}

void ledger_answer(Dissected& out, std::string_view payload) {
  const auto answers = rpc::unpack<lottery::LedgerAnswers>(payload);
  out.kind = "answer";
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (i < kShown) {
      join(out.label, std::to_string(answers[i].status));
    }
    join(out.detail, answers[i].body, " ");
  }
}

std::optional<Dissected> dissect_frame(std::string_view bytes, std::uint16_t port, bool request) {
  if (bytes.size() < kFrameHeader_bytes) {
    return std::nullopt;
  }
  std::size_t length = 0;
  for (std::size_t i = kFrameHeader_bytes; i-- > 0;) {
    length = length << 8 | static_cast<unsigned char>(bytes[i]);
  }
  Dissected out;
  if (length > rpc::kFrameLimit_bytes) {
    return Dissected{bytes.size(), "bytes", "no frame", {}};
  }
  if (bytes.size() - kFrameHeader_bytes < length) {
    return std::nullopt;
  }
  out.size = kFrameHeader_bytes + length;
  const std::string_view payload = bytes.substr(kFrameHeader_bytes, length);
  try {
    if (port == lottery::kReplicaPort) {
      replica_frame(out, payload);
    } else {
      request ? ledger_call(out, payload) : ledger_answer(out, payload);
    }
  } catch (const rpc::CodecError& error) {
    return Dissected{out.size, "bytes", std::string("not understood: ") + error.what(), {}};
  }
  return out;
}

// ---- HTTP ---------------------------------------------------------------------

std::string lower(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return copy;
}

// The value of a field of the head, RFC 9112 section 5; empty when there is none.
std::string_view header(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon != line.npos && lower(line.substr(0, colon)) == name) {
      const std::size_t begin = line.find_first_not_of(' ', colon + 1);
      return begin == line.npos ? std::string_view() : line.substr(begin);
    }
    head.remove_prefix(std::min(end + 2, head.size()));
  }
  return {};
}

std::optional<Dissected> dissect_http(std::string_view bytes, bool request) {
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (head_end == bytes.npos) {
    return std::nullopt;
  }
  const std::string_view head = bytes.substr(0, head_end);
  const std::string_view length = header(head, "content-length");
  std::size_t body_bytes = 0;
  std::from_chars(length.data(), length.data() + length.size(), body_bytes);
  const std::size_t head_bytes = head_end + 4;
  if (bytes.size() - head_bytes < body_bytes) {
    return std::nullopt;
  }
  Dissected out;
  out.size = head_bytes + body_bytes;
  out.kind = request ? "request" : "reply";
  const std::string_view line = head.substr(0, head.find("\r\n"));
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == line.npos) {
    return Dissected{bytes.size(), "bytes", "no HTTP", {}};
  }
  // "POST /v1/charges HTTP/1.1", "HTTP/1.1 200 OK"
  out.label = std::string(request ? line.substr(0, last) : line.substr(first + 1, 3));
  for (const std::string_view name : {lottery::kUserHeader, lottery::kKeyHeader}) {
    join(out.detail, std::string(header(head, name)), " ");
  }
  join(out.detail, std::string(bytes.substr(head_bytes, body_bytes)), " ");
  return out;
}

}  // namespace

std::optional<Dissected> dissect(std::string_view bytes, std::uint16_t port, bool request) {
  if (port == lottery::kHttpPort) {
    return dissect_http(bytes, request);
  }
  if (port == lottery::kReplicaPort || port == lottery::kLedgerPort) {
    return dissect_frame(bytes, port, request);
  }
  return Dissected{bytes.size(), "bytes", number(bytes.size()) + " bytes", {}};
}

}  // namespace story
