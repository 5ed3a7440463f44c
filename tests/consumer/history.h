// The server's memory: all messages in their order, in a SQLite database. A message is
// on disk when append() returns; one said twice is kept once.
//
// Three compile definitions break it on purpose, for the test that wants to see it noticed:
// CHAT_BUG_KEEPS_REPEATS, CHAT_BUG_TRUSTS_THE_CACHE and CHAT_BUG_TRUSTS_THE_FOLDER.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "message.h"

namespace chat {

class History {
 public:
  // `vfs` names the SQLite VFS, null is the default. Throws std::runtime_error when the
  // database cannot be used, and so does append().
  History(const std::string& path, const char* vfs);

  const std::vector<Message>& messages() const { return messages_; }
  // How many messages came again.
  std::uint64_t repeats() const { return repeats_; }

  // Returns the message's number.
  std::uint64_t append(const std::string& id, const std::string& text);

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  void execute(const char* sql);
  Statement prepare(const char* sql);
  void check(int code, const char* what);
  void load();
  void remember(Message message);

  std::unique_ptr<sqlite3, CloseDatabase> database_;
  Statement insert_;
  std::vector<Message> messages_;
  std::map<std::string, std::uint64_t> numbers_;
  std::uint64_t repeats_ = 0;
};

}  // namespace chat
