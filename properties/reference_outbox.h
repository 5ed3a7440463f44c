// The outbox by the rules: everything that had to be told, in order.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "properties/table_rows.h"
#include "system/lottery/messages.h"

namespace properties {

class ReferenceOutbox {
 public:
  void tell(std::string topic, std::string kind, std::string payload);
  lottery::Reply run(const lottery::AckOutbox& command);

  std::int64_t told() const { return static_cast<std::int64_t>(rows_.size()); }
  const std::map<std::string, std::int64_t>& consumers() const { return consumers_; }
  TableRows rows() const;
  TableRows consumer_rows() const;

 private:
  std::vector<TableRow> rows_;
  std::map<std::string, std::int64_t> consumers_;
};

}  // namespace properties
