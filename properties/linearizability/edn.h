// Histories in EDN (github.com/edn-format/edn), as Jepsen writes them: op maps such as
//   {:type :invoke, :f :read, :value nil, :process 0, :time 123, :index 4}
// one after another, or in one vector or list.
//
// Reads all of EDN. Limits: a tag is dropped and its value kept (#inst "..." is a text);
// a set is a sorted list; ratios, N and M numbers are decimals, kept as text; the
// namespace of #:name{...} is dropped.
#pragma once

#include <string_view>

#include "properties/linearizability/history.h"

namespace linearizability {

// One form and nothing behind it. `where` begins the text of errors. Errors: InputError.
Value parse_edn(std::string_view text, const std::string& where);

// Errors: InputError.
History read_edn(std::string_view text, const HistoryOptions& options);

}  // namespace linearizability
