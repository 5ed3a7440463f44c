// One file opened through a VFS, below SQLite's pager.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

namespace vfs_tests {

class RawFile {
 public:
  explicit RawFile(const char* vfs)
      : vfs_(sqlite3_vfs_find(vfs)),
        memory_(static_cast<std::size_t>(vfs_->szOsFile) / sizeof(std::max_align_t) + 1) {
    file_ = reinterpret_cast<sqlite3_file*>(memory_.data());
  }
  ~RawFile() { close(); }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  // A name must end in several zeros (SQLite looks for URI parameters behind it) and
  // live as long as the file is open. An empty one asks for a file without a name.
  int open(const std::string& path, int flags) {
    close();
    name_ = path + std::string(4, '\0');
    return vfs_->xOpen(vfs_, path.empty() ? nullptr : name_.c_str(), file_, flags, &out_flags_);
  }
  void close() {
    if (file_->pMethods != nullptr) {
      file_->pMethods->xClose(file_);
      file_->pMethods = nullptr;
    }
  }

  bool is_open() const { return file_->pMethods != nullptr; }
  int out_flags() const { return out_flags_; }
  const sqlite3_io_methods& methods() const { return *file_->pMethods; }
  sqlite3_file* file() const { return file_; }

  int write(const std::string& bytes, sqlite3_int64 offset) {
    return methods().xWrite(file_, bytes.data(), static_cast<int>(bytes.size()), offset);
  }
  // `bytes.size()` bytes, whatever was in them before.
  int read(std::string& bytes, sqlite3_int64 offset) {
    return methods().xRead(file_, bytes.data(), static_cast<int>(bytes.size()), offset);
  }
  sqlite3_int64 size() {
    sqlite3_int64 size = -1;
    return methods().xFileSize(file_, &size) == SQLITE_OK ? size : -1;
  }
  std::string content() {
    std::string bytes(static_cast<std::size_t>(size()), '?');
    return read(bytes, 0) == SQLITE_OK ? bytes : "error";
  }
  int truncate(sqlite3_int64 size) { return methods().xTruncate(file_, size); }
  int sync() { return methods().xSync(file_, SQLITE_SYNC_NORMAL); }
  int lock(int level) { return methods().xLock(file_, level); }
  int unlock(int level) { return methods().xUnlock(file_, level); }
  int reserved() {
    int answer = -1;
    return methods().xCheckReservedLock(file_, &answer) == SQLITE_OK ? answer : -1;
  }
  char volatile* map(int region, bool create) {
    void volatile* address = nullptr;
    const int code = methods().xShmMap(file_, region, kRegionBytes, create ? 1 : 0, &address);
    return code == SQLITE_OK ? static_cast<char volatile*>(address) : nullptr;
  }
  int shm_lock(int first, int count, int flags) {
    return methods().xShmLock(file_, first, count, flags);
  }
  void unmap(bool delete_it) { methods().xShmUnmap(file_, delete_it ? 1 : 0); }

  static constexpr int kRegionBytes = 32768;

 private:
  sqlite3_vfs* vfs_;
  std::vector<std::max_align_t> memory_;
  sqlite3_file* file_;
  std::string name_;
  int out_flags_ = 0;
};

}  // namespace vfs_tests
