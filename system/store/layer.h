// A file between SQLite and a file of the VFS below, which follows it in the same allocation.
// What a layer does not do itself it hands down.
#pragma once

#include <sqlite3.h>

#include <new>

namespace store {

// `State` begins with an `sqlite3_file` and is what the layer keeps per file.
template <class State>
struct Layer {
  static_assert(alignof(State) <= 8 && sizeof(State) % 8 == 0, "SQLite aligns to 8 bytes");

  static State& self(sqlite3_file* file) { return *reinterpret_cast<State*>(file); }
  static sqlite3_file* below(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<State*>(file) + 1);
  }
  static const sqlite3_io_methods& methods(sqlite3_file* file) { return *below(file)->pMethods; }

  // Version 1 is without shared memory, version 3 would bring memory-mapped I/O.
  static constexpr sqlite3_io_methods hand_down(int version) {
    sqlite3_io_methods made{};
    made.iVersion = version;
    made.xClose = close;
    made.xRead = read;
    made.xWrite = write;
    made.xTruncate = truncate;
    made.xSync = sync;
    made.xFileSize = size;
    made.xLock = lock;
    made.xUnlock = unlock;
    made.xCheckReservedLock = check_reserved;
    made.xFileControl = control;
    made.xSectorSize = sector_size;
    made.xDeviceCharacteristics = characteristics;
    made.xShmMap = shm_map;
    made.xShmLock = shm_lock;
    made.xShmBarrier = shm_barrier;
    made.xShmUnmap = shm_unmap;
    return made;
  }

 private:
  static int close(sqlite3_file* file) noexcept {
    const int code = methods(file).xClose(below(file));
    file->pMethods = nullptr;
    return code;
  }
  static int read(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) noexcept {
    return methods(file).xRead(below(file), into, count, offset);
  }
  static int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) noexcept {
    return methods(file).xWrite(below(file), from, count, offset);
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) noexcept {
    return methods(file).xTruncate(below(file), size);
  }
  static int sync(sqlite3_file* file, int flags) noexcept {
    return methods(file).xSync(below(file), flags);
  }
  static int size(sqlite3_file* file, sqlite3_int64* size) noexcept {
    return methods(file).xFileSize(below(file), size);
  }
  static int lock(sqlite3_file* file, int level) noexcept {
    return methods(file).xLock(below(file), level);
  }
  static int unlock(sqlite3_file* file, int level) noexcept {
    return methods(file).xUnlock(below(file), level);
  }
  static int check_reserved(sqlite3_file* file, int* answer) noexcept {
    return methods(file).xCheckReservedLock(below(file), answer);
  }
  static int control(sqlite3_file* file, int operation, void* argument) noexcept {
    return methods(file).xFileControl(below(file), operation, argument);
  }
  static int sector_size(sqlite3_file* file) noexcept {
    return methods(file).xSectorSize(below(file));
  }
  static int characteristics(sqlite3_file* file) noexcept {
    return methods(file).xDeviceCharacteristics(below(file));
  }
  static int shm_map(sqlite3_file* file, int region, int bytes, int extend,
                     void volatile** address) noexcept {
    return methods(file).xShmMap(below(file), region, bytes, extend, address);
  }
  static int shm_lock(sqlite3_file* file, int first, int count, int flags) noexcept {
    return methods(file).xShmLock(below(file), first, count, flags);
  }
  static void shm_barrier(sqlite3_file* file) noexcept { methods(file).xShmBarrier(below(file)); }
  static int shm_unmap(sqlite3_file* file, int remove) noexcept {
    return methods(file).xShmUnmap(below(file), remove);
  }
};

// xOpen of a file of that layer. `kMethods[0]` has version 1, `kMethods[1]` version 2.
template <class State>
int open_layer(sqlite3_vfs& base, const char* path, sqlite3_file* into, int flags, int* out_flags,
               const sqlite3_io_methods (&layer_methods)[2]) {
  new (into) State{};
  sqlite3_file* file = Layer<State>::below(into);
  file->pMethods = nullptr;
  const int code = base.xOpen(&base, path, file, flags, out_flags);
  if (file->pMethods == nullptr) {
    return code;
  }
  into->pMethods = &layer_methods[file->pMethods->iVersion >= 2 ? 1 : 0];
  return code;  // after a failure SQLite closes what has methods
}

}  // namespace store
