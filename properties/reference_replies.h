// How the reference words replies, and when two replies say the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "system/lottery/messages.h"

namespace properties {

// `current`: the JSON of what stands in the way; left out when empty. The words for
// people are the ledger's business and stay empty here.
lottery::Reply refusal(int status, std::string_view word, std::string_view current = {});
lottery::Reply number_reply(std::string_view member, std::int64_t value);

// The stable word of an error body; empty when the body is no ErrorView.
std::string error_word(std::string_view body);

// Equal but for the words for people in a refusal.
bool same_reply(const lottery::Reply& a, const lottery::Reply& b);

}  // namespace properties
