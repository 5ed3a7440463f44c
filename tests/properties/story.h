// A short history of a ledger on paper (stage.h), drawn at random: purchases that end in every
// way, looks, carts, a lock, elections and a second replica. Told truthfully, every property
// holds; a lie breaks one property at one place of it.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "tests/properties/stage.h"

namespace properties {

enum class Ending { confirmed, given_back, ran_out, failed, refunded, cancelled };

struct Course {
  Ending ending = Ending::confirmed;
  std::int64_t tickets = 1;
  std::int64_t pause_us = 1;  // between its steps
};

std::ostream& operator<<(std::ostream& out, const Course& course);

struct Story {
  std::vector<Course> courses;
  std::size_t place = 0;  // of the lie; a course
};

std::ostream& operator<<(std::ostream& out, const Story& story);

// 1 to 6 courses; shrinks to fewer and to shorter pauses.
rc::Gen<Story> any_story();

class Teller {
 public:
  // `lie`: the id of the property that it breaks; empty: the truth.
  Teller(Story story, std::string lie);
  void tell();
  Stage& stage() { return stage_; }

 private:
  // A replica that applies the same entries.
  struct Twin {
    Twin() { make_tables(books); }
    store::Database books{{":memory:", ""}};
    ReferencePurchases rules;
    std::int64_t index = 0;
  };

  bool lies(std::string_view id) const { return lie_ == id && at_ == story_.place; }
  void apply(std::vector<lottery::Command> commands, const Stage::Tamper& tamper = {});
  void copy_to_twin(std::vector<lottery::CommandReply> replies);
  void tell_course(const Course& course);
  void hold(const Course& course);
  void answer_hold();
  void look();
  void store_cart();
  void take_lock();
  void elect();
  void pay(const Course& course, const std::string& outcome);
  void record(const std::string& outcome);
  void refund();
  void end(const Course& course);
  void settle();

  std::string user() const { return "u" + std::to_string(at_); }
  std::string bank_key() const;
  std::int64_t price() const;

  Story story_;
  std::string lie_;
  Stage stage_;
  Twin twin_;
  std::size_t at_ = 0;    // which course is told
  std::string purchase_;  // of it
  std::int64_t attempt_ = 0;
  std::int64_t step_us_ = 1;
  std::int64_t looks_ = 0;
};

}  // namespace properties
