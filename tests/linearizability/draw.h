// Small histories of random operations with random answers: as likely wrong as right.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "properties/linearizability/model.h"

namespace linearizability_test {

// One operation, from small numbers that RapidCheck can make smaller.
struct Draw {
  int f = 0;  // which operation
  int a = 0;  // arguments and answer
  int b = 0;
  int answer = 0;
  int begin = 0;   // when it is invoked, among the others
  int length = 0;  // how long it takes
  bool unknown = false;
};

// What the draws mean to the model. Each operation has a process of its own.
linearizability::Operations operations_of(linearizability::ModelKind kind,
                                          const std::vector<Draw>& draws);
linearizability::ModelOptions options_of(linearizability::ModelKind kind, bool allow_negative);

std::string to_string(const linearizability::Operations& operations);

}  // namespace linearizability_test
