#include "properties/linearizability/model.h"

#include "properties/linearizability/bank_model.h"
#include "properties/linearizability/lock_model.h"
#include "properties/linearizability/register_model.h"
#include "properties/linearizability/stock_model.h"

namespace linearizability {

std::unique_ptr<Model> make_model(const ModelOptions& options, const Operations& operations,
                                  const std::string& file) {
  switch (options.kind) {
    case ModelKind::register_:
      return std::make_unique<RegisterModel>(options, operations, file);
    case ModelKind::stock:
      return make_stock_model(options, operations, file);
    case ModelKind::lock:
      return std::make_unique<LockModel>(options, operations, file);
    case ModelKind::bank:
      return make_bank_model(options, operations, file);
  }
  return nullptr;
}

}  // namespace linearizability
