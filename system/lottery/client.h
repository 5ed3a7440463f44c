// A user and his browser: wants tickets, is impatient, presses twice, retries,
// loses his tab and comes back. What he decides is given (intent.h); what his browser draws,
// keys and back-offs, is drawn per intent, so that no intent shifts another. Every operation's
// key is in local storage before the first byte of the request leaves, and stays there until the
// operation has a definite reply; so a restart repeats the same operation, never a new one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "system/env/async.h"
#include "system/lottery/events.h"
#include "system/lottery/intent.h"
#include "system/rpc/http.h"
#include "system/store/database.h"

namespace lottery {

struct ClientOptions {
  std::string user;
  env::Endpoint edge;
  std::string draw;
  std::string sku;
  env::Duration arrives_after{};  // counted on the steady clock from its zero
  std::vector<Intent> intents;    // one after the other
};

// What local storage holds: one row.
struct Progress {
  std::string stage = "rest";  // rest, hold, choose, pay, cancel, done
  std::int64_t begun = 0;      // how many of his intents
  std::int64_t tried = 0;      // of this one: how many of its tries
  std::int64_t intent = 0;     // its number
  std::int64_t count = 0;
  std::int64_t seen_available = 0;
  std::int64_t seen_version = 0;
  std::string hold_key;
  std::string purchase;
  std::string key;  // of the pay or cancel under way
  std::string card;
  std::string watermark;          // of the newest state of the ledger that the user has seen
  std::int64_t cart_version = 0;  // of the session, as last stored or seen
  std::int64_t keys_made = 0;     // for this intent
};
BOOST_DESCRIBE_STRUCT(Progress, (),
                      (stage, begun, tried, intent, count, seen_available, seen_version, hold_key,
                       purchase, key, card, watermark, cart_version, keys_made))

class Client {
 public:
  // The returned object is the process's root.
  static std::shared_ptr<Client> start(env::Env& env, ClientOptions options);

  Client(env::Env& env, ClientOptions options);

 private:
  env::awaitable<void> live();
  env::awaitable<void> step();
  env::awaitable<void> begin_intent();
  env::awaitable<void> hold();
  env::awaitable<void> choose();
  env::awaitable<void> pay();
  env::awaitable<void> cancel();
  // The cart is a session: what the user is about to buy, for whichever server he meets next.
  env::awaitable<void> store_cart();
  env::awaitable<void> look_at_cart();
  std::string cart_target() const;

  // What he decided about the intent and the try under way.
  const Intent& intent() const;
  const Try& current_try() const;
  // Presses a second time so much later, unless he does not. `key`: the operation's.
  void press_twice(std::optional<std::int64_t> later_ms, std::string operation, std::string key,
                   rpc::HttpRequest request);
  env::awaitable<void> press_again(env::Duration later, std::string operation, std::string key,
                                   rpc::HttpRequest request);
  // Repeats the operation with its key until the ledger has given a definite reply. It may
  // come back as 202 when that was the `give_up_after`-th such answer; 0: never.
  env::awaitable<rpc::HttpResponse> insist(std::string operation, std::string key,
                                           rpc::HttpRequest request,
                                           std::int64_t give_up_after = 0);
  env::awaitable<void> wait_for_outcome();
  // GET. `level`: session or linear; see protocol.h.
  env::awaitable<env::Result<rpc::HttpResponse>> look(std::string target, std::string level);
  std::string level_of_look();
  void see(const rpc::HttpResponse& response);
  void note_cart(const rpc::HttpResponse& response);
  void note(const std::string& operation, const std::string& key,
            const rpc::HttpResponse& response);

  rpc::HttpRequest make_request(std::string method, std::string target, std::string body) const;
  // A number of this intent's own.
  std::uint64_t draw(std::string_view purpose);
  env::Duration back_off(int attempt);
  // Unique for this user. Some browsers draw keys, some count.
  std::string new_key(std::string_view kind);
  bool counts_keys() const;
  void save();
  void load();

  env::Env& env_;
  const ClientOptions options_;
  store::Database storage_;
  rpc::HttpClient http_;
  Progress progress_;
  std::int64_t looks_ = 0;             // of this process
  std::size_t presses_under_way_ = 0;  // second presses that have no reply yet
  env::Condition press_answered_;
};

}  // namespace lottery
