#include "simnet/vfs.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "simnet/random.h"
#include "simnet/vfs_file.h"

namespace simnet {
namespace {

constexpr int kMaxPath = 512;
constexpr sqlite3_int64 kUnixEpochJulianMs = 210'866'760'000'000;

void configure_sqlite_once() {
  static const bool done = [] {
    // Refused when someone already initialised the library; then it keeps its locks and counts
    // its memory, which costs time but changes nothing else.
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return sqlite3_initialize() == SQLITE_OK;
  }();
  if (!done) {
    throw std::runtime_error("cannot initialise SQLite");
  }
}

}  // namespace

// SQLite's callbacks on the VFS. They are noexcept: nothing unwinds through C.
struct VfsCalls {
  static Vfs& self(sqlite3_vfs* vfs) { return *static_cast<Vfs*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
                  int* out_flags) noexcept {
    file->pMethods = nullptr;
    Vfs& self = VfsCalls::self(vfs);
    std::string nameless;
    Vfs::Place place;
    if (path == nullptr) {
      nameless = "temporary-" + std::to_string(self.next_nameless_++);
      place = {&self.scratch_, nameless};
    } else {
      place = self.locate(path);
    }
    if (place.disk == nullptr) {
      return SQLITE_CANTOPEN;
    }
    OpenMode mode;
    mode.create = (flags & SQLITE_OPEN_CREATE) != 0;
    mode.exclusive = (flags & SQLITE_OPEN_EXCLUSIVE) != 0;
    mode.delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    DiskHandle handle;
    if (place.disk->open(place.file, mode, handle) != DiskStatus::ok) {
      return SQLITE_CANTOPEN;
    }
    open_vfs_file(file, std::move(handle), (flags & SQLITE_OPEN_READONLY) != 0);
    if (out_flags != nullptr) {
      *out_flags = flags;
    }
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int sync_directory) noexcept {
    const Vfs::Place place = self(vfs).locate(path);
    if (place.disk == nullptr) {
      return SQLITE_IOERR_DELETE;
    }
    const DiskStatus status = place.disk->remove(place.file, sync_directory != 0);
    return status == DiskStatus::not_found ? SQLITE_IOERR_DELETE_NOENT
                                           : vfs_result(status, SQLITE_IOERR_DELETE);
  }

  // As on unix an empty file does not count as existing, but can be read and written.
  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* answer) noexcept {
    *answer = 0;
    const Vfs::Place place = self(vfs).locate(path);
    if (place.disk == nullptr) {
      return SQLITE_OK;
    }
    bool exists = false;
    const DiskStatus status = place.disk->exists(place.file, exists);
    const bool counts =
        exists && (flags != SQLITE_ACCESS_EXISTS || place.disk->image(place.file)->size() > 0);
    *answer = counts ? 1 : 0;
    return vfs_result(status, SQLITE_IOERR_ACCESS);
  }

  static int full_pathname(sqlite3_vfs*, const char* path, int size, char* out) noexcept {
    const std::size_t length = std::strlen(path);
    if (length >= static_cast<std::size_t>(size)) {
      return SQLITE_CANTOPEN;
    }
    std::memcpy(out, path, length + 1);
    return SQLITE_OK;
  }

  static void* dl_open(sqlite3_vfs*, const char*) noexcept { return nullptr; }
  static void dl_error(sqlite3_vfs*, int size, char* message) noexcept {
    sqlite3_snprintf(size, message, "extensions cannot be loaded");
  }
  static void (*dl_sym(sqlite3_vfs*, void*, const char*) noexcept)(void) { return nullptr; }
  static void dl_close(sqlite3_vfs*, void*) noexcept {}

  static int randomness(sqlite3_vfs* vfs, int size, char* out) noexcept {
    for (int done = 0; done < size;) {
      const std::uint64_t number = self(vfs).random();
      const int count = std::min(size - done, static_cast<int>(sizeof number));
      std::memcpy(out + done, &number, static_cast<std::size_t>(count));
      done += count;
    }
    return size;
  }

  // Nobody else can run meanwhile, so waiting would not help.
  static int sleep(sqlite3_vfs*, int microseconds) noexcept { return microseconds; }

  static int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) noexcept {
    const auto& clock = self(vfs).clock_;
    *out = kUnixEpochJulianMs + (clock ? clock() : 0);
    return SQLITE_OK;
  }

  static int current_time(sqlite3_vfs* vfs, double* out) noexcept {
    sqlite3_int64 ms = 0;
    current_time_ms(vfs, &ms);
    *out = static_cast<double>(ms) / 86'400'000.0;
    return SQLITE_OK;
  }

  static int last_error(sqlite3_vfs*, int, char*) noexcept { return 0; }
};

Vfs::Vfs(std::string name) : name_(std::move(name)) {
  configure_sqlite_once();
  if (sqlite3_vfs_find(name_.c_str()) != nullptr) {
    throw std::invalid_argument("a SQLite VFS of this name exists: " + name_);
  }
  if (const sqlite3_vfs* former = sqlite3_vfs_find(nullptr); former != nullptr) {
    former_default_ = former->zName;
  }
  vfs_.iVersion = 2;
  vfs_.szOsFile = kVfsFileBytes;
  vfs_.mxPathname = kMaxPath;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = VfsCalls::open;
  vfs_.xDelete = VfsCalls::remove;
  vfs_.xAccess = VfsCalls::access;
  vfs_.xFullPathname = VfsCalls::full_pathname;
  vfs_.xDlOpen = VfsCalls::dl_open;
  vfs_.xDlError = VfsCalls::dl_error;
  vfs_.xDlSym = VfsCalls::dl_sym;
  vfs_.xDlClose = VfsCalls::dl_close;
  vfs_.xRandomness = VfsCalls::randomness;
  vfs_.xSleep = VfsCalls::sleep;
  vfs_.xCurrentTime = VfsCalls::current_time;
  vfs_.xGetLastError = VfsCalls::last_error;
  vfs_.xCurrentTimeInt64 = VfsCalls::current_time_ms;
  sqlite3_vfs_register(&vfs_, 1);
  sqlite3_randomness(0, nullptr);
}

Vfs::~Vfs() {
  const bool was_default = sqlite3_vfs_find(nullptr) == &vfs_;
  sqlite3_vfs_unregister(&vfs_);
  if (was_default) {
    if (sqlite3_vfs* former = sqlite3_vfs_find(former_default_.c_str()); former != nullptr) {
      sqlite3_vfs_register(former, 1);
    }
  }
  sqlite3_randomness(0, nullptr);
}

void Vfs::remove_disk(std::string_view host) {
  if (const auto found = disks_.find(host); found != disks_.end()) {
    disks_.erase(found);
  }
}

void Vfs::set_randomness(std::function<std::uint64_t()> randomness) {
  randomness_ = std::move(randomness);
  sqlite3_randomness(0, nullptr);
}

Vfs::Place Vfs::locate(const char* path) {
  const std::string_view text(path);
  const std::size_t slash = text.find('/', 1);
  if (text.empty() || text.front() != '/' || slash == std::string_view::npos ||
      slash + 1 == text.size()) {
    return {};
  }
  const auto found = disks_.find(text.substr(1, slash - 1));
  return found == disks_.end() ? Place{} : Place{found->second, text.substr(slash + 1)};
}

std::uint64_t Vfs::random() { return randomness_ ? randomness_() : StreamKey(0).at(counter_++); }

}  // namespace simnet
