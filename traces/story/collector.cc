#include "traces/story/collector.h"

#include <algorithm>
#include <utility>

#include "faults/plan.h"
#include "properties/repeats.h"
#include "system/lottery/events.h"
#include "system/replica/events.h"
#include "traces/story/fields.h"
#include "traces/story/slice.h"
#include "traces/trace.h"

namespace story {
namespace {

// "ledger-3" has the role "ledger"; read replicas belong to the ledger.
std::string role_of(const std::string& host) {
  const std::string role = host.substr(0, host.find('-'));
  return role == "reader" ? "ledger" : role;
}

bool same_figures(const AccountChange& a, const AccountChange& b) {
  return a.posted == b.posted && a.incoming == b.incoming && a.outgoing == b.outgoing;
}

bool same_figures(const PurchaseChange& a, const PurchaseChange& b) {
  return a.state == b.state && a.attempt == b.attempt && a.price == b.price && a.count == b.count;
}

// Keeps a row if it is not as it was.
template <class Change>
void keep(std::vector<Change>& changes, std::map<std::string, std::size_t>& last,
          const std::string& id, Change change) {
  const auto known = last.find(id);
  if (known != last.end() && same_figures(changes[known->second], change)) {
    return;
  }
  last[id] = changes.size();
  changes.push_back(std::move(change));
}

constexpr bool is_terminal(std::string_view state) {
  return state != "HELD" && state != "CHARGING" && state != "ABANDONING" && state != "REFUNDING";
}

}  // namespace

Collector::Collector(properties::Universe& universe) {
  for (const auto& host : universe.hosts()) {
    hosts_[host->name()] = static_cast<HostIndex>(story_.hosts.size());
    story_.hosts.push_back({host->name(), role_of(host->name()), host->region()});
  }
  universe.watch(*this);
  universe.tap(wire_);
}

HostIndex Collector::host_of(const std::string& name) const { return hosts_.find(name)->second; }

void Collector::on_event(simnet::Time time, const std::string& name, const env::EventRef& event) {
  const Time_us at = traces::microseconds(time);
  const HostIndex host = host_of(name);
  story_.events.push_back({at, host, std::string(event.name()), dumped(fields_of(event))});
  if (const auto* elected = event.as<replica::Elected>()) {
    lead(at, host, elected->term);
  }
  if (const auto* saved = event.as<replica::HardStateSaved>()) {
    step_down(at, host, saved->term);
  }
  if (const auto* moved = event.as<lottery::BankMoved>()) {
    if (bank_.emplace(moved->sequence, story_.bank.size()).second) {  // told again after a restart
      story_.bank.push_back(
          {at, moved->sequence, moved->kind, moved->key, moved->reference, moved->amount});
    }
  }
}

void Collector::lead(Time_us at, HostIndex host, std::uint64_t term) {
  leading_[host] = {term, story_.spans.size()};
  story_.spans.push_back({at, kNever, "leader", "term " + std::to_string(term), {host}, {}});
}

// Who led an older term may not know it yet: spans of two leaders overlap as in reality.
void Collector::step_down(Time_us at, HostIndex host, std::uint64_t term) {
  const auto leading = leading_.find(host);
  if (leading != leading_.end() && leading->second.first < term) {
    story_.spans[leading->second.second].until_us = at;
    leading_.erase(leading);
  }
}

// Nor does it lead without a process.
void Collector::end_leaders(Time_us at, HostIndex host) {
  for (Span& span : story_.spans) {
    if (span.family == "leader" && span.hosts.front() == host && span.from_us <= at &&
        (span.until_us == kNever || span.until_us > at)) {
      span.until_us = at;
    }
  }
}

std::vector<HostIndex> Collector::struck(const faults::Fault& fault) const {
  std::vector<HostIndex> hosts;
  for (const auto* names : {&fault.hosts, &fault.peers, &fault.bridges}) {
    for (const std::string& name : *names) {
      hosts.push_back(host_of(name));
    }
  }
  for (std::size_t i = 0; i < story_.hosts.size(); ++i) {
    if (std::ranges::find(fault.regions, story_.hosts[i].region) != fault.regions.end()) {
      hosts.push_back(static_cast<HostIndex>(i));
    }
  }
  std::ranges::sort(hosts);
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  return hosts;
}

void Collector::on_fault(simnet::Time time, const faults::Fault& fault, bool strikes) {
  const Time_us at = traces::microseconds(time);
  if (!strikes) {
    const auto found =
        std::ranges::find(under_way_, fault, &std::pair<faults::Fault, std::size_t>::first);
    if (found != under_way_.end()) {
      story_.spans[found->second].until_us = at;
      under_way_.erase(found);
    }
    return;
  }
  const faults::Shape& shape = faults::shape_of(fault.kind);
  if (shape.lasts) {
    under_way_.emplace_back(fault, story_.spans.size());
  }
  faults::Json detail = faults::to_json(fault);
  detail.erase("at_ms");
  story_.spans.push_back({at, shape.lasts ? kNever : at, "fault", std::string(shape.name),
                          struck(fault), dumped(detail)});
}

void Collector::on_books(simnet::Time time, const properties::Evidence& evidence) {
  const Time_us at = traces::microseconds(time);
  const std::int64_t entry = evidence.reference.folded().back().entry.index;
  for (const properties::AccountRow& row : evidence.accounts) {
    const properties::Account& account = row.account;
    if (account.empty() && !accounts_.contains(row.id)) {
      continue;
    }
    keep(story_.accounts, accounts_, row.id,
         AccountChange{at, entry, row.id, account.ledger, account.balance(),
                       account.credits_pending, account.debits_pending});
  }
  for (const properties::PurchaseRow& row : evidence.purchases) {
    keep(story_.purchases, purchases_, row.id,
         PurchaseChange{at, entry, row.id, row.user, row.draw, row.state, row.count, row.price,
                        row.attempt});
  }
}

// The stop of everything at the end is none of the run's.
void Collector::add_down() {
  std::map<std::uint32_t, Time_us> since;
  for (const Wire::Process& process : wire_.processes()) {
    const HostIndex host = process.host - 1;
    if (!process.runs) {
      since[process.host] = process.at_us;
      end_leaders(process.at_us, host);
    } else if (since.contains(process.host)) {
      story_.spans.push_back(
          {since[process.host], process.at_us, "down", "no process", {host}, {}});
      since.erase(process.host);
    }
  }
  for (const auto& [host, from] : since) {
    if (from < story_.end_us) {
      story_.spans.push_back({from, story_.end_us, "down", "no process", {host - 1}, {}});
    }
  }
}

// A purchase is under way on its user's lane, one span per state.
void Collector::add_purchases() {
  std::map<std::string, std::size_t> open;
  for (const PurchaseChange& change : story_.purchases) {
    const auto before = open.find(change.purchase);
    if (before != open.end()) {
      story_.spans[before->second].until_us = change.at_us;
      open.erase(before);
    }
    const auto user = hosts_.find(change.user);
    if (user == hosts_.end() || is_terminal(change.state)) {
      continue;
    }
    open[change.purchase] = story_.spans.size();
    story_.spans.push_back(
        {change.at_us, kNever, "purchase", change.state, {user->second}, change.purchase});
  }
}

void Collector::add_violations(const properties::Report& report) {
  for (const properties::PropertyResult& property : report.properties) {
    for (const properties::Repeats& found : properties::each_once(property.violations)) {
      Violation told;
      told.at_us = traces::microseconds(found.first->at);
      told.last_us = traces::microseconds(found.last);
      told.times = found.times;
      told.property = property.id;
      told.statement = property.statement;
      told.what = found.first->what;
      told.at_end = told.at_us >= story_.end_us;
      story_.violations.push_back(std::move(told));
    }
  }
  for (const auto* aborts : {&report.aborts, &report.fail_stops}) {
    for (const simnet::Abort& abort : *aborts) {
      Violation told;
      told.at_us = told.last_us = traces::microseconds(abort.at);
      told.property = "abort";
      told.statement = "no process of the system ends by itself";
      told.what = abort.host + " ended by itself: " + abort.what;
      story_.violations.push_back(std::move(told));
    }
  }
  std::vector<std::pair<Time_us, std::size_t>> order;
  for (std::size_t i = 0; i < story_.violations.size(); ++i) {
    order.emplace_back(story_.violations[i].at_us, i);
  }
  std::ranges::sort(order);
  std::vector<Violation> sorted;
  for (const auto& [at, i] : order) {
    sorted.push_back(std::move(story_.violations[i]));
  }
  story_.violations = std::move(sorted);
}

Story Collector::finish(const properties::Report& report, Recipe recipe) {
  story_.recipe = std::move(recipe);
  story_.end_us = traces::microseconds(report.end);
  story_.messages = wire_.take_messages();
  add_down();
  add_purchases();
  for (Span& span : story_.spans) {
    span.until_us = span.until_us == kNever ? story_.end_us : span.until_us;
  }
  std::vector<std::pair<Time_us, std::size_t>> order;
  for (std::size_t i = 0; i < story_.spans.size(); ++i) {
    order.emplace_back(story_.spans[i].from_us, i);
  }
  std::ranges::sort(order);
  std::vector<Span> sorted;
  for (const auto& [from, i] : order) {
    sorted.push_back(std::move(story_.spans[i]));
  }
  story_.spans = std::move(sorted);
  add_violations(report);
  slice(story_);
  return std::move(story_);
}

}  // namespace story
