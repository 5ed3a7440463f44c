#include "system/lottery/entry_codec.h"

#include <boost/mp11.hpp>
#include <utility>

namespace lottery {
namespace {

constexpr std::uint8_t kEntryVersion = 1;
constexpr std::size_t kUsualCommand_bytes = 64;

}  // namespace

void write_command(rpc::Writer& writer, const Command& command) {
  writer.byte(static_cast<std::uint8_t>(command.index()));
  std::visit([&](const auto& value) { rpc::pack_into(writer, value); }, command);
}

Command read_command(rpc::Reader& reader) {
  const std::size_t kind = reader.byte("command.type");
  if (kind >= std::variant_size_v<Command>) {
    rpc::Reader::fail("command.type", "unknown command");
  }
  return boost::mp11::mp_with_index<std::variant_size_v<Command>>(kind, [&](auto index) {
    std::variant_alternative_t<index, Command> value;
    rpc::unpack_from(reader, value, "command");
    return Command(std::move(value));
  });
}

std::string encode_entry(const Entry& entry) {
  rpc::Writer writer;
  writer.reserve(kUsualCommand_bytes * (1 + entry.commands.size()));
  writer.byte(kEntryVersion);
  writer.integer(rpc::zigzag(entry.index));
  writer.integer(rpc::zigzag(entry.now_us));
  writer.integer(entry.commands.size());
  for (const Command& command : entry.commands) {
    write_command(writer, command);
  }
  return writer.take();
}

Entry decode_entry(std::string_view bytes) {
  rpc::Reader reader(bytes);
  if (reader.byte("entry.version") != kEntryVersion) {
    rpc::Reader::fail("entry.version", "another one");
  }
  Entry entry;
  rpc::unpack_from(reader, entry.index, "entry.index");
  rpc::unpack_from(reader, entry.now_us, "entry.now_us");
  const std::size_t count = reader.count("entry.commands");
  entry.commands.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    entry.commands.push_back(read_command(reader));
  }
  reader.finish();
  return entry;
}

rpc::Json command_to_json(const Command& command) {
  return std::visit(
      [](const auto& value) {
        rpc::Json json = rpc::Json::object();
        json["type"] = std::decay_t<decltype(value)>::kType;
        json.update(rpc::to_json(value));
        return json;
      },
      command);
}

std::string entry_text(std::string_view bytes) {
  rpc::Json json = rpc::Json::object();
  try {
    const Entry entry = decode_entry(bytes);
    json["index"] = entry.index;
    json["now_us"] = entry.now_us;
    json["commands"] = rpc::Json::array();
    for (const Command& command : entry.commands) {
      json["commands"].push_back(command_to_json(command));
    }
  } catch (const rpc::CodecError& error) {
    json["no entry"] = error.what();
  }
  return json.dump(-1, ' ', false, rpc::Json::error_handler_t::replace);
}

}  // namespace lottery
