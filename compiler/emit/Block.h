// Layers that are alike, as a struct of the emitted program: its members are one layer's
// buffers and calls, its functions the turns of loops over the layers.
//
//   struct HBlock : Frame {
//     float *const ln_1_ = arena.at<float>(3748632640 + 125829120 * layer, {8, 1024, 768});
//     const cpu::LayerNorm layerNorm_ln_1_{.rows = 8192, .channels = 768, .epsilon = 1.0e-05};
//     void forward();
//   };
#ifndef AUTOPAR_COMPILER_EMIT_BLOCK_H
#define AUTOPAR_COMPILER_EMIT_BLOCK_H

#include "compiler/emit/Identifiers.h"
#include "compiler/emit/Likeness.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <map>
#include <string>
#include <vector>

namespace autopar::emit {

class Block {
public:
  /// One function of the struct.
  struct Part {
    std::string name; ///< `forward`
    Repeat repeat;
  };
  /// A buffer of each layer, in their order.
  struct Member {
    std::vector<rt::SliceOp> slices;
    std::string identifier; ///< empty where all are one, which lies outside
    bool liesOutside() const { return identifier.empty(); }
  };
  /// What the program calls things.
  struct Naming {
    const ValueNames &values;
    /// Of several slices for one variable the first.
    llvm::function_ref<rt::SliceOp(mlir::Value)> slice;
    llvm::function_ref<std::string(rt::CallOp)> callClass;
  };

  Block(std::string row, int64_t lowest, int64_t highest, std::string type, std::string array)
      : row(std::move(row)), lowest(lowest), highest(highest), type(std::move(type)),
        array(std::move(array)) {}

  bool isOver(const Repeat &repeat) const {
    return repeat.row == row && repeat.lowest() == lowest && repeat.highest() == highest;
  }
  /// Takes a repeat over its layers.
  void add(const Repeat &repeat, llvm::ArrayRef<mlir::Operation *> operations,
           const Naming &naming);

  /// Takes a buffer of each layer.
  void add(const std::vector<rt::SliceOp> &slices, const Naming &naming) {
    addMember(slices, naming);
  }

  /// What comes of a place in the turns, layer by layer.
  template <typename Op>
  std::vector<Op> ofLayers(const Repeat &repeat, llvm::ArrayRef<mlir::Operation *> operations,
                           unsigned place) const {
    std::vector<Op> all;
    for (int64_t layer = lowest; layer <= highest; ++layer)
      all.push_back(llvm::cast<Op>(operations[repeat.numberOf(layer, place)]));
    return all;
  }
  /// The one that stands for all: in the middle, where it has neighbours on both sides.
  template <typename Op> static Op oneOf(const std::vector<Op> &ofLayers) {
    return ofLayers[ofLayers.size() / 2];
  }
  int64_t middle() const { return lowest + (highest - lowest + 1) / 2; }

  /// `h_[3]`
  std::string element(int64_t layer) const {
    return array + "[" + std::to_string(layer) + "]";
  }
  /// As code outside writes it, `h_[3].ln_1_`, where it is one layer's own.
  std::string buffer(rt::SliceOp slice) const { return buffers.lookup(slice); }
  std::string object(rt::CallOp call) const { return objects.lookup(call); }
  /// `layerNorm_ln_1_`
  std::string identifierOf(rt::CallOp call) const { return identifiers.lookup(call); }
  int64_t layerOf(rt::CallOp call) const { return layers.at(call); }
  /// The buffers that an operand of the call is, of the one that stands for all.
  const Member &memberOf(rt::CallOp call, mlir::Value operand) const {
    return all[operands.at(call).at(operand)];
  }

  const std::string row;
  const int64_t lowest, highest;
  const std::string type, array; ///< `HBlock`, `h_`
  std::vector<Part> parts;
  llvm::ArrayRef<Member> members() const { return all; }

private:
  unsigned addMember(const std::vector<rt::SliceOp> &slices, const Naming &naming);
  /// A name as seen from a layer: `ln_1` of its own, `add_1.before` of the one before it.
  std::string seenFrom(int64_t layer, llvm::StringRef name) const;

  Identifiers names, partNames;
  std::vector<Member> all;
  std::map<std::vector<mlir::Operation *>, unsigned> numbers;
  llvm::DenseMap<mlir::Operation *, std::string> buffers, objects, identifiers;
  llvm::DenseMap<mlir::Operation *, int64_t> layers;
  llvm::DenseMap<mlir::Operation *, llvm::DenseMap<mlir::Value, unsigned>> operands;
};

} // namespace autopar::emit

#endif
