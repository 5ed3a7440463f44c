// What SQLite expects of a VFS, below the pager, as a suite of typed tests. Held against
// SQLite's own "unix" VFS it says what is true; held against the simulated one, whether
// that is a simulation of it. To hold another VFS against it, write a Place:
//
//   class Place {
//     const char* vfs() const;                           // its name
//     std::string path(const std::string& file) const;   // in an empty folder of its own
//   };
//
// Source: https://www.sqlite.org/c3ref/io_methods.html and .../c3ref/vfs.html.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/vfs/raw_file.h"

namespace vfs_tests {

inline constexpr int kCreate = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
inline constexpr int kExisting = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_DB;
inline constexpr int kShmShared = SQLITE_SHM_LOCK | SQLITE_SHM_SHARED;
inline constexpr int kShmExclusive = SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE;

template <class Place>
class VfsContract : public ::testing::Test {
 protected:
  sqlite3_vfs* vfs() const { return sqlite3_vfs_find(place_.vfs()); }
  std::string path(const std::string& file) const { return place_.path(file); }
  int remove(const std::string& file) { return vfs()->xDelete(vfs(), path(file).c_str(), 0); }
  int access(const std::string& file, int flags = SQLITE_ACCESS_EXISTS) {
    int answer = -1;
    return vfs()->xAccess(vfs(), path(file).c_str(), flags, &answer) == SQLITE_OK ? answer : -1;
  }

  Place place_;
  RawFile a_{place_.vfs()};
  RawFile b_{place_.vfs()};
  RawFile c_{place_.vfs()};
};
TYPED_TEST_SUITE_P(VfsContract);

TYPED_TEST_P(VfsContract, OpeningHonoursItsFlags) {
  EXPECT_EQ(this->a_.open(this->path("f"), kExisting), SQLITE_CANTOPEN);
  EXPECT_FALSE(this->a_.is_open());
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  EXPECT_EQ(this->a_.out_flags() & SQLITE_OPEN_READWRITE, SQLITE_OPEN_READWRITE);
  // On unix it is opened after all, but read-only.
  EXPECT_TRUE(this->b_.open(this->path("f"), kCreate | SQLITE_OPEN_EXCLUSIVE) == SQLITE_CANTOPEN ||
              (this->b_.out_flags() & SQLITE_OPEN_READONLY) != 0);
  EXPECT_EQ(this->b_.open(this->path("g"), kCreate | SQLITE_OPEN_EXCLUSIVE), SQLITE_OK);
  ASSERT_EQ(this->a_.write("abc", 0), SQLITE_OK);
  ASSERT_EQ(this->b_.open(this->path("f"), kCreate), SQLITE_OK) << "create keeps what is there";
  EXPECT_EQ(this->b_.content(), "abc");
  EXPECT_EQ(this->c_.open(this->path("none/f"), kExisting), SQLITE_CANTOPEN);
}

TYPED_TEST_P(VfsContract, AReadOnlyFileRefusesChanges) {
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  ASSERT_EQ(this->a_.write("abc", 0), SQLITE_OK);
  ASSERT_EQ(this->b_.open(this->path("f"), SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB), SQLITE_OK);
  EXPECT_EQ(this->b_.out_flags() & SQLITE_OPEN_READONLY, SQLITE_OPEN_READONLY);
  EXPECT_EQ(this->b_.write("x", 0), SQLITE_IOERR_WRITE);
  EXPECT_EQ(this->b_.truncate(0), SQLITE_IOERR_TRUNCATE);
  EXPECT_EQ(this->b_.content(), "abc");
}

TYPED_TEST_P(VfsContract, DeletingTakesTheNameNotTheOpenFile) {
  EXPECT_EQ(this->remove("f"), SQLITE_IOERR_DELETE_NOENT);
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  ASSERT_EQ(this->a_.write("abc", 0), SQLITE_OK);
  EXPECT_EQ(this->vfs()->xDelete(this->vfs(), this->path("f").c_str(), 1), SQLITE_OK);
  EXPECT_EQ(this->access("f"), 0);
  EXPECT_EQ(this->a_.write("d", 3), SQLITE_OK);
  EXPECT_EQ(this->a_.content(), "abcd");
  ASSERT_EQ(this->b_.open(this->path("f"), kCreate), SQLITE_OK);
  EXPECT_EQ(this->b_.size(), 0) << "another file of the same name";
}

TYPED_TEST_P(VfsContract, AnEmptyFileDoesNotCountAsExisting) {
  EXPECT_EQ(this->access("f"), 0);
  EXPECT_EQ(this->access("f", SQLITE_ACCESS_READWRITE), 0);
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  EXPECT_EQ(this->access("f"), 0);
  EXPECT_EQ(this->access("f", SQLITE_ACCESS_READWRITE), 1);
  ASSERT_EQ(this->a_.write("x", 0), SQLITE_OK);
  EXPECT_EQ(this->access("f"), 1);
  ASSERT_EQ(this->a_.truncate(0), SQLITE_OK);
  EXPECT_EQ(this->access("f"), 0);
}

TYPED_TEST_P(VfsContract, AShortReadFillsWithZeros) {
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  ASSERT_EQ(this->a_.write("abc", 0), SQLITE_OK);
  std::string bytes(6, '?');
  EXPECT_EQ(this->a_.read(bytes, 1), SQLITE_IOERR_SHORT_READ);
  EXPECT_EQ(bytes, std::string("bc\0\0\0\0", 6));
  bytes.assign(4, '?');
  EXPECT_EQ(this->a_.read(bytes, 100), SQLITE_IOERR_SHORT_READ);
  EXPECT_EQ(bytes, std::string(4, '\0'));
  bytes.assign(2, '?');
  EXPECT_EQ(this->a_.read(bytes, 1), SQLITE_OK);
  EXPECT_EQ(bytes, "bc");
}

TYPED_TEST_P(VfsContract, GapsAreZerosAndTruncationCutsAndExtends) {
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  ASSERT_EQ(this->a_.write("tail", 5000), SQLITE_OK);
  EXPECT_EQ(this->a_.size(), 5004);
  EXPECT_EQ(this->a_.content(), std::string(5000, '\0') + "tail");
  ASSERT_EQ(this->a_.truncate(5002), SQLITE_OK);
  EXPECT_EQ(this->a_.content(), std::string(5000, '\0') + "ta");
  ASSERT_EQ(this->a_.truncate(5004), SQLITE_OK);
  EXPECT_EQ(this->a_.content(), std::string(5000, '\0') + std::string("ta\0\0", 4));
  ASSERT_EQ(this->a_.write("over", 4998), SQLITE_OK);
  EXPECT_EQ(this->a_.size(), 5004);
  EXPECT_EQ(this->a_.sync(), SQLITE_OK);
  ASSERT_EQ(this->b_.open(this->path("f"), kExisting), SQLITE_OK);
  EXPECT_EQ(this->b_.content().substr(4996), std::string("\0\0over\0\0", 8));
}

// https://www.sqlite.org/lockingv3.html, section 3.
TYPED_TEST_P(VfsContract, LocksOfTwoHandlesConflict) {
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  ASSERT_EQ(this->b_.open(this->path("f"), kExisting), SQLITE_OK);
  ASSERT_EQ(this->c_.open(this->path("f"), kExisting), SQLITE_OK);
  EXPECT_EQ(this->a_.lock(SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(this->b_.lock(SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(this->b_.reserved(), 0);
  EXPECT_EQ(this->a_.lock(SQLITE_LOCK_RESERVED), SQLITE_OK);
  EXPECT_EQ(this->a_.lock(SQLITE_LOCK_SHARED), SQLITE_OK) << "has more already";
  EXPECT_EQ(this->a_.reserved(), 1);
  EXPECT_EQ(this->b_.reserved(), 1);
  EXPECT_EQ(this->b_.lock(SQLITE_LOCK_RESERVED), SQLITE_BUSY);
  EXPECT_EQ(this->b_.lock(SQLITE_LOCK_EXCLUSIVE), SQLITE_BUSY);
  EXPECT_EQ(this->c_.lock(SQLITE_LOCK_SHARED), SQLITE_OK) << "readers may join a reserved lock";
  EXPECT_EQ(this->c_.unlock(SQLITE_LOCK_NONE), SQLITE_OK);
  EXPECT_EQ(this->a_.lock(SQLITE_LOCK_EXCLUSIVE), SQLITE_BUSY) << "a reader is there";
  EXPECT_EQ(this->c_.lock(SQLITE_LOCK_SHARED), SQLITE_BUSY) << "pending keeps readers out";
  EXPECT_EQ(this->b_.unlock(SQLITE_LOCK_NONE), SQLITE_OK);
  EXPECT_EQ(this->a_.lock(SQLITE_LOCK_EXCLUSIVE), SQLITE_OK);
  EXPECT_EQ(this->b_.lock(SQLITE_LOCK_SHARED), SQLITE_BUSY);
  EXPECT_EQ(this->a_.unlock(SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(this->b_.lock(SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(this->b_.reserved(), 0);
}

TYPED_TEST_P(VfsContract, ClosingReleasesALock) {
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  ASSERT_EQ(this->b_.open(this->path("f"), kExisting), SQLITE_OK);
  ASSERT_EQ(this->a_.lock(SQLITE_LOCK_SHARED), SQLITE_OK);
  ASSERT_EQ(this->a_.lock(SQLITE_LOCK_EXCLUSIVE), SQLITE_OK);
  EXPECT_EQ(this->b_.lock(SQLITE_LOCK_SHARED), SQLITE_BUSY);
  this->a_.close();
  EXPECT_EQ(this->b_.lock(SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(this->b_.lock(SQLITE_LOCK_EXCLUSIVE), SQLITE_OK);
}

TYPED_TEST_P(VfsContract, DeleteOnCloseHidesTheNameAtOnce) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE |
                    SQLITE_OPEN_DELETEONCLOSE | SQLITE_OPEN_TEMP_JOURNAL;
  ASSERT_EQ(this->a_.open(this->path("t"), flags), SQLITE_OK);
  ASSERT_EQ(this->a_.write("temporary", 0), SQLITE_OK);
  EXPECT_EQ(this->a_.content(), "temporary");
  EXPECT_EQ(this->access("t"), 0);
  this->a_.close();
  EXPECT_EQ(this->access("t"), 0);
  const int nameless = (flags & ~SQLITE_OPEN_TEMP_JOURNAL) | SQLITE_OPEN_TEMP_DB;
  ASSERT_EQ(this->a_.open("", nameless), SQLITE_OK);
  ASSERT_EQ(this->b_.open("", nameless), SQLITE_OK);
  ASSERT_EQ(this->a_.write("one", 0), SQLITE_OK);
  EXPECT_EQ(this->b_.size(), 0) << "each its own";
}

TYPED_TEST_P(VfsContract, AFullPathnameStaysAsItIs) {
  std::array<char, 600> out{};
  const std::string path = this->path("f");
  EXPECT_EQ(this->vfs()->xFullPathname(this->vfs(), path.c_str(), 600, out.data()), SQLITE_OK);
  EXPECT_EQ(out.data(), path);
  const int short_of_it = static_cast<int>(path.size());
  EXPECT_EQ(this->vfs()->xFullPathname(this->vfs(), path.c_str(), short_of_it, out.data()),
            SQLITE_CANTOPEN);
}

TYPED_TEST_P(VfsContract, ASectorIsAPowerOfTwo) {
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  const int bytes = this->a_.methods().xSectorSize(this->a_.file());
  EXPECT_TRUE(bytes == 512 || bytes == 4096) << bytes;
}

TYPED_TEST_P(VfsContract, SharedMemoryIsOfOneFile) {
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  ASSERT_EQ(this->b_.open(this->path("f"), kExisting), SQLITE_OK);
  ASSERT_EQ(this->c_.open(this->path("g"), kCreate), SQLITE_OK);
  EXPECT_EQ(this->a_.map(0, false), nullptr);
  char volatile* first = this->a_.map(0, true);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first[100], 0);
  char volatile* second = this->a_.map(1, true);
  ASSERT_NE(second, nullptr);
  first[100] = 'x';
  second[100] = 'y';
  ASSERT_NE(this->b_.map(0, false), nullptr);
  EXPECT_EQ(this->b_.map(0, false)[100], 'x');
  EXPECT_EQ(this->b_.map(1, false)[100], 'y');
  EXPECT_EQ(this->a_.map(0, false), first) << "the address stays";
  EXPECT_EQ(this->c_.map(0, false), nullptr);
  this->a_.unmap(false);
  EXPECT_EQ(this->b_.map(0, false)[100], 'x');
  this->b_.unmap(true);
  EXPECT_EQ(this->a_.map(0, false), nullptr) << "gone with its last user";
  this->c_.unmap(true);
  this->a_.unmap(true);
}

TYPED_TEST_P(VfsContract, SharedMemoryLocks) {
  constexpr int kRelease = SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE;
  ASSERT_EQ(this->a_.open(this->path("f"), kCreate), SQLITE_OK);
  ASSERT_EQ(this->b_.open(this->path("f"), kExisting), SQLITE_OK);
  ASSERT_NE(this->a_.map(0, true), nullptr);
  ASSERT_NE(this->b_.map(0, true), nullptr);
  EXPECT_EQ(this->a_.shm_lock(0, 1, kShmExclusive), SQLITE_OK);
  EXPECT_EQ(this->b_.shm_lock(0, 1, kShmExclusive), SQLITE_BUSY);
  EXPECT_EQ(this->b_.shm_lock(0, 1, kShmShared), SQLITE_BUSY);
  EXPECT_EQ(this->b_.shm_lock(1, 1, kShmShared), SQLITE_OK) << "another lock";
  EXPECT_EQ(this->a_.shm_lock(1, 1, kShmShared), SQLITE_OK);
  EXPECT_EQ(this->a_.shm_lock(1, 2, kShmExclusive), SQLITE_BUSY) << "all or none";
  EXPECT_EQ(this->b_.shm_lock(2, 1, kShmExclusive), SQLITE_OK);
  EXPECT_EQ(this->a_.shm_lock(0, 1, kRelease), SQLITE_OK);
  EXPECT_EQ(this->b_.shm_lock(0, 1, kShmExclusive), SQLITE_OK);
  EXPECT_EQ(this->b_.shm_lock(0, 1, kRelease), SQLITE_OK);
  EXPECT_EQ(this->b_.shm_lock(2, 1, kRelease), SQLITE_OK);
  EXPECT_EQ(this->a_.shm_lock(2, 1, kShmExclusive), SQLITE_OK);
  this->b_.unmap(false);
  this->a_.unmap(true);
}

REGISTER_TYPED_TEST_SUITE_P(VfsContract, OpeningHonoursItsFlags, AReadOnlyFileRefusesChanges,
                            DeletingTakesTheNameNotTheOpenFile, AnEmptyFileDoesNotCountAsExisting,
                            AShortReadFillsWithZeros, GapsAreZerosAndTruncationCutsAndExtends,
                            LocksOfTwoHandlesConflict, ClosingReleasesALock,
                            DeleteOnCloseHidesTheNameAtOnce, AFullPathnameStaysAsItIs,
                            ASectorIsAPowerOfTwo, SharedMemoryIsOfOneFile, SharedMemoryLocks);

}  // namespace vfs_tests
