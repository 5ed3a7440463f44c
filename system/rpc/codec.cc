#include "system/rpc/codec.h"

#include <algorithm>

namespace rpc {
namespace {

bool stands_for_itself(char byte) {
  return byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\';
}

}  // namespace

void append_json(std::string& text, std::string_view value) {
  if (std::ranges::all_of(value, stands_for_itself)) {
    text.append("\"").append(value).append("\"");
  } else {
    text += Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

}  // namespace rpc
