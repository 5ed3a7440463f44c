#include "properties/linearizability/history.h"

#include <utility>

#include "properties/linearizability/input_error.h"

namespace linearizability {
namespace {

std::string got(const Value* value) {
  return ", got " + (value == nullptr ? "nothing" : to_short_string(*value));
}

}  // namespace

struct HistoryBuilder::Fields {
  std::string type;
  std::int64_t process = 0;
  bool client = true;
  std::string f;
  Value key;
  Value value;
  std::size_t line = 0;
};

std::map<Value, Operations> by_key(Operations operations) {
  std::map<Value, Operations> result;
  for (Operation& operation : operations) {
    result[operation.key].push_back(std::move(operation));
  }
  return result;
}

HistoryBuilder::HistoryBuilder(HistoryOptions options) : options_(std::move(options)) {
  history_.file = options_.file;
}

void HistoryBuilder::fail(std::size_t line, const std::string& field,
                          const std::string& expected) const {
  throw InputError(at_line(options_.file, line) + field + ": expected " + expected);
}

HistoryBuilder::Fields HistoryBuilder::read(Value& event, std::size_t line) const {
  if (!event.is(Value::Kind::map)) {
    throw InputError(at_line(options_.file, line) +
                     "expected an event, a map with type, process, " + "f and value" + got(&event));
  }
  Fields fields;
  fields.line = line;
  const Value* process = event.find("process");
  if (process == nullptr || process->is(Value::Kind::nil)) {
    fail(line, "process", "an integer" + got(process));
  }
  fields.client = process->is(Value::Kind::integer);
  fields.process = process->number;
  const Value* type = event.find("type");
  fields.type = type != nullptr && type->is_name() ? type->text : "";
  if (fields.type != "invoke" && fields.type != "ok" && fields.type != "fail" &&
      fields.type != "info") {
    fail(line, "type", "invoke, ok, fail or info" + got(type));
  }
  if (!fields.client) {
    return fields;
  }
  const Value* f = event.find("f");
  if (f == nullptr || !f->is_name()) {
    fail(line, "f", "the name of an operation" + got(f));
  }
  fields.f = f->text;
  for (const char* name : {"index", "time"}) {
    const Value* number = event.find(name);
    if (number != nullptr && !number->is(Value::Kind::integer)) {
      fail(line, name, "an integer" + got(number));
    }
  }
  if (const Value* key = event.find("key"); key != nullptr) {
    fields.key = *key;
  }
  if (const Value* value = event.find("value"); value != nullptr) {
    fields.value = *value;
  }
  return fields;
}

void HistoryBuilder::split_key(Fields& fields) const {
  const bool completion_without_value =
      fields.type != "invoke" && fields.value.is(Value::Kind::nil);
  if (!options_.key_independent || completion_without_value) {
    return;
  }
  if (!fields.value.is(Value::Kind::list) || fields.value.items.size() != 2) {
    fail(fields.line, "value",
         "a pair [key value], because of --key-independent" + got(&fields.value));
  }
  Value pair = std::move(fields.value);
  fields.key = std::move(pair.items[0]);
  fields.value = std::move(pair.items[1]);
}

void HistoryBuilder::add(Value event, std::size_t line) {
  Fields fields = read(event, line);
  if (const Value* index = event.find("index"); fields.client && index != nullptr) {
    if (index->number <= last_index_) {
      fail(line, "index",
           "more than " + std::to_string(last_index_) + ", that of the event before" + got(index));
    }
    last_index_ = index->number;
  }
  if (!fields.client) {
    return;
  }
  split_key(fields);
  if (fields.type == "invoke") {
    invoke(std::move(fields));
  } else {
    complete(std::move(fields));
  }
  ++events_;
}

void HistoryBuilder::invoke(Fields fields) {
  const auto [open, added] = open_.emplace(fields.process, history_.operations.size());
  if (!added) {
    fail(fields.line, "process",
         "a process without an operation under way; " + std::to_string(fields.process) +
             " invoked one in line " +
             std::to_string(history_.operations[open->second].invoked_line));
  }
  Operation operation;
  operation.process = fields.process;
  operation.f = std::move(fields.f);
  operation.key = std::move(fields.key);
  operation.argument = std::move(fields.value);
  operation.invoked = events_;
  operation.invoked_line = fields.line;
  history_.operations.push_back(std::move(operation));
  dropped_.push_back(false);
}

void HistoryBuilder::complete(Fields fields) {
  const auto open = open_.find(fields.process);
  if (open == open_.end()) {
    fail(fields.line, "type",
         "invoke, because process " + std::to_string(fields.process) +
             " has no operation under way, got " + fields.type);
  }
  const std::size_t index = open->second;
  open_.erase(open);
  Operation& operation = history_.operations[index];
  if (operation.f != fields.f) {
    fail(fields.line, "f",
         operation.f + ", as in line " + std::to_string(operation.invoked_line) + ", got " +
             fields.f);
  }
  if (!fields.key.is(Value::Kind::nil) && fields.key != operation.key) {
    fail(fields.line, "key",
         to_short_string(operation.key) + ", as in line " + std::to_string(operation.invoked_line) +
             got(&fields.key));
  }
  if (fields.type == "ok") {
    operation.returned = events_;
    operation.returned_line = fields.line;
    operation.result = std::move(fields.value);
  } else if (fields.type == "fail") {
    dropped_[index] = true;
  }
}

History HistoryBuilder::finish() {
  Operations kept;
  for (std::size_t i = 0; i < history_.operations.size(); ++i) {
    if (!dropped_[i]) {
      kept.push_back(std::move(history_.operations[i]));
    }
  }
  history_.failed = history_.operations.size() - kept.size();
  history_.operations = std::move(kept);
  return std::move(history_);
}

}  // namespace linearizability
