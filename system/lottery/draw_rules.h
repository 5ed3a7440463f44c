// Opening a draw and changing one that is on sale. What closing does to purchases is
// in saga.h.
#pragma once

#include "system/lottery/books.h"
#include "system/lottery/draws.h"
#include "system/lottery/log_point.h"
#include "system/lottery/messages.h"

namespace lottery {

class DrawRules {
 public:
  DrawRules(Books& books, Draws& draws) : books_(books), draws_(draws) {}

  Reply open(const OpenDraw& command);
  Reply amend(const AmendDraw& command, const LogPoint& at);

 private:
  DrawView view(const Draw& draw);

  Books& books_;
  Draws& draws_;
};

}  // namespace lottery
