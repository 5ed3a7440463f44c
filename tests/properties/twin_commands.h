// Random commands for the twin test: numbers that become commands which mean something
// in the state they meet.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "properties/reference_purchases.h"
#include "system/lottery/messages.h"

namespace properties {

// Numbers that an interpreter turns into a command that means something in the
// state it meets; a shorter list is still a list of commands.
struct Choice {
  int kind = 0;
  int a = 0;
  int b = 0;
  int c = 0;
};

inline std::ostream& operator<<(std::ostream& out, const Choice& choice) {
  return out << "{" << choice.kind << "," << choice.a << "," << choice.b << "," << choice.c << "}";
}

// The last three ask again for something that was asked before.
inline constexpr int kKinds = 50;

inline rc::Gen<Choice> any_choice() {
  return rc::gen::build<Choice>(rc::gen::set(&Choice::kind, rc::gen::inRange(0, kKinds)),
                                rc::gen::set(&Choice::a, rc::gen::inRange(0, 1000)),
                                rc::gen::set(&Choice::b, rc::gen::inRange(0, 1000)),
                                rc::gen::set(&Choice::c, rc::gen::inRange(0, 1000)));
}

class Interpreter {
 public:
  explicit Interpreter(const ReferencePurchases& state) : state_(state) {}

  lottery::Command command(const Choice& choice) const {
    const auto& [kind, a, b, c] = choice;
    if (kind < 7) {
      return lottery::Hold{user(a),
                           key(b),
                           c % 23 == 0 ? "nowhere" : draw(c),
                           a % 29 == 0 ? "other" : "s",
                           b % 31 == 0 ? c % 14 - 1 : 1 + c % 3,
                           a,
                           seen_version(a, c)};
    }
    if (kind < 12) {
      return lottery::Pay{b % 13 == 0 ? user(b) : owner(a), key(c), purchase(a),
                          b % 17 == 0 ? "" : "card" + std::to_string(b % 2)};
    }
    if (kind < 17) {
      return lottery::RecordCharge{purchase(a), b % 11 == 0 ? "charge-x" : bank_key(a),
                                   c % 19 == 0 ? "maybe" : (c % 2 == 0 ? "captured" : "declined")};
    }
    switch (kind) {
      case 17:
        return lottery::OpenDraw{draw(a),
                                 "s",
                                 b % 12,
                                 c % 400,
                                 1'000'000 * (5 + a),
                                 b % 37 == 0 ? 0 : 1'000'000 * (1 + c % 30),
                                 commitment(a, b)};
      case 18:
        return lottery::Cancel{b % 13 == 0 ? user(b) : owner(a), key(c), purchase(a)};
      case 19:
        return lottery::ExpireHolds{};
      case 20:
        return lottery::CloseDraws{};
      case 21:
        return lottery::LeaseBankCalls{"w", a % 7 - 1};
      case 22:
        return lottery::RecordRefund{purchase(a),
                                     b % 7 == 0 ? "refund-x" : "refund-" + purchase(a)};
      case 23:
        return settlement(a, b, c);
      case 24:
      case 25:
      case 26:
        return session_put(a, b, c);
      case 27:
      case 28:
        return lottery::AcquireLock{c % 41 == 0 ? "" : owner_name(a), resource(b),
                                    1'000'000 * (c % 12)};
      case 29:
        return lottery::RenewLock{owner_name(a), resource(b), lock_token(b, c)};
      case 30:
        return lottery::ReleaseLock{owner_name(a), resource(b), lock_token(b, c)};
      case 31:
        return lottery::AmendDraw{c % 29 == 0 ? "nowhere" : draw(a), version(draw(a)) - c % 3 / 2,
                                  c % 7 == 0 ? version(draw(a)) : b % 400 - 1,
                                  state_.now_us() + 1'000'000 * (b % 300 - 3)};
      case 32:
        return lottery::AckOutbox{b % 23 == 0 ? "" : "push" + std::to_string(b % 2),
                                  state_.outbox().told() + 1 - a % 9};
      case 33:
      case 34:
      case 35:
        return lease_jobs(a, b, c);
      case 36:
        return lottery::RenewJob{job(a).id, job(a).token - (c % 5 == 0 ? 1 : 0)};
      case 37:
        return complete_job(a, b, c);
      case 38:
      case 39:
        return lottery::FailJob{job(a).id, job(a).token, job(a).attempt - (c % 9 == 0 ? 1 : 0)};
      case 40:
      case 41:
        return seal_draw(a, b, c);
      case 42:
      case 43:
        return lottery::DrawNumbers{b % 31 == 0 ? "nowhere" : draw(a),
                                    c % 29 == 0  ? std::string(256 + a % 2, 's')
                                    : c % 7 == 0 ? ""
                                                 : seed(draw(c % 5 == 0 ? b : a))};
      case 44:
        return lottery::PublishDraw{b % 31 == 0 ? "nowhere" : draw(a)};
      default:
        return put_plan(a, b, c);
    }
  }

 private:
  static std::string owner_name(int n) { return "w" + std::to_string(n % 2); }
  static std::string resource(int n) { return "r" + std::to_string(n % 2); }
  // That of the latest grant, or an older one.
  std::int64_t lock_token(int b, int c) const {
    const auto found = state_.locks().leases().find(resource(b));
    const std::int64_t token = found == state_.locks().leases().end() ? 0 : found->second.token;
    return c % 5 == 0 ? token - 1000 : token;
  }
  // Each draw has a seed of its own; now and then one commits to another's, to none, or to
  // what cannot be a hash.
  static std::string seed(const std::string& draw) { return "seed of " + draw; }
  static std::string commitment(int a, int b) {
    switch (b % 9) {
      case 0:
        return "";
      case 1:
        return "123";
      default:
        return sha256_hex(seed(b % 9 == 2 ? "d0" : draw(a)));
    }
  }
  lottery::Command seal_draw(int a, int b, int c) const {
    const Manifest right = state_.manifest(draw(a));
    return lottery::SealDraw{b % 31 == 0 ? "nowhere" : draw(a), right.count + (c % 11 == 0 ? 1 : 0),
                             right.sum - (c % 13 == 0 ? 1 : 0),
                             c % 17 == 0 ? sha256_hex("another list") : right.root};
  }
  // The latest job that somebody works on, or any.
  Job job(int n) const {
    const auto& all = state_.jobs().all();
    if (all.empty() || n % 53 == 0) {
      return {"receipt:nothing", "", "", "", JobState::open, 1, 1, 0};
    }
    if (n % 4 == 0) {
      const auto at = static_cast<std::ptrdiff_t>(static_cast<std::size_t>(n) % all.size());
      return std::next(all.begin(), at)->second;
    }
    const auto held = std::find_if(all.rbegin(), all.rend(), [](const auto& entry) {
      return entry.second.state == JobState::open && entry.second.token != 0;
    });
    return held != all.rend() ? held->second : all.rbegin()->second;
  }
  static lottery::Command lease_jobs(int a, int b, int c) {
    std::vector<std::string> kinds;
    if (b % 3 == 0) {
      kinds.emplace_back(c % 5 == 0 ? "other" : "receipt");
    }
    return lottery::LeaseJobs{"w", a % 4, std::move(kinds)};
  }
  lottery::Command complete_job(int a, int b, int c) const {
    const Job found = job(a);
    return lottery::CompleteJob{
        found.id, found.token + (b % 7 == 0 ? 1 : 0), found.attempt - (c % 7 == 0 ? 1 : 0),
        c % 11 == 0 ? std::string(4096 + a % 2, 'r') : "thanks " + std::to_string(c % 2)};
  }
  std::int64_t version(const std::string& id) const {
    const Draw* const found = state_.draw(id);
    return found != nullptr ? found->version : 1;
  }
  std::int64_t seen_version(int a, int c) const {
    return a % 3 != 0 ? 0 : version(draw(c)) - (a % 5 == 0 ? 1 : 0);
  }
  lottery::Command put_plan(int a, int b, int c) const {
    const auto found = state_.locks().plans().find(resource(b));
    const bool known = found != state_.locks().plans().end();
    return lottery::PutPlan{b % 43 == 0 ? "" : resource(b), lock_token(b, c),
                            (known ? found->second.generation : 0) + a % 4 - 1,
                            known && a % 3 == 0 ? found->second.value
                            : a % 31 == 0       ? std::string(4096 + c % 2, 'p')
                                                : "plan" + std::to_string(c % 3)};
  }
  lottery::Command session_put(int a, int b, int c) const {
    const std::string id = b % 37 == 0 ? "" : "s" + std::to_string(b % 3);
    const auto& all = state_.sessions().all();
    const auto found = all.find(id);
    const bool known = found != all.end();
    const std::int64_t version = (known ? found->second.version : 0) + (c % 7 < 5 ? 1 : c % 3 - 1);
    // Mostly its owner, now and then with data of the greatest size and one byte more.
    const std::string data = c % 25 == 0           ? std::string(4096 + c % 2, 'x')
                             : c % 4 == 0 && known ? found->second.data
                                                   : "cart" + std::to_string(c % 5);
    return lottery::SessionPut{known && a % 5 != 0 ? found->second.user : user(a), id, version,
                               data};
  }
  lottery::Command settlement(int a, int b, int c) const {
    const Purchase* const found = state_.purchase(purchase(a));
    const std::int64_t price = found != nullptr ? found->price : 100;
    const bool refund = b % 2 == 0;
    return lottery::RecordSettlement{c, b % 15 == 0 ? "gift" : (refund ? "refund" : "charge"),
                                     refund ? "refund-" + purchase(a) : bank_key(a), purchase(a),
                                     b % 5 == 0 ? price + 1 : price};
  }
  static std::string user(int n) { return n % 41 == 0 ? "" : "u" + std::to_string(n % 3); }
  static std::string key(int n) { return n % 43 == 0 ? "" : "k" + std::to_string(n % 60); }
  static std::string draw(int n) { return "d" + std::to_string(n % 3); }
  std::string purchase(int n) const {
    const auto& all = state_.purchases();
    if (all.empty() || n % 47 == 0) {
      return "p9999.0";
    }
    // The later ones mostly: those are still alive.
    const auto back = std::min<std::size_t>(all.size(), 1 + static_cast<std::size_t>(n) % 6);
    return std::prev(all.end(), static_cast<std::ptrdiff_t>(back))->second.text;
  }
  std::string owner(int n) const {
    const Purchase* const found = state_.purchase(purchase(n));
    return found != nullptr ? found->user : "u0";
  }
  std::string bank_key(int n) const {
    const Purchase* const found = state_.purchase(purchase(n));
    return found != nullptr ? found->bank_key : "charge-p9999.0-1";
  }

  const ReferencePurchases& state_;
};

}  // namespace properties
