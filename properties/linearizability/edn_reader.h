// Reads EDN form by form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "properties/linearizability/value.h"

namespace linearizability {

// Errors: InputError from every function that reads. REQUIRES: the text outlives it.
class EdnReader {
 public:
  EdnReader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  // Skips blanks, comments and discarded forms.
  void skip();
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return text_[at_]; }
  void step() { ++at_; }
  std::size_t line();
  Value form();
  [[noreturn]] void fail(const std::string& expected);

 private:
  Value form_at(int depth);
  std::vector<Value> forms_until(char close, int depth);
  Value map_at(int depth);
  Value dispatch(int depth);
  Value text_at();
  Value character();
  Value token();
  std::string escape();
  void enter(int depth);
  void skip_at(int depth);
  std::string_view word();

  std::string_view text_;
  std::string file_;
  std::size_t at_ = 0;
  std::size_t counted_to_ = 0;  // lines are counted up to there
  std::size_t line_ = 1;
};

}  // namespace linearizability
