// All properties of a run behind one door: feed every event, then finish once.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "properties/property.h"

namespace properties {

class Oracle {
 public:
  Oracle();  // with every property there is

  // Is handed the rows of each event that folded entries and could be read.
  using Reader = std::function<void(simnet::Time, const Evidence&)>;
  void set_reader(Reader reader) { reader_ = std::move(reader); }

  void observe(simnet::Time at, const env::EventRef& event);
  void finish(const FinalState& final);

  const std::vector<std::unique_ptr<Property>>& properties() const { return properties_; }
  const Property& property(std::string_view id) const;  // REQUIRES: there is one
  const Reference& reference() const { return reference_; }
  bool holds() const;
  std::uint64_t checks() const;

  // The first violations of every property, earliest first.
  std::vector<Violation> violations() const;

  Tally tally() const { return reference_.tally(); }
  std::size_t purchases_in(PurchaseState state) const;
  // Events whose checks were cut short because the books could not be read.
  std::uint64_t unreadable() const { return unreadable_; }

 private:
  Reference reference_;
  std::vector<std::unique_ptr<Property>> properties_;
  std::uint64_t unreadable_ = 0;
  Reader reader_;
};

}  // namespace properties
