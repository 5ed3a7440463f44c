// ddmin against predicates of every sort, monotone and not.
#include "traces/ddmin.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

namespace traces_test {
namespace {

using traces::Kept;

// One after the other.
Kept ddmin(std::size_t count, const std::function<bool(const Kept&)>& fails) {
  return traces::ddmin(count, [&](const std::vector<Kept>& choices) {
    return static_cast<std::size_t>(std::ranges::find_if(choices, fails) - choices.begin());
  });
}

bool contains(const Kept& kept, std::size_t element) {
  return std::ranges::find(kept, element) != kept.end();
}

// Whether taking any single element away from `kept` makes `fails` say no.
bool minimal(const Kept& kept, const std::function<bool(const Kept&)>& fails) {
  for (std::size_t i = 0; i < kept.size(); ++i) {
    Kept fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (fails(fewer)) {
      return false;
    }
  }
  return true;
}

TEST(Ddmin, OfNothingAndOfWhatIsNotNeeded) {
  const auto yes = [](const Kept&) { return true; };
  EXPECT_EQ(ddmin(0, yes), Kept{});
  EXPECT_EQ(ddmin(50, yes), Kept{});
  EXPECT_EQ(ddmin(3, [](const Kept&) { return false; }), (Kept{0, 1, 2}));
  EXPECT_EQ(ddmin(1, [](const Kept& kept) { return !kept.empty(); }), Kept{0});
}

TEST(Ddmin, FindsTheOnlyCause) {
  EXPECT_TRUE(rc::check("what a failure needs, all of it and no more, is what is left", [] {
    const auto count = *rc::gen::inRange<std::size_t>(1, 60);
    const auto needed =
        *rc::gen::container<std::set<std::size_t>>(rc::gen::inRange<std::size_t>(0, count));
    const Kept left = ddmin(count, [&](const Kept& kept) {
      return std::ranges::all_of(needed, [&](std::size_t each) { return contains(kept, each); });
    });
    RC_ASSERT(left == Kept(needed.begin(), needed.end()));
  }));
}

// Any table of truth over the choices, in which all together fail.
TEST(Ddmin, IsOneMinimalWhateverThePredicate) {
  EXPECT_TRUE(rc::check("no single element can go", [] {
    const auto count = *rc::gen::inRange<std::size_t>(1, 9);
    const auto table =
        *rc::gen::container<std::vector<bool>>(std::size_t{1} << count, rc::gen::arbitrary<bool>());
    const auto fails = [&](const Kept& kept) {
      std::size_t place = 0;
      for (const std::size_t each : kept) {
        place |= std::size_t{1} << each;
      }
      return kept.size() == count || table[place];
    };
    const Kept left = ddmin(count, fails);
    RC_ASSERT(fails(left));
    RC_ASSERT(std::ranges::is_sorted(left));
    RC_ASSERT(minimal(left, fails));
  }));
}

// Of those that fail now and not with one more, several pieces are tried again.
TEST(Ddmin, AsksOnlyForSmallerChoices) {
  std::size_t largest = 40;
  ddmin(40, [&](const Kept& kept) {
    EXPECT_LT(kept.size(), largest);
    const bool fails = contains(kept, 3) && contains(kept, 31);
    largest = fails ? kept.size() : largest;
    return fails;
  });
  EXPECT_EQ(largest, 2u);
}

// The paper's bounds (section 3.3): about 2 log2 n for one cause, n^2 + 3n at worst.
TEST(Ddmin, AsksSeldomForOneCauseAndNeverMoreThanTheBound) {
  std::size_t asked = 0;
  ddmin(1024, [&](const Kept& kept) {
    ++asked;
    return contains(kept, 777);
  });
  EXPECT_LE(asked, 2 * 10 + 1u);
  for (const std::size_t count : {1, 2, 3, 7, 16, 33}) {
    asked = 0;
    ddmin(count, [&](const Kept& kept) {
      ++asked;
      return kept.size() == count;
    });
    EXPECT_LE(asked, count * count + 3 * count + 1);
  }
}

TEST(Ddmin, StopsAtSoManyPieces) {
  for (const std::size_t parts_max : {1, 2, 4, 8}) {
    std::size_t asked = 0;
    const Kept kept = traces::ddmin(
        64,
        [&](const std::vector<Kept>& choices) {
          EXPECT_LE(choices.size(), std::max<std::size_t>(2, parts_max));
          asked += choices.size();
          return choices.size();
        },
        parts_max);
    EXPECT_EQ(kept.size(), 64u);
    EXPECT_LE(asked, 1 + 4 * std::max<std::size_t>(2, parts_max));
  }
}

TEST(Ddmin, HasTheBestSoFarWhenThereIsNoMoreTime) {
  std::size_t left = 6;
  const Kept kept = ddmin(64, [&](const Kept& choice) {
    if (left == 0) {
      return false;
    }
    --left;
    return contains(choice, 20) && contains(choice, 21);
  });
  EXPECT_LT(kept.size(), 64u);
  EXPECT_TRUE(contains(kept, 20) && contains(kept, 21));
}

}  // namespace
}  // namespace traces_test
