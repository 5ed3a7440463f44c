// The bytes of a log entry: JSON {"index":..,"now_us":..,"commands":[{"type":..,..},..]}.
#pragma once

#include <string>
#include <string_view>

#include "system/lottery/messages.h"
#include "system/rpc/codec.h"

namespace lottery {

rpc::Json command_to_json(const Command& command);
// Errors: rpc::CodecError naming the member.
Command command_from_json(const rpc::Json& json);

std::string encode_entry(const Entry& entry);
Entry decode_entry(std::string_view bytes);

}  // namespace lottery
