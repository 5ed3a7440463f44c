#include "tests/tidy/tree.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace tidy {
namespace {

namespace fs = std::filesystem;

bool skipped_folder(const std::string& name) {
  return name.starts_with("build") || (name.starts_with(".") && name != ".ci");
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<File> read_tree() {
  const fs::path root = DRAWPROOF_SOURCE_DIR;
  std::vector<File> files;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::end(it); ++it) {
    const std::string name = it->path().filename().string();
    if (it->is_directory()) {
      if (skipped_folder(name)) {
        it.disable_recursion_pending();
      }
      continue;
    }
    File file{it->path().lexically_relative(root).generic_string(), read(it->path())};
    const bool editor_copy = name.ends_with(".swp") || name.ends_with("~");
    if (!editor_copy && file.text.find('\0') == std::string::npos) {
      files.push_back(std::move(file));
    }
  }
  std::ranges::sort(files, {}, &File::path);
  return files;
}

// Scans C++ and blanks what is not code. `position` is at the first character of
// a construct; each skip function returns the position behind it.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string run() {
    std::size_t at = 0;
    while (at < text_.size()) {
      if (looking_at(at, "//")) {
        at = blank(at, std::min(text_.find('\n', at), text_.size()));
      } else if (looking_at(at, "/*")) {
        at = blank(at, behind("*/", at + 2));
      } else if (looking_at(at, "R\"") && !identifier(at)) {
        at = raw_string(at);
      } else if (text_[at] == '"' || (text_[at] == '\'' && !identifier(at))) {
        at = literal(at);
      } else {
        ++at;
      }
    }
    return out_;
  }

 private:
  bool looking_at(std::size_t at, std::string_view what) const {
    return text_.substr(at, what.size()) == what;
  }
  // Is the character before an identifier or number (as in 1'000)?
  bool identifier(std::size_t at) const {
    return at > 0 &&
           (std::isalnum(static_cast<unsigned char>(text_[at - 1])) != 0 || text_[at - 1] == '_');
  }
  std::size_t behind(std::string_view what, std::size_t from) const {
    const std::size_t found = text_.find(what, from);
    return found == std::string_view::npos ? text_.size() : found + what.size();
  }
  std::size_t blank(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      out_[i] = text_[i] == '\n' ? '\n' : ' ';
    }
    return to;
  }
  std::size_t literal(std::size_t at) {
    std::size_t end = at + 1;
    while (end < text_.size() && text_[end] != text_[at] && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    end = std::min(end, text_.size());
    blank(at + 1, end);
    return std::min(end + 1, text_.size());
  }
  std::size_t raw_string(std::size_t at) {
    const std::size_t open = text_.find('(', at);
    if (open == std::string_view::npos) {
      return text_.size();
    }
    const std::string close = ")" + std::string(text_.substr(at + 2, open - at - 2)) + "\"";
    return blank(at, behind(close, open));
  }

  std::string_view text_;
  std::string out_;
};

}  // namespace

const std::vector<File>& tree() {
  static const std::vector<File> files = read_tree();
  return files;
}

std::string code_only(std::string_view text) { return Blanker(text).run(); }

std::vector<Include> includes_of(const File& file) {
  std::vector<Include> found;
  int line_number = 0;
  std::size_t begin = 0;
  while (begin < file.text.size()) {
    const std::size_t end = std::min(file.text.find('\n', begin), file.text.size());
    std::string_view line = std::string_view(file.text).substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    if (!line.starts_with("#include ")) {
      continue;
    }
    line.remove_prefix(std::string_view("#include ").size());
    const char closing = line.starts_with('<') ? '>' : '"';
    const std::size_t close = line.find(closing, 1);
    if (close != std::string_view::npos) {
      found.push_back({line_number, std::string(line.substr(1, close - 1)), closing == '"'});
    }
  }
  return found;
}

int line_at(std::string_view text, std::size_t position) {
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, position), '\n'));
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

bool is_cpp(std::string_view path) { return path.ends_with(".cc") || path.ends_with(".h"); }

bool starts_with_folder(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string join(const Findings& findings) {
  std::string all;
  for (const std::string& finding : findings) {
    all += "\n  " + finding;
  }
  return all;
}

}  // namespace tidy
