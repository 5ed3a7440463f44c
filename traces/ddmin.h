// Delta debugging: which of many elements a failure needs (Zeller & Hildebrandt, "Simplifying and
// Isolating Failure-Inducing Input", IEEE TSE 28(2), 2002, section 3.2, algorithm ddmin).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace traces {

// Indices of elements that are kept, in growing order.
using Kept = std::vector<std::size_t>;

// Which of these choices is the first that fails; their number when none does.
using FirstFailing = std::function<std::size_t(const std::vector<Kept>&)>;

// Of elements 0 to `count` - 1, a choice that fails still: `first_failing` said so, unless it is
// all of them, of which that is taken for granted. It is 1-minimal: without any single element of
// it `first_failing` said no; or, with `parts_max` below `count`, without any of so many pieces.
// Asks for nothing at all first; may ask for the same choice twice. A `first_failing` that has had
// enough says from then on that none fails, and gets the best so far.
Kept ddmin(std::size_t count, const FirstFailing& first_failing, std::size_t parts_max = SIZE_MAX);

}  // namespace traces
