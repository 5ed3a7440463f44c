#include "properties/linearizability/check.h"

#include <algorithm>

namespace linearizability {
namespace {

struct Failure {
  const Operations* operations = nullptr;
  const Model* model = nullptr;
  SearchResult result;
};

}  // namespace

CheckReport check(History history, const ModelOptions& model_options,
                  const SearchOptions& options) {
  CheckReport report;
  report.operations = history.operations.size();
  report.failed = history.failed;
  report.unknown = static_cast<std::size_t>(
      std::count_if(history.operations.begin(), history.operations.end(),
                    [](const Operation& operation) { return !operation.known(); }));
  std::map<Value, Operations> objects = by_key(std::move(history.operations));
  if (objects.empty()) {
    make_model(model_options, {}, history.file);  // the options are checked all the same
  }
  report.keys = objects.size();
  // All operations are read before the first search, which may take long.
  std::map<Value, std::unique_ptr<Model>> models;
  for (const auto& [key, operations] : objects) {
    models[key] = make_model(model_options, operations, history.file);
  }
  Failure first;
  for (const auto& [key, operations] : objects) {
    const Model& model = *models[key];
    SearchResult result = search(whole_problem(model, operations), options);
    report.configurations_max = std::max(report.configurations_max, result.configurations_max);
    if (result.verdict == Verdict::undecided) {
      report.undecided.push_back(key);
    } else if (result.verdict == Verdict::not_linearizable) {
      report.not_linearizable.push_back(key);
      if (first.model == nullptr || result.failed_at < first.result.failed_at) {
        first = {&operations, &model, std::move(result)};
      }
    }
  }
  if (first.model != nullptr) {
    report.verdict = Verdict::not_linearizable;
    report.witness = make_witness(*first.model, *first.operations, first.result, options);
  } else if (!report.undecided.empty()) {
    report.verdict = Verdict::undecided;
  }
  return report;
}

}  // namespace linearizability
