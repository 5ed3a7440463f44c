// The bytes of a log entry (system/rpc/binary.h): a version, index, now_us, and the commands, each
// behind its place in the variant. Commands of a newer program are refused by an older one,
// so a variant grows at its end.
#pragma once

#include <string>
#include <string_view>

#include "system/lottery/messages.h"
#include "system/rpc/binary.h"

namespace lottery {

void write_command(rpc::Writer& writer, const Command& command);
// Errors of all that read: rpc::CodecError, which names the member.
Command read_command(rpc::Reader& reader);

std::string encode_entry(const Entry& entry);
Entry decode_entry(std::string_view bytes);

// JSON for people: {"type":..,..}, and {"index":..,"now_us":..,"commands":[..]} or why it is none.
rpc::Json command_to_json(const Command& command);
std::string entry_text(std::string_view bytes);

}  // namespace lottery
