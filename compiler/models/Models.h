// The common networks as MLIR modules, written out by autopar-model. A family of networks is
// one file that exports a Family; Models.cpp lists them.
#ifndef AUTOPAR_COMPILER_MODELS_MODELS_H
#define AUTOPAR_COMPILER_MODELS_MODELS_H

#include "dialects/dist/Limits.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <optional>
#include <vector>

namespace autopar::models {

/// What can be said about a model; a family reads what concerns it.
struct Options {
  /// Samples in one step, over all ranks; 256 images or 8 sequences where not given.
  std::optional<int64_t> batch;
  /// Height and width of the images, and how many classes there are; where not given, the
  /// data set's: 224 and 1000 for ImageNet, 32 and 10 for CIFAR.
  std::optional<int64_t> image, classes;
  bool cifar = false; ///< A stem for small images.
  double labelSmoothing = 0;

  int64_t sequence = 1024;  ///< Tokens in one sample.
  int64_t positions = 1024; ///< Rows of the position table; the sequence takes the first ones.
  int64_t vocabulary = 50257;
  int64_t paddedVocabulary = 128; ///< The vocabulary is padded to a multiple of this.
  std::optional<int64_t> layers, width, heads; ///< The model's own where not given.
  double dropout = 0;

  /// Where not given, those of the family: SGD with 0.1 and 1e-4, AdamW with 3e-4 and 0.1.
  std::optional<double> learningRate, weightDecay;
  double momentum = 0.9;                            ///< Of SGD.
  bool nesterov = false;                            ///< Of SGD.
  double beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8; ///< Of AdamW.
  double clip = 1;                                  ///< Of AdamW: the gradients' norm at most.
};

struct Family {
  std::vector<llvm::StringRef> names;
  mlir::OwningOpRef<mlir::ModuleOp> (*build)(mlir::MLIRContext &context, llvm::StringRef name,
                                             const Options &options);
};

/// The names of all models, in the order of the families.
std::vector<llvm::StringRef> modelNames();

/// The model's forward pass with its loss. Null, after a diagnostic at an unknown location that
/// names the value at fault and what would do, for a name or a number that makes no model.
mlir::OwningOpRef<mlir::ModuleOp> buildModel(mlir::MLIRContext &context, llvm::StringRef name,
                                             const Options &options);

/// Prints so that the text parses back to the same module, locations included:
///
///   %layer1.0.conv1 = graph.conv2d %maxpool, %layer1.0.conv1.weight … loc("layer1.0.conv1")
void printModel(mlir::ModuleOp module, llvm::raw_ostream &os);

/// The optimizer attributes; null, after a diagnostic, where their numbers are out of range.
mlir::Attribute sgd(mlir::MLIRContext &context, const Options &options);
mlir::Attribute adamW(mlir::MLIRContext &context, const Options &options);

/// Fails with a diagnostic unless `value`, an option called `what`, is from 1 to `most`.
llvm::LogicalResult requireSize(mlir::MLIRContext &context, llvm::StringRef what, int64_t value,
                                int64_t most = limits::size);

} // namespace autopar::models

#endif
