// Stock of one kind: sell n and hold n take n units if that many are available, release n
// gives n held units back, add n brings new ones, read -> n sees how many are available.
// The key is the kind (a sku).
//
// What was sold is gone; what is held can only be released. A refused sale is a failed
// operation and says nothing.
#pragma once

#include <memory>
#include <string>

#include "properties/linearizability/model.h"

namespace linearizability {

// Errors: InputError.
std::unique_ptr<Model> make_stock_model(const ModelOptions& options, const Operations& operations,
                                        const std::string& file);

}  // namespace linearizability
