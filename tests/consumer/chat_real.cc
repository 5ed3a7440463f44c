// The chat over real sockets on 127.0.0.1: a server and its clients in one process, for
// a second or two. Half way the server hangs up on everybody. Exit code 0 when everything
// said was heard by all, 1 otherwise.
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "client.h"
#include "property.h"
#include "server.h"

namespace chat {
namespace {

constexpr int kClients = 3;
constexpr int kMessages = 40;
constexpr std::chrono::seconds kPatience(30);

struct Party {
  explicit Party(net::io_context& io) : server(io.get_executor(), 0, history) {}

  History history{":memory:", nullptr};
  Server server;
  std::map<std::string, std::unique_ptr<Client>> clients;
  Record record;
  int talking = 0;
};

void add_client(Party& party, net::io_context& io, const std::string& name) {
  ClientOptions options;
  options.server = "127.0.0.1";
  options.port = party.server.port();
  options.session = name;
  options.on_acknowledged = [&party](const Acknowledgement& acknowledgement) {
    party.record.acknowledged.push_back(acknowledgement);
  };
  auto client = std::make_unique<Client>(io.get_executor(), std::move(options));
  client->start();
  party.clients.emplace(name, std::move(client));
}

net::awaitable<void> talk(Party& party, Client& client, std::string name) {
  ++party.talking;
  net::steady_timer timer(co_await net::this_coro::executor);
  for (int i = 1; i <= kMessages; ++i) {
    const std::string text = "line " + std::to_string(i) + " of " + name;
    const std::string id = client.say(text);
    party.record.said.emplace(id, text);
    party.record.ids[name].push_back(id);
    timer.expires_after(std::chrono::milliseconds(10));
    co_await timer.async_wait(as_result);
  }
  --party.talking;
}

bool settled(const Party& party) {
  for (const auto& [name, client] : party.clients) {
    if (client->unacknowledged() > 0 || client->history().size() < kClients * kMessages) {
      return false;
    }
  }
  return party.talking == 0;
}

net::awaitable<void> host(Party& party) {
  net::steady_timer timer(co_await net::this_coro::executor, std::chrono::milliseconds(200));
  co_await timer.async_wait(as_result);
  party.server.hang_up();
  const auto end = Clock::now() + kPatience;
  while (!settled(party) && Clock::now() < end) {
    timer.expires_after(std::chrono::milliseconds(20));
    co_await timer.async_wait(as_result);
  }
  for (const auto& [name, client] : party.clients) {
    client->leave();
  }
  party.server.stop();
}

int run() {
  net::io_context io;
  Party party(io);
  party.server.start();
  for (int i = 1; i <= kClients; ++i) {
    const std::string name = "client" + std::to_string(i);
    add_client(party, io, name);
    net::co_spawn(io, talk(party, *party.clients.at(name), name), Rethrow());
  }
  net::co_spawn(io, host(party), Rethrow());
  io.run_for(kPatience + std::chrono::seconds(10));

  std::map<std::string, std::vector<Message>> histories;
  std::uint64_t connections = 0;
  bool all_gone = true;
  for (const auto& [name, client] : party.clients) {
    histories.emplace(name, client->history());
    connections += client->connections();
    all_gone = all_gone && client->gone();
  }
  std::string wrong = violation(party.record, histories);
  if (wrong.empty() && (!all_gone || party.record.acknowledged.size() != kClients * kMessages)) {
    wrong = "not everything said was acknowledged, or a client did not leave";
  }
  std::printf("chat_real: %zu messages acknowledged over %llu connections; %s\n",
              party.record.acknowledged.size(), static_cast<unsigned long long>(connections),
              wrong.empty() ? "holds" : wrong.c_str());
  return wrong.empty() && connections > kClients ? 0 : 1;
}

}  // namespace
}  // namespace chat

int main() {
  try {
    return chat::run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "chat_real: %s\n", error.what());
    return 1;
  }
}
