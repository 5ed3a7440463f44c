#include "properties/fresh_reads.h"

#include <algorithm>

#include "system/lottery/protocol.h"

namespace properties {
namespace {

std::string purchase_target(std::string_view id) { return "/v1/purchases/" + std::string(id); }
std::string session_target(std::string_view id) { return "/v1/sessions/" + std::string(id); }
std::string draw_target(std::string_view id) { return "/v1/draws/" + std::string(id); }

}  // namespace

// The rows that the entries just folded changed, as a reader would see them.
void FreshReads::remember(const Evidence& evidence) {
  const ReferencePurchases& state = evidence.reference.state();
  for (const Folded& folded : evidence.reference.folded()) {
    const std::int64_t index = folded.entry.index;
    for (const Change& change : folded.changes) {
      const std::string id = change.purchase.text();
      if (const Purchase* purchase = state.purchase(id)) {
        versions_[purchase_target(id)].insert_or_assign(index, view_reply(200, *purchase).body);
      }
    }
    for (std::size_t i = 0; i < folded.replies.size(); ++i) {
      const auto* put = std::get_if<lottery::SessionPut>(&folded.entry.commands[i]);
      if (put != nullptr && folded.replies[i].status == 200) {
        versions_[session_target(put->session)].insert_or_assign(index, folded.replies[i].body);
      }
    }
    for (const auto& [id, draw] : state.draws()) {
      std::string view = state.draw_text(id, draw);
      Versions& versions = versions_[draw_target(id)];
      if (versions.empty() || versions.rbegin()->second != view) {
        versions.insert_or_assign(index, std::move(view));
      }
    }
  }
}

void FreshReads::judge(simnet::Time at, const lottery::ClientSaw& saw, const Reference& reference) {
  const auto look = looks_.find({saw.user, saw.look});
  if (look == looks_.end()) {
    return;
  }
  const auto [target, not_before] = look->second;
  looks_.erase(look);
  const std::string who =
      "user " + saw.user + " read " + target + " at entry " + std::to_string(saw.index);
  expect(saw.index >= not_before, at, [&] {
    return who + ", but entry " + std::to_string(not_before) + " had been acknowledged before";
  });
  expect(saw.index <= reference.applied_index(), at,
         [&] { return who + ", which no replica has applied"; });
  const auto row = versions_.find(target);
  if (saw.status != 200) {
    const bool there = row != versions_.end() && row->second.begin()->first <= saw.index;
    expect(!there, at, [&] { return who + " and was told that there is nothing"; });
    return;
  }
  const bool known = row != versions_.end() && row->second.begin()->first <= saw.index;
  const std::string& rules = known ? std::prev(row->second.upper_bound(saw.index))->second : target;
  expect(known && rules == saw.body, at,
         [&] { return who + " and saw " + saw.body + " where the rules say " + rules; });
}

void FreshReads::on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) {
  if (!evidence.reference.folded().empty()) {
    remember(evidence);
  }
  if (const auto* looked = event.as<lottery::ClientLooked>()) {
    const bool linear = looked->level == lottery::kLinear;
    const std::int64_t not_before =
        linear ? std::max(acknowledged_, looked->watermark) : looked->watermark;
    looks_.insert_or_assign({looked->user, looked->look}, Look{looked->target, not_before});
  } else if (const auto* saw = event.as<lottery::ClientSaw>()) {
    judge(at, *saw, evidence.reference);
    acknowledged_ = std::max(acknowledged_, saw->index);
  } else if (const auto* replied = event.as<lottery::ClientReplied>()) {
    acknowledged_ = std::max(acknowledged_, replied->index);
  }
}

}  // namespace properties
