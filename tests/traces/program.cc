#include "tests/traces/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

extern char** environ;

namespace cli_test {
namespace {

namespace fs = std::filesystem;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> environment_with(const std::string& temporary) {
  std::vector<std::string> result;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string entry = *each;
    if (temporary.empty() || !entry.starts_with("TMPDIR=")) {
      result.push_back(entry);
    }
  }
  if (!temporary.empty()) {
    result.push_back("TMPDIR=" + temporary);
  }
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) {
    result.push_back(word.data());
  }
  result.push_back(nullptr);
  return result;
}

}  // namespace

Ended run_program(const std::string& program, const std::vector<std::string>& arguments, int signal,
                  std::chrono::milliseconds patience, const Where& where) {
  // Files rather than pipes: nothing to read while the child runs.
  const Folder outputs;
  const std::string out = outputs.path() + "/out";
  const std::string err = outputs.path() + "/err";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
  if (!where.folder.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, where.folder.c_str());
  }
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = environment_with(where.temporary);
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &actions, nullptr, pointers(words).data(),
                                pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  Ended ended;
  if (error != 0) {
    ADD_FAILURE() << program << " cannot be started";
    return ended;
  }
  if (signal != 0) {
    usleep(static_cast<useconds_t>(patience.count() * 1000));
    kill(child, signal);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  ended.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  ended.out = content_of(out);
  ended.err = content_of(err);
  return ended;
}

std::string drawproof() { return DRAWPROOF_BINARY_DIR "/drawproof"; }

Ended run_drawproof(const std::vector<std::string>& arguments) {
  return run_program(drawproof(), arguments);
}

void expect_refused(const std::vector<std::string>& arguments, const std::string& expected) {
  const Ended ended = run_drawproof(arguments);
  EXPECT_EQ(ended.code, 2) << expected << "\n" << ended.out.substr(0, 500) << ended.err;
  EXPECT_EQ(ended.signal, 0) << expected;
  EXPECT_EQ(ended.out, "") << expected;
  EXPECT_EQ(lines_in(ended.err), 1u) << ended.err;
  EXPECT_TRUE(ended.err.starts_with("drawproof: ")) << ended.err;
  EXPECT_NE(ended.err.find(expected), std::string::npos) << ended.err << "\nexpected " << expected;
  EXPECT_LT(ended.err.size(), 1000u);
}

Folder::Folder() {
  std::string pattern = testing::TempDir() + "drawproof-XXXXXX";
  const char* made = mkdtemp(pattern.data());
  EXPECT_NE(made, nullptr);
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

std::string Folder::write(const std::string& name, const std::string& text) const {
  const std::string file = path_ + "/" + name;
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

std::vector<std::string> Folder::list() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path_)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string last_line(const std::string& text) {
  const std::string body = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
  return body.substr(body.rfind('\n') + 1);
}

std::string after(const std::string& text, const std::string& label) {
  const std::size_t at = text.find(label);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t start = at + label.size();
  return text.substr(start, text.find('\n', start) - start);
}

}  // namespace cli_test
