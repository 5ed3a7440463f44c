// A whole database as bytes: its file, page by page, each with its checksum
// (page_checksum.h). What only tells of the database's past (change counter, schema cookie,
// what is left in free pages) has fixed values there, so equal pages give equal bytes. Unequal
// bytes may still be equal content: rows lie in other pages, other pages are free. content_hash.h
// compares content.
//
// Database::serialize and Database::replace_with are the doors.
#pragma once

#include <sqlite3.h>

#include <string>
#include <string_view>

namespace store {

// Takes time and memory (three copies) in proportion to the database.
// REQUIRES: the connection is in no transaction. Errors: store::Error.
std::string take_snapshot(sqlite3* handle);

// One transaction: a crash at any moment leaves the old or the new content.
// REQUIRES: no transaction and no statement in use.
// Errors: store::Error, SQLITE_NOTADB or SQLITE_CORRUPT for bytes that are no snapshot. The
// database is as it was, except after a failed sync: then that or the new content is found
// when it is opened the next time.
void restore_snapshot(sqlite3* handle, std::string_view bytes);

// Gives the header its fixed values and each page its checksum.
// REQUIRES: whole pages, at least one.
void seal_snapshot(std::string& bytes);

}  // namespace store
