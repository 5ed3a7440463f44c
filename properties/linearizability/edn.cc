#include "properties/linearizability/edn.h"

#include "properties/linearizability/edn_reader.h"

namespace linearizability {

Value parse_edn(std::string_view text, const std::string& where) {
  EdnReader reader(text, where);
  Value value = reader.form();
  reader.skip();
  if (!reader.at_end()) {
    reader.fail("one value, and nothing behind it");
  }
  return value;
}

History read_edn(std::string_view text, const HistoryOptions& options) {
  HistoryBuilder builder(options);
  EdnReader reader(text, options.file);
  reader.skip();
  const bool inside = !reader.at_end() && (reader.peek() == '[' || reader.peek() == '(');
  const char close = inside ? (reader.peek() == '[' ? ']' : ')') : '\0';
  if (inside) {
    reader.step();
  }
  for (;;) {
    reader.skip();
    if (reader.at_end() || (inside && reader.peek() == close)) {
      break;
    }
    const std::size_t line = reader.line();
    builder.add(reader.form(), line);
  }
  if (inside) {
    if (reader.at_end()) {
      reader.fail(std::string("an event or ") + close + ", got the end of the text");
    }
    reader.step();
    reader.skip();
    if (!reader.at_end()) {
      reader.fail(std::string("nothing behind the events' ") + close);
    }
  }
  return builder.finish();
}

}  // namespace linearizability
