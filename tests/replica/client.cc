#include "tests/replica/client.h"

#include <memory>
#include <optional>

#include "system/env/async.h"
#include "system/replica/codec.h"
#include "system/rpc/frame.h"

namespace replica_test {
namespace {

using rpc::Reader;
using rpc::Writer;

constexpr env::Duration kTimeout = std::chrono::seconds(3);

std::string seal(Writer& writer) {
  return replica::encode_frame(replica::FrameKind::messages, writer.take());
}

std::uint8_t low_byte(std::uint64_t value) { return static_cast<std::uint8_t>(value); }

// Nothing when there was none, or one that is not the answer to this request.
std::optional<Answer> answer_of(const env::Result<std::string>& bytes, std::uint64_t id) {
  if (!bytes) {
    return std::nullopt;
  }
  try {
    const Answer answer = decode_answer(*bytes);
    return answer.id == id ? std::optional(answer) : std::nullopt;
  } catch (const rpc::CodecError&) {
    return std::nullopt;
  }
}

class Client {
 public:
  Client(env::Env& env, History& history, const std::vector<env::Endpoint>& servers)
      : env_(env),
        history_(history),
        prefix_(std::string(env.host_name()) + "-" + std::to_string(env.random("client.name")) +
                "-") {
    for (const env::Endpoint& server : servers) {
      servers_.push_back(std::make_unique<rpc::FrameClient>(env, server));
    }
  }

  env::awaitable<void> run() {
    while (!history_.stop) {
      const auto pause = milliseconds(env_.random("client.pause") % 100);
      co_await env::sleep_for(env_, pause);
      if (env_.random("client.verb") % 3 == 0) {
        co_await read();
      } else {
        co_await write();
      }
    }
  }

 private:
  using milliseconds = std::chrono::milliseconds;

  std::size_t any() { return env_.random("client.server") % servers_.size(); }

  env::awaitable<std::optional<Answer>> ask(std::size_t server, Request request) {
    const std::uint64_t id = request.id;
    std::string bytes = encode(request);
    const env::Result<std::string> result =
        co_await servers_[server]->call(std::move(bytes), kTimeout);
    co_return answer_of(result, id);
  }

  env::awaitable<void> write() {
    ++count_;
    Request request{env_.random("client.id"), Verb::write, prefix_ + std::to_string(count_)};
    const std::string value = request.value;
    const std::optional<Answer> answer = co_await ask(leader_, std::move(request));
    if (answer && answer->status == Status::done) {
      history_.acknowledged(value, answer->index);
      co_return;
    }
    if (answer && answer->status == Status::refused) {
      history_.refused(value);
    }
    const bool hint = answer && answer->leader != 0 && answer->leader <= servers_.size();
    leader_ = hint ? answer->leader - 1 : any();
  }

  env::awaitable<void> read() {
    const std::uint64_t floor = history_.floor();
    Request request{env_.random("client.id"), Verb::read, {}};
    const std::optional<Answer> answer = co_await ask(any(), std::move(request));
    if (answer && answer->status == Status::done) {
      history_.read(floor, answer->index);
    }
  }

  env::Env& env_;
  History& history_;
  const std::string prefix_;  // of no other client, nor of this one before it was restarted
  std::vector<std::unique_ptr<rpc::FrameClient>> servers_;
  std::size_t leader_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace

std::string encode(const Request& request) {
  Writer writer;
  writer.integer(request.id);
  writer.byte(low_byte(static_cast<std::uint64_t>(request.verb)));
  writer.text(request.value);
  return seal(writer);
}

Request decode_request(std::string_view bytes) {
  Reader reader(replica::decode_frame(bytes).body);
  Request request;
  request.id = reader.integer("id");
  request.verb = reader.boolean("verb") ? Verb::read : Verb::write;
  request.value = reader.text("value");
  reader.finish();
  return request;
}

std::string encode(const Answer& answer) {
  Writer writer;
  writer.integer(answer.id);
  writer.byte(low_byte(static_cast<std::uint64_t>(answer.status)));
  writer.integer(answer.index);
  writer.integer(answer.leader);
  return seal(writer);
}

Answer decode_answer(std::string_view bytes) {
  Reader reader(replica::decode_frame(bytes).body);
  Answer answer;
  answer.id = reader.integer("id");
  answer.status = static_cast<Status>(reader.byte("status"));
  answer.index = reader.integer("index");
  answer.leader = reader.integer("leader");
  reader.finish();
  return answer;
}

env::awaitable<void> run_client(env::Env* env, History* history,
                                std::vector<env::Endpoint> servers) {
  Client client(*env, *history, servers);
  co_await client.run();
}

}  // namespace replica_test
