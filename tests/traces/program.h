// Runs a program of the build as a user would and says what came back.
#pragma once

#include <sys/types.h>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace cli_test {

struct Ended {
  int code = -1;  // exit code; -1 when a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
};

struct Where {
  std::string folder;     // the child's working folder; empty: this process's
  std::string temporary;  // its TMPDIR; empty: this process's
};

// `signal`: sent after `patience` when not 0.
Ended run_program(const std::string& program, const std::vector<std::string>& arguments,
                  int signal = 0, std::chrono::milliseconds patience = {}, const Where& where = {});

// The program `drawproof` of this build.
std::string drawproof();
Ended run_drawproof(const std::vector<std::string>& arguments);
// Exit code 2 and one line of ours on standard error that holds `expected`; nothing else.
void expect_refused(const std::vector<std::string>& arguments, const std::string& expected);

// A folder of this process that is removed with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  // Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& text) const;
  // Names of what is in it.
  std::vector<std::string> list() const;

 private:
  std::string path_;
};

std::size_t lines_in(const std::string& text);
// The last line of the text, without its end.
std::string last_line(const std::string& text);
// What follows `label` on its line, or empty.
std::string after(const std::string& text, const std::string& label);

}  // namespace cli_test
