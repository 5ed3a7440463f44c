#include "properties/hold_discipline.h"

#include <optional>

namespace properties {
namespace {

bool step_allowed(PurchaseState from, PurchaseState to) {
  switch (from) {
    case PurchaseState::held:
      return to == PurchaseState::charging || to == PurchaseState::expired;
    case PurchaseState::charging:
      return to == PurchaseState::confirmed || to == PurchaseState::held ||
             to == PurchaseState::failed || to == PurchaseState::abandoning;
    case PurchaseState::abandoning:
      return to == PurchaseState::refunding || to == PurchaseState::cancelled;
    case PurchaseState::refunding:
      return to == PurchaseState::refunded;
    default:
      return false;
  }
}

// Several commands of one entry may move a purchase several steps; the rows show
// only both ends. The steps between come from the rules.
bool path_allowed(const std::string& id, PurchaseState from, PurchaseState to,
                  const Reference& reference) {
  std::optional<PurchaseState> at;
  for (const Folded& folded : reference.folded()) {
    for (const Change& change : folded.changes) {
      if (change.purchase.text() != id) {
        continue;
      }
      if (!at && change.from != from) {
        return false;
      }
      if (!step_allowed(*change.from, change.to)) {
        return false;
      }
      at = change.to;
    }
  }
  return at == to;
}

bool hold_fits(PurchaseState state, std::string_view hold) {
  switch (state) {
    case PurchaseState::held:
    case PurchaseState::charging:
      return hold == "pending";
    case PurchaseState::confirmed:
      return hold == "posted";
    case PurchaseState::expired:
      return hold == "expired" || hold == "void";
    default:
      return hold == "void";
  }
}

}  // namespace

void HoldDiscipline::row(simnet::Time at, const PurchaseRow& row, const Reference& reference) {
  const auto state = state_named(row.state);
  expect(state.has_value(), at,
         [&] { return "purchase " + row.id + " is in an unknown state " + row.state; });
  if (!state) {
    return;
  }
  expect(hold_fits(*state, row.hold_state), at, [&] {
    return "purchase " + row.id + " is " + row.state + " while its hold is " +
           (row.hold_state.empty() ? "missing" : row.hold_state);
  });
  const auto known = last_.find(row.id);
  if (known == last_.end()) {
    last_.emplace(row.id, *state);
    return;
  }
  const PurchaseState before = known->second;
  known->second = *state;
  if (before != *state) {
    expect(step_allowed(before, *state) || path_allowed(row.id, before, *state, reference), at,
           [&] {
             return "purchase " + row.id + " went from " + std::string(name(before)) + " to " +
                    row.state + " in entry " + std::to_string(reference.applied_index());
           });
  }
}

void HoldDiscipline::on_event(simnet::Time at, const env::EventRef&, const Evidence& evidence) {
  // Steps went by unseen, or were undone: there is nothing to compare with.
  const bool unseen = evidence.books == nullptr && !evidence.reference.folded().empty();
  if (evidence.reference.rewound() || unseen) {
    last_.clear();
  }
  for (const PurchaseRow& purchase : evidence.purchases) {
    row(at, purchase, evidence.reference);
  }
}

// At most one entry reached the books since the last event, so only what is over
// for good can be held against the final states.
void HoldDiscipline::at_end(const FinalState& final, const Reference&) {
  for (const PurchaseRow& listed : read_purchases(*final.furthest().books)) {
    const PurchaseRow found = read_purchase(*final.furthest().books, listed.id).value_or(listed);
    const auto known = last_.find(found.id);
    const auto state = state_named(found.state);
    const bool was_over = known != last_.end() && terminal(known->second);
    expect(state && hold_fits(*state, found.hold_state) && (!was_over || known->second == *state),
           final.at, [&] {
             return "purchase " + found.id + " ended as " + found.state + " with its hold " +
                    found.hold_state + (was_over ? " after it had been " : "") +
                    (was_over ? std::string(name(known->second)) : std::string());
           });
  }
}

}  // namespace properties
