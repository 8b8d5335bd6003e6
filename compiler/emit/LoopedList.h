// Lists with something of each layer in them: a table's rows, a bucket's tensors.
//
//   [this] {
//     std::vector<const double *> all;
//     all.insert(all.end(), {ln_f_bias_grad_squares_, ln_f_weight_grad_squares_});
//     for (int64_t layer = 11; layer >= 0; --layer)
//       all.insert(all.end(), {h_[layer].ln_1_weight_grad_squares_, …});
//     return all;
//   }()
#ifndef AUTOPAR_COMPILER_EMIT_LOOPEDLIST_H
#define AUTOPAR_COMPILER_EMIT_LOOPEDLIST_H

#include "llvm/ADT/ArrayRef.h"

#include <string>
#include <vector>

namespace autopar::emit {

struct ListItem {
  std::string name; ///< of what stands there, which may have a place in a row of layers
  std::string text; ///< `h_[3].ln_1_weight_`
};

/// The list as an expression where there is a loop in it; else nothing.
std::vector<std::string> loopedList(llvm::StringRef type, llvm::ArrayRef<ListItem> items);

} // namespace autopar::emit

#endif
