// The search for a linearisation of one object's history.
//
// After Wing and Gong ("Testing and Verifying Concurrent Objects", JPDC 1993) and Lowe
// ("Testing for linearizability", CCPE 2017): operations are linearised one after another
// in every order that real time allows, and what was tried is remembered as a configuration,
// the object's state with the set of operations that are done (Lowe's memory, which
// Porcupine has as well). The search goes breadth-first and just in time (Lowe, section 5):
// when an operation returns it must be done in every configuration that lives on; others
// are done before it only as far as it needs them. So the set of configurations at a moment
// is all there is to know about the past. Operations that have returned are forgotten, and the
// first return that no configuration survives ends the shortest prefix without a linearisation.
//
// What keeps the set small, and why nothing is lost:
//   Observers at once. An observer that is applicable is done at once: it changes nothing,
//     so every continuation without it is one with it taken out.
//   Dominance. See configuration_set.h.
//   Twins in order. Of operations with one effect the one that returns first is done first,
//     unknown ones last, in the order of their invocations: in any linearisation that has it
//     otherwise the two can change places.
//   Unknown operations last. One of unknown outcome is done only right in front of a known
//     operation that is not applicable without it: otherwise it can move behind that
//     operation, again and again, until it is needed or falls off the end (the law of
//     postponement in model.h).
//   Used by all. An unknown operation that every configuration has used is forgotten.
//
// Limits: deciding is NP-complete (Gibbons and Korach, "Testing Shared Memories", 1997), and
// unknown operations of many kinds can explain one thing in very many ways. So there are three
// more searches behind a small exact one. A narrow one drops configurations where there are many:
// when it comes through, that is a proof; a dead end is none. One in which unknown operations are
// not used up permits more than the history does and has few configurations: its dead end is a
// proof. A wide one, within the limits of SearchOptions, decides what these two could not, or else
// the verdict is `undecided`.
#pragma once

#include <cstdint>
#include <vector>

#include "properties/linearizability/model.h"

namespace linearizability {

struct SearchItem {
  OpId op = 0;
  std::size_t invoked = 0;
  std::size_t returned = kNever;  // kNever: its outcome is unknown
  bool known() const { return returned != kNever; }
};

struct SearchProblem {
  const Model* model = nullptr;
  State start;
  std::vector<SearchItem> items;  // in the order of their invocations
};

// All operations from the initial state.
SearchProblem whole_problem(const Model& model, const Operations& operations);

enum class Verdict : std::uint8_t { linearizable, not_linearizable, undecided };

// A configuration in terms of operations.
struct Standing {
  State state;
  std::vector<OpId> done;  // of those that had not returned, or are unknown
};

// A return behind which one configuration was left.
struct SearchCut {
  std::size_t place = 0;
  State state;
};

struct SearchResult {
  Verdict verdict = Verdict::linearizable;
  // Not linearizable, undecided: the operation whose return no configuration survives.
  OpId failed = 0;
  std::size_t failed_at = 0;    // the place of that return
  std::vector<Standing> last;   // not linearizable: what could be reached before that return
  std::vector<SearchCut> cuts;  // in the order of time
  bool shortest = true;         // failed_at ends the shortest prefix without a linearisation
  std::size_t configurations_max = 0;
};

struct SearchOptions {
  std::size_t configurations = std::size_t{1} << 20;
  std::uint64_t work = 40'000'000;  // steps of about a microsecond at most
  bool small_only = false;          // give up at once where the small exact search does
};

SearchResult search(const SearchProblem& problem, const SearchOptions& options);

// What is left to check behind one of the result's cuts: equivalent to the whole problem,
// because one configuration is all that was left of the past.
SearchProblem rest_behind(const SearchProblem& problem, const SearchCut& cut,
                          const SearchOptions& options);

}  // namespace linearizability
