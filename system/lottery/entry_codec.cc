#include "system/lottery/entry_codec.h"

#include <boost/mp11.hpp>

namespace lottery {

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

Command command_from_json(const rpc::Json& json) {
  const auto type = json.is_object() ? json.find("type") : json.end();
  if (!json.is_object() || type == json.end() || !type->is_string()) {
    throw rpc::CodecError("command.type: missing");
  }
  const std::string name = type->get<std::string>();
  rpc::Json members = json;
  members.erase("type");
  Command command;
  bool known = false;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, Command>>(
      [&](auto identity) {
        using T = typename decltype(identity)::type;
        if (name == T::kType) {
          T value;
          rpc::from_json(members, value, name);
          command = std::move(value);
          known = true;
        }
      });
  if (!known) {
    throw rpc::CodecError("command.type: unknown command \"" + name + "\"");
  }
  return command;
}

std::string encode_entry(const Entry& entry) {
  rpc::Json json = rpc::Json::object();
  json["index"] = entry.index;
  json["now_us"] = entry.now_us;
  json["commands"] = rpc::Json::array();
  for (const Command& command : entry.commands) {
    json["commands"].push_back(command_to_json(command));
  }
  return json.dump(-1, ' ', false, rpc::Json::error_handler_t::replace);
}

Entry decode_entry(std::string_view bytes) {
  const rpc::Json json = rpc::Json::parse(bytes, nullptr, false);
  if (json.is_discarded() || !json.is_object() || json.size() != 3 || !json.contains("index") ||
      !json.contains("now_us") || !json.contains("commands") || !json["commands"].is_array()) {
    throw rpc::CodecError("entry: expected an object of index, now_us, commands");
  }
  Entry entry;
  rpc::from_json(json.at("index"), entry.index, "entry.index");
  rpc::from_json(json.at("now_us"), entry.now_us, "entry.now_us");
  for (const rpc::Json& command : json.at("commands")) {
    entry.commands.push_back(command_from_json(command));
  }
  return entry;
}

}  // namespace lottery
