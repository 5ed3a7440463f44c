#include "system/store/freelist.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "system/store/error.h"
#include "system/store/header.h"
#include "system/store/page_checksum.h"

namespace store {
namespace {

using Page = std::array<char, kPageBytes>;

// A trunk page: the next trunk, the number of its leaves, the leaves; four bytes each.
constexpr std::size_t kNumber = 4;
constexpr std::uint32_t kMaxLeaves = (kPageBytes - kChecksumBytes) / kNumber - 2;

std::uint32_t number_in(const Page& page, std::size_t at) {
  return header::get({page.data(), page.size()}, at, kNumber);
}

// `read(number, page)` throws when it cannot. A list that contradicts itself is left to
// SQLite from there on.
template <class Read>
std::vector<std::uint32_t> free_leaves(const Read& read) {
  std::vector<std::uint32_t> leaves;
  Page page;
  read(1, page);
  const std::uint32_t pages = number_in(page, header::kPages);
  std::uint32_t left = number_in(page, header::kFreePages);
  for (std::uint32_t trunk = number_in(page, header::kFirstFreeTrunk);
       trunk > 1 && trunk <= pages && left > 0; trunk = number_in(page, 0)) {
    read(trunk, page);
    const std::uint32_t count = number_in(page, kNumber);
    if (count > kMaxLeaves || count >= left) {
      break;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t leaf = number_in(page, (2 + i) * kNumber);
      if (leaf <= 1 || leaf > pages) {
        return leaves;
      }
      leaves.push_back(leaf);
    }
    left -= count + 1;
  }
  return leaves;
}

sqlite3_int64 offset_of(std::uint32_t number) {
  return (sqlite3_int64{number} - 1) * sqlite3_int64{kPageBytes};
}

// Past SQLite's cache, through the checks.
class File {
 public:
  explicit File(sqlite3* handle) : handle_(handle) {
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file_);
  }
  bool in_memory() const { return file_ == nullptr || file_->pMethods == nullptr; }

  int read(std::uint32_t number, Page& page) const {
    return file_->pMethods->xRead(file_, page.data(), kPageBytes, offset_of(number));
  }
  void clear(std::uint32_t number) const {
    const Page zeros{};
    require(file_->pMethods->xWrite(file_, zeros.data(), kPageBytes, offset_of(number)));
  }
  void require(int code) const {
    if (code != SQLITE_OK) {
      fail(handle_, code, "cannot look through the free pages");
    }
  }

 private:
  sqlite3* handle_;
  sqlite3_file* file_ = nullptr;
};

void mend(const File& file) {
  Page page;
  const auto leaves =
      free_leaves([&](std::uint32_t number, Page& into) { file.require(file.read(number, into)); });
  for (const std::uint32_t leaf : leaves) {
    const int code = file.read(leaf, page);
    if (code == SQLITE_IOERR_DATA) {
      file.clear(leaf);
    } else {
      file.require(code);
    }
  }
}

void run(sqlite3* handle, const char* sql) {
  if (sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(handle, sql);
  }
}

}  // namespace

void mend_free_leaves(sqlite3* handle) {
  const File file(handle);
  if (file.in_memory()) {
    return;
  }
  run(handle, "BEGIN EXCLUSIVE");  // plays a hot journal back first
  Page first;
  if (file.read(1, first) != SQLITE_IOERR_SHORT_READ) {  // else a new file, still empty
    mend(file);
  }
  run(handle, "COMMIT");
}

void clear_free_leaves(std::string& bytes) {
  const auto at = [](std::uint32_t number) { return static_cast<std::size_t>(offset_of(number)); };
  const auto leaves = free_leaves([&](std::uint32_t number, Page& into) {
    std::memcpy(into.data(), bytes.data() + at(number), kPageBytes);
  });
  for (const std::uint32_t leaf : leaves) {
    std::memset(bytes.data() + at(leaf), 0, kPageBytes);
  }
}

}  // namespace store
