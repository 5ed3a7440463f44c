// What is wrong with a history, in one line that names file, line, field and what was
// expected. The text may hold bytes of the input as they are; who shows it cleans it.
#pragma once

#include <stdexcept>
#include <string>

namespace linearizability {

class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline std::string at_line(const std::string& file, std::size_t line) {
  return file + ": line " + std::to_string(line) + ": ";
}

}  // namespace linearizability
