// A bank, all accounts in one object, as in Jepsen's bank workload: transfer
// {from to amount} moves money if the account has it; read -> {account balance, ...} sees
// all that it lists at once. A vector [balance ...] lists accounts 0, 1, ...
//
// Accounts are the integers and names that occur; 1 and "1" are the same account, because
// JSON cannot tell them apart.
#pragma once

#include <memory>
#include <string>

#include "properties/linearizability/model.h"

namespace linearizability {

// Errors: InputError.
std::unique_ptr<Model> make_bank_model(const ModelOptions& options, const Operations& operations,
                                       const std::string& file);

}  // namespace linearizability
