#include "tests/linearizability/generator.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "simnet/random.h"

namespace linearizability_test {
namespace {

using linearizability::ModelKind;
using linearizability::Value;

constexpr std::int64_t kUnits = 50;
constexpr std::int64_t kBalance = 100;
constexpr std::int64_t kAccounts = 6;
// How many changes back a stale read looks: far more than are ever concurrent.
constexpr std::size_t kStaleChanges = 40;

struct Object {
  std::string value = "null";  // register
  std::int64_t available = kUnits;
  std::int64_t held = 0;
  std::int64_t holder = 0;
  std::int64_t last_token = 0;
  std::vector<std::int64_t> balances = std::vector<std::int64_t>(kAccounts, kBalance);
  std::vector<std::string> past;  // what a read would have answered, change by change
};

struct Call {
  std::string f;
  std::string argument = "null";
  std::string result = "null";
  std::int64_t a = 0;
  std::int64_t b = 0;
  std::int64_t n = 0;
  std::uint64_t key = 0;
  bool unknown = false;
};

struct Client {
  std::int64_t process = 0;
  bool busy = false;
  bool effective = false;  // its operation had its moment
  bool refused = false;
  Call call;
  std::int64_t token = 0;  // of the lock of token_key
  std::uint64_t token_key = 0;
};

class Generator {
 public:
  explicit Generator(const GeneratorOptions& options)
      : options_(options), random_(simnet::StreamKey(options.seed)), objects_(options.keys) {
    for (std::uint64_t i = 0; i < options.clients; ++i) {
      clients_.emplace_back().process = static_cast<std::int64_t>(i);
    }
  }

  std::string run() {
    while (started_ < options_.operations) {
      step(clients_[random_.below(clients_.size())]);
    }
    return std::move(text_);
  }

 private:
  void step(Client& client) {
    if (!client.busy) {
      start(client);
    } else if (!client.effective) {
      take_effect(client);
    } else {
      finish(client);
    }
  }

  void event(const Client& client, const char* type, const std::string& value) {
    text_ += "{\"process\":" + std::to_string(client.process) + ",\"type\":\"" + type +
             "\",\"f\":\"" + client.call.f + "\",\"key\":" + std::to_string(client.call.key) +
             ",\"value\":" + value + "}\n";
  }

  void start(Client& client) {
    client.call = Call{};
    client.call.key = random_.below(options_.keys);
    choose(client);
    client.call.unknown = random_.ratio(options_.unknown_permille, 1000);
    client.busy = true;
    client.effective = client.refused = false;
    ++started_;
    event(client, "invoke", client.call.argument);
    if (client.call.unknown && random_.ratio(1, 2)) {
      forget(client);  // it never takes effect
    }
  }

  void finish(Client& client) {
    if (client.call.unknown) {
      forget(client);
      return;
    }
    const bool answers = client.call.result != "null";
    event(client, client.refused ? "fail" : "ok",
          answers && !client.refused ? client.call.result : client.call.argument);
    client.busy = false;
  }

  // Nobody learns the outcome; the client goes on under another number, as in Jepsen.
  void forget(Client& client) {
    event(client, "info", client.call.argument);
    client.process += static_cast<std::int64_t>(options_.clients);
    client.busy = false;
  }

  void choose(Client& client) {
    switch (options_.kind) {
      case ModelKind::register_:
        return choose_register(client.call);
      case ModelKind::stock:
        return choose_stock(client.call);
      case ModelKind::lock:
        return choose_lock(client);
      case ModelKind::bank:
        return choose_bank(client.call);
    }
  }

  std::string fresh_value() {
    return std::to_string(options_.values == 0 ? ++written_ : random_.below(options_.values));
  }

  void choose_register(Call& call) {
    const std::uint64_t kind = random_.below(10);
    if (kind < 5) {
      call.f = "read";
    } else if (kind < 8) {
      call.f = "write";
      call.argument = fresh_value();
    } else {
      call.f = "cas";
      const std::string from = objects_[call.key].value;
      call.argument = "[" + from + "," + fresh_value() + "]";
    }
  }

  void choose_stock(Call& call) {
    const char* const kNames[] = {"read", "read", "sell", "hold", "hold", "release", "add"};
    call.f = kNames[random_.below(7)];
    if (call.f != "read") {
      call.n = random_.between(1, 3);
      call.argument = std::to_string(call.n);
    }
  }

  // Whoever has a token renews or releases it; somebody may end any lease.
  void choose_lock(Client& client) {
    Call& call = client.call;
    const Object& object = objects_[call.key];
    if (client.token != 0) {
      call.key = client.token_key;
      call.f = random_.ratio(1, 2) ? "renew" : "release";
      call.n = client.token;
    } else if (object.holder != 0 && random_.ratio(1, 4)) {
      call.f = "expire";
      call.n = object.holder;
    } else {
      call.f = "acquire";
    }
    call.argument = call.n == 0 ? "null" : std::to_string(call.n);
  }

  void choose_bank(Call& call) {
    if (random_.ratio(1, 2)) {
      call.f = "read";
      return;
    }
    call.f = "transfer";
    call.a = random_.between(0, kAccounts - 1);
    call.b = (call.a + random_.between(1, kAccounts - 1)) % kAccounts;
    call.n = random_.between(1, 20);
    call.argument = "{\"from\":" + std::to_string(call.a) + ",\"to\":" + std::to_string(call.b) +
                    ",\"amount\":" + std::to_string(call.n) + "}";
  }

  std::string answer_of(const Object& object) const {
    switch (options_.kind) {
      case ModelKind::register_:
        return object.value;
      case ModelKind::stock:
        return std::to_string(object.available);
      case ModelKind::lock:
        return "null";
      case ModelKind::bank:
        break;
    }
    std::string text;
    for (std::size_t i = 0; i < object.balances.size(); ++i) {
      text += (text.empty() ? "{\"" : ",\"") + std::to_string(i) +
              "\":" + std::to_string(object.balances[i]);
    }
    return text + "}";
  }

  void take_effect(Client& client) {
    Call& call = client.call;
    Object& object = objects_[call.key];
    client.effective = true;
    if (call.f == "read") {
      call.result = answer_of(object);
      const bool stale = options_.stale_from != 0 && started_ >= options_.stale_from &&
                         !call.unknown && object.past.size() > kStaleChanges;
      if (stale && !spoilt_) {
        call.result = object.past[object.past.size() - kStaleChanges];
        spoilt_ = true;
      }
      return;
    }
    const std::string before = answer_of(object);
    client.refused = !change(client, object);
    if (!client.refused && call.f != "renew") {
      object.past.push_back(before);
    }
  }

  bool change(Client& client, Object& object) {
    Call& call = client.call;
    if (call.f == "write") {
      object.value = call.argument;
      return true;
    }
    if (call.f == "cas") {
      const std::size_t comma = call.argument.find(',');
      if (call.argument.substr(1, comma - 1) != object.value) {
        return false;
      }
      object.value = call.argument.substr(comma + 1, call.argument.size() - comma - 2);
      return true;
    }
    return options_.kind == ModelKind::lock   ? change_lock(client, object)
           : options_.kind == ModelKind::bank ? change_bank(call, object)
                                              : change_stock(call, object);
  }

  static bool change_stock(const Call& call, Object& object) {
    const bool takes = call.f == "sell" || call.f == "hold";
    if ((takes && object.available < call.n) || (call.f == "release" && object.held < call.n)) {
      return false;
    }
    object.available += takes ? -call.n : call.n;
    object.held += call.f == "hold" ? call.n : call.f == "release" ? -call.n : 0;
    return true;
  }

  static bool change_bank(const Call& call, Object& object) {
    if (object.balances[static_cast<std::size_t>(call.a)] < call.n) {
      return false;
    }
    object.balances[static_cast<std::size_t>(call.a)] -= call.n;
    object.balances[static_cast<std::size_t>(call.b)] += call.n;
    return true;
  }

  static bool change_lock(Client& client, Object& object) {
    Call& call = client.call;
    if (call.f == "acquire") {
      if (object.holder != 0) {
        return false;
      }
      object.last_token += 1;
      object.holder = object.last_token;
      call.result = std::to_string(object.holder);
      client.token = call.unknown ? 0 : object.holder;
      client.token_key = call.key;
      return true;
    }
    const bool holds = object.holder == call.n;
    if (call.f != "expire" && (!holds || call.f == "release")) {
      client.token = 0;
    }
    object.holder = holds && call.f != "renew" ? 0 : object.holder;
    return holds;
  }

  const GeneratorOptions options_;
  simnet::Random random_;
  std::vector<Object> objects_;
  std::vector<Client> clients_;
  std::uint64_t started_ = 0;
  std::int64_t written_ = 0;
  bool spoilt_ = false;
  std::string text_;
};

}  // namespace

linearizability::ModelOptions model_options(const GeneratorOptions& options) {
  linearizability::ModelOptions model;
  model.kind = options.kind;
  if (options.kind == ModelKind::stock) {
    model.initial = Value::integer(kUnits);
  } else if (options.kind == ModelKind::bank) {
    model.initial = Value::integer(kBalance);
  }
  return model;
}

std::string generate(const GeneratorOptions& options) { return Generator(options).run(); }

}  // namespace linearizability_test
