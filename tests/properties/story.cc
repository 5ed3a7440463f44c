#include "tests/properties/story.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include "system/lottery/protocol.h"
#include "system/replica/events.h"

namespace properties {
namespace {

constexpr std::int64_t kTicketPrice = 200;
constexpr std::int64_t kHoldTtl_us = 60'000'000;
constexpr std::int64_t kPauseMax_us = 1'000'000;
constexpr std::int64_t kLease_us = 1'000'000;

lottery::Command opening(std::size_t courses) {
  const auto capacity = static_cast<std::int64_t>(3 * courses + 1);
  return lottery::OpenDraw{"d", "s", capacity, kTicketPrice, 1'000'000'000'000, kHoldTtl_us};
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Course& course) {
  return out << "{ending " << static_cast<int>(course.ending) << ", tickets " << course.tickets
             << ", pause " << course.pause_us << " us}";
}

std::ostream& operator<<(std::ostream& out, const Story& story) {
  out << "lie at " << story.place << " of";
  for (const Course& course : story.courses) {
    out << " " << course;
  }
  return out;
}

rc::Gen<Story> any_story() {
  const auto course = rc::gen::build<Course>(
      rc::gen::set(&Course::ending,
                   rc::gen::element(Ending::confirmed, Ending::given_back, Ending::ran_out,
                                    Ending::failed, Ending::refunded, Ending::cancelled)),
      rc::gen::set(&Course::tickets, rc::gen::inRange<std::int64_t>(1, 4)),
      rc::gen::set(&Course::pause_us, rc::gen::inRange<std::int64_t>(1, kPauseMax_us)));
  const auto courses =
      rc::gen::suchThat(rc::gen::resize(6, rc::gen::container<std::vector<Course>>(course)),
                        [](const std::vector<Course>& some) { return !some.empty(); });
  return rc::gen::map(rc::gen::pair(courses, rc::gen::inRange<std::size_t>(0, 100)),
                      [](const std::pair<std::vector<Course>, std::size_t>& drawn) {
                        return Story{drawn.first, drawn.second % drawn.first.size()};
                      });
}

Teller::Teller(Story story, std::string lie) : story_(std::move(story)), lie_(std::move(lie)) {}

std::string Teller::bank_key() const {
  return "charge-" + purchase_ + "-" + std::to_string(attempt_);
}

std::int64_t Teller::price() const { return stage_.rules.purchase(purchase_)->price; }

void Teller::apply(std::vector<lottery::Command> commands, const Stage::Tamper& tamper) {
  copy_to_twin(stage_.apply(std::move(commands), step_us_, tamper));
}

void Teller::copy_to_twin(std::vector<lottery::CommandReply> replies) {
  twin_.rules.apply(stage_.entry);
  store_rows(twin_.books, twin_.rules);
  twin_.index = stage_.entry.index;
  if (lies("S10") && !replies.empty()) {
    replies[0].status += 1;
  }
  stage_.emit(lottery::EntryApplied{twin_.index, std::move(replies), &twin_.books, 2});
}

void Teller::tell() {
  apply({opening(story_.courses.size())});
  for (at_ = 0; at_ < story_.courses.size(); ++at_) {
    tell_course(story_.courses[at_]);
  }
  at_ = story_.place;
  settle();
  if (lie_ == "S9") {
    stage_.log.erase(std::next(stage_.log.begin(), static_cast<std::ptrdiff_t>(1 + at_)));
  }
  const std::int64_t twin_index = twin_.index - (lie_ == "L3" ? 1 : 0);
  stage_.finish(true, lie_ == "L1" ? "somebody waits" : "",
                {{2, stage_.log, 1, twin_index, &twin_.books}});
}

void Teller::tell_course(const Course& course) {
  step_us_ = course.pause_us;
  attempt_ = 0;
  elect();
  take_lock();
  store_cart();
  hold(course);
  answer_hold();
  look();
  end(course);
}

// One replica after the other leads a term of its own.
void Teller::elect() {
  const std::uint64_t term = 1 + at_;
  const std::uint64_t node = 1 + at_ % 2;
  stage_.emit(replica::HardStateSaved{node, term, node});
  stage_.emit(replica::Elected{node, term, 0});
  if (lies("S20")) {
    stage_.emit(replica::Elected{3 - node, term, 0});
  }
}

void Teller::take_lock() {
  const lottery::AcquireLock acquire{user(), "r", kLease_us};
  apply({acquire});
  if (lies("S14")) {  // the lease runs, and somebody else is told it is his
    const std::string body = rpc::encode(lottery::LockView{"r", "thief", 1'000'000'000, 1});
    step_us_ = 1;
    apply({lottery::AcquireLock{"thief", "r", kLease_us}}, [&](Stage&, auto& replies) {
      replies[0] = {200, body};
    });
  }
  const std::int64_t token = stage_.rules.locks().leases().at("r").token;
  apply({lottery::ReleaseLock{user(), "r", token}});
}

void Teller::store_cart() {
  const std::string target = "/v1/sessions/cart-" + user();
  apply({lottery::SessionPut{user(), "cart-" + user(), 1, "some"}});
  const std::string body = rpc::encode(lottery::SessionView{"cart-" + user(), user(), 1, "some"});
  stage_.emit(lottery::CartStored{user(), target, 1, body});
  stage_.emit(lottery::ClientLooked{user(), ++looks_, target, std::string(lottery::kSession), 0});
  const bool gone = lies("S26");
  stage_.emit(
      lottery::ClientSaw{user(), looks_, gone ? 404 : 200, gone ? "" : body, stage_.rules_index});
}

void Teller::hold(const Course& course) {
  const std::string key = "hold-" + user();
  stage_.emit(lottery::UserIntent{user(), user() + "/1", key, course.tickets});
  purchase_ = "p" + std::to_string(stage_.rules_index + 1) + ".0";
  apply({lottery::Hold{user(), key, "d", "s", course.tickets, 0}}, [&](Stage& s, auto&) {
    if (lies("S1")) {
      s.books.run("UPDATE accounts SET credits_pending=100 WHERE id='SOLD[d,s]'");
    } else if (lies("S5")) {
      s.books.run("UPDATE accounts SET credits_posted=credits_posted+1 WHERE id='STOCK[d,s]'");
    } else if (lies("S6")) {
      s.books.run("UPDATE accounts SET debits_pending=100 WHERE id='STOCK[d,s]'");
    }
  });
}

void Teller::answer_hold() {
  const std::string key = "hold-" + user();
  const std::string body = stage_.rules.key_row(user(), key)->reply.body;
  stage_.emit(lottery::ClientReplied{user(), "hold", key, 201, body});
  if (lies("S7")) {
    stage_.emit(
        lottery::ClientReplied{user(), "hold", key, 409, R"({"error":"sold_out","detail":""})"});
  }
}

void Teller::look() {
  const std::string target = "/v1/purchases/" + purchase_;
  const std::string body = view_reply(200, *stage_.rules.purchase(purchase_)).body;
  stage_.emit(lottery::ClientLooked{user(), ++looks_, target, std::string(lottery::kSession), 0});
  stage_.emit(
      lottery::ClientSaw{user(), looks_, 200, lies("S8") ? "{}" : body, stage_.rules_index});
}

// What lies about money and holds needs a purchase that is charged.
void Teller::end(const Course& course) {
  const bool charged = lies("S3") || lies("S4") || lies("S15");
  switch (charged ? Ending::confirmed : course.ending) {
    case Ending::confirmed:
      return pay(course, "captured");
    case Ending::given_back:
      return apply({lottery::Cancel{user(), "cancel-" + user(), purchase_}});
    case Ending::ran_out:
      step_us_ = kHoldTtl_us + 1;
      return apply({lottery::ExpireHolds{}});
    case Ending::failed:
      for (int i = 0; i < 3; ++i) {
        pay(course, "declined");
      }
      return;
    case Ending::refunded:
    case Ending::cancelled:
      attempt_ += 1;
      apply({lottery::Pay{user(), "pay-" + user(), purchase_, "card"}});
      apply({lottery::Cancel{user(), "cancel-" + user(), purchase_}});
      record(course.ending == Ending::refunded ? "captured" : "declined");
      return course.ending == Ending::refunded ? refund() : void();
  }
}

void Teller::pay(const Course& course, const std::string& outcome) {
  attempt_ += 1;
  const std::string key = "pay-" + user() + "-" + std::to_string(attempt_);
  apply({lottery::Pay{user(), key, purchase_, "card"}});
  if (lies("S15")) {
    step_us_ = kHoldTtl_us + 1;
    apply({lottery::ExpireHolds{}}, [&](Stage& s, auto&) {
      s.books.run("UPDATE purchases SET state='EXPIRED' WHERE id='" + purchase_ + "'");
      s.books.run("UPDATE transfers SET state='expired' WHERE id='hold:" + purchase_ + "'");
    });
    step_us_ = course.pause_us;
  }
  record(outcome);
}

void Teller::record(const std::string& outcome) {
  if (outcome == "captured" && !lies("S4")) {
    stage_.bank_captures(bank_key(), purchase_, price());
  }
  if (lies("S3")) {
    stage_.bank_captures(bank_key() + "-again", purchase_, price());
  }
  apply({lottery::RecordCharge{purchase_, bank_key(), outcome}});
}

void Teller::refund() {
  const std::string key = "refund-" + purchase_;
  stage_.emit(lottery::BankMoved{++stage_.bank_sequence, "refund", key, purchase_, price()});
  apply({lottery::RecordRefund{purchase_, key}});
}

// Every row that the bank has for us; and for L2 a hold that nobody ends.
void Teller::settle() {
  step_us_ = 1;
  for (const auto& [id, purchase] : stage_.rules.purchases()) {
    const bool back = purchase.state == PurchaseState::refunded;
    if (back || purchase.state == PurchaseState::confirmed) {
      apply({lottery::RecordSettlement{++stage_.settled, "charge", purchase.bank_key, purchase.text,
                                       purchase.price}});
    }
    if (back) {
      apply({lottery::RecordSettlement{++stage_.settled, "refund", "refund-" + purchase.text,
                                       purchase.text, purchase.price}});
    }
  }
  if (lie_ == "L2") {
    apply({lottery::Hold{"late", "hold-late", "d", "s", 1, 0}});
  }
}

}  // namespace properties
