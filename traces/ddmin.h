// Delta debugging: which of many elements a failure needs (Zeller & Hildebrandt, "Simplifying and
// Isolating Failure-Inducing Input", IEEE TSE 28(2), 2002, section 3.2, algorithm ddmin).
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace traces {

// Indices of elements that are kept, in growing order.
using Kept = std::vector<std::size_t>;

// Of elements 0 to `count` - 1, a choice that fails still: `fails(choice)` said so, unless it is
// all of them, of which that is taken for granted. It is 1-minimal: without any single element of
// it `fails` said no. Asks for nothing at all first; may ask for the same choice twice. A `fails`
// that has had enough says no from then on, and gets the best so far.
Kept ddmin(std::size_t count, const std::function<bool(const Kept&)>& fails);

}  // namespace traces
