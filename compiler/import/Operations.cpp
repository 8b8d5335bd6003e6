// See Operations.h.
#include "compiler/import/Operations.h"

#include "compiler/import/folds/Folds.h"

namespace autopar::pt2 {

std::vector<const OperationForm *> allOperations() {
  std::vector<const OperationForm *> all;
  for (llvm::ArrayRef<OperationForm> family :
       {elementwiseOperations(), imageOperations(), normOperations(), productOperations(),
        attentionOperations(), choiceOperations(), shapeOperations(), lossOperations(),
        distanceOperations(), compositeOperations(),
        lookupOperations(), randomOperations(), reductionOperations()})
    for (const OperationForm &form : family)
      all.push_back(&form);
  llvm::sort(all, [](auto *a, auto *b) { return a->target < b->target; });
  return all;
}

std::vector<const FoldForm *> allFolds() {
  std::vector<const FoldForm *> all;
  for (llvm::ArrayRef<FoldForm> family :
       {madeFolds(), elementwiseFolds(), shapeFolds(), reductionFolds()})
    for (const FoldForm &form : family)
      all.push_back(&form);
  llvm::sort(all, [](auto *a, auto *b) { return a->target < b->target; });
  return all;
}

template <typename Form>
static const Form *find(llvm::ArrayRef<const Form *> all, llvm::StringRef target) {
  auto found = llvm::partition_point(all, [&](auto *form) { return form->target < target; });
  return found != all.end() && (*found)->target == target ? *found : nullptr;
}

const OperationForm *findOperation(llvm::StringRef target) {
  static const std::vector<const OperationForm *> all = allOperations();
  return find<OperationForm>(all, target);
}

const FoldForm *findFold(llvm::StringRef target) {
  static const std::vector<const FoldForm *> all = allFolds();
  return find<FoldForm>(all, target);
}

bool isInPlace(const Node &node) {
  llvm::StringRef name = llvm::StringRef(node.target).split('.').second.split('.').first;
  return name.ends_with("_") && !name.ends_with("__");
}

} // namespace autopar::pt2
