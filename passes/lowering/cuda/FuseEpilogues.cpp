// The pass fuse-epilogues: a matrix product and the calls that would read or write its result,
// or a factor of it, once more become one call. See runtime/cuda/FusedMatmul.h for what those
// do.
#include "passes/Passes.h"
#include "passes/lowering/calls/RuntimeCall.h"
#include "passes/lowering/cuda/Fusion.h"
#include "passes/lowering/cuda/Workspace.h"
#include "passes/memory/Lowered.h"
#include "passes/memory/Occupancy.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_FUSEEPILOGUES
#include "passes/Passes.h.inc"

namespace {

using namespace cuda_lowering;
using memory::Occupancy;
using rt::CallOp, rt::Inputs;

/// A matrix product, whichever call it is: c [m, n] = a b, as Matmul has them.
struct Product {
  CallOp call;
  Value a, b;
  int64_t m, n, k;
  bool transposeA = false, transposeB = false;

  Value c() { return call.getResult(0); }
  /// What factors are rounded to: the narrower type of the two.
  Type factors() const {
    Type first = getElementTypeOrSelf(a);
    return first.isF32() ? getElementTypeOrSelf(b) : first;
  }
};

std::optional<Product> productOf(CallOp call) {
  if (!call)
    return std::nullopt;
  auto in = [&](StringRef name) { return call.getInput(name); };
  StringRef callee = call.getCallee();
  if (callee == "Matmul")
    return Product{call,
                   in("a"),
                   in("b"),
                   integer(call, "m"),
                   integer(call, "n"),
                   integer(call, "k"),
                   flag(call, "transposeA"),
                   flag(call, "transposeB")};
  if (!callee.starts_with("Linear"))
    return std::nullopt;
  int64_t batch = integer(call, "batch"), inputs = integer(call, "inputs"),
          outputs = integer(call, "outputs");
  if (callee == "LinearForward")
    return Product{call, in("x"), in("w"), batch, outputs, inputs, false, /*transposeB=*/true};
  if (callee == "LinearInputGrad")
    return Product{call, in("dy"), in("w"), batch, inputs, outputs};
  if (callee == "LinearWeightGrad")
    return Product{call, in("dy"), in("x"), outputs, inputs, batch, /*transposeA=*/true};
  return std::nullopt;
}

/// The call that becomes of a product and of what follows it.
struct Fused {
  Product product;
  StringRef callee;
  Inputs further; ///< beside a and b
  SmallVector<Type> results;

  SmallVector<Value> inputs() const {
    return inOrder(Inputs(further).add("a", product.a).add("b", product.b), callee);
  }
};

DictionaryAttr configOf(const Fused &fused, Builder &builder) {
  const Product &product = fused.product;
  lowering::Config config(builder);
  config.integer("m", product.m).integer("n", product.n).integer("k", product.k);
  if (product.transposeA)
    config.flag("transposeA", true);
  if (product.transposeB)
    config.flag("transposeB", true);
  NamedAttrList fields(config.get());
  for (auto [field, type] : {std::pair<StringRef, Type>("typeA", product.a.getType()),
                             {"typeB", product.b.getType()},
                             {"typeC", fused.results.front()}})
    if (Type element = getElementTypeOrSelf(type); !element.isF32())
      fields.set(field, TypeAttr::get(element));
  if (flag(product.call, "tf32"))
    fields.set("tf32", builder.getBoolAttr(true));
  return fields.getDictionary(builder.getContext());
}

/// Puts the call before `place`, under that one's name. Its first result has the type of
/// `like`'s.
FailureOr<CallOp> makeFused(const Fused &fused, CallOp place, CallOp like) {
  OpBuilder builder(place);
  DictionaryAttr config = configOf(fused, builder);
  const SmallVector<Value> inputs = fused.inputs();
  llvm::Expected<int64_t> workspace =
      workspaceBytes(like, fused.callee, config, TypeRange(inputs));
  if (!workspace)
    return like.emitOpError("is refused by the runtime: ")
           << llvm::toString(workspace.takeError());
  return CallOp::create(builder, like.getLoc(), TypeRange(fused.results),
                        builder.getStringAttr(fused.callee), config, inputs, ValueRange(),
                        Value(), builder.getI64IntegerAttr(*workspace));
}

/// Whether cuBLASLt can read or write another matrix of the result's type beside it.
bool hasRoomBeside(const Product &product, Type result) {
  return product.n % 8 == 0 && getElementTypeOrSelf(result) == product.factors();
}

/// Where the call for `fused` stands: where the product does, if all that it reads is there;
/// else at `last`, unless factors would be held until then that take more than the product
/// does. Null for nowhere.
CallOp placeOf(const Fused &fused, CallOp last, const Occupancy &occupancy) {
  CallOp product = fused.product.call;
  const SmallVector<Value> inputs = fused.inputs();
  hoistVariables(inputs, product);
  if (llvm::all_of(inputs, [&](Value value) { return isThereBefore(value, product); }))
    return product;
  return occupancy.releasedBy(product) <= rt::bytesOf(product.getResult(0).getType())
             ? last
             : CallOp();
}

//===- forward ----------------------------------------------------------------------------===//

/// y = product + bias, then a GELU of that or something that is added to it.
LogicalResult fuseBias(CallOp bias, const Occupancy &occupancy) {
  std::optional<Product> product = productOf(bias.getInput("x").getDefiningOp<CallOp>());
  if (!product || !product->c().hasOneUse() || integer(bias, "rows") != product->m ||
      integer(bias, "channels") != product->n)
    return success();
  Value sum = bias.getResult(0);
  CallOp gelu, add;
  for (Operation *user : sum.getUsers()) {
    auto call = dyn_cast<CallOp>(user);
    // Of several GELUs the first; the others compute it again rather than keep it.
    if (call && call.getCallee() == "Gelu" && flag(call, "tanh")) {
      if (!gelu || call->isBeforeInBlock(gelu))
        gelu = call;
    } else if (call && call.getCallee() == "Add" && sum.hasOneUse())
      add = call;
  }
  const bool keeps = !sum.hasOneUse();
  if (gelu && keeps && !hasRoomBeside(*product, sum.getType()))
    gelu = {};

  Fused fused{*product, "MatmulBias", {{"bias", bias.getInput("bias")}}, {}};
  CallOp last = bias;
  if (gelu) {
    fused.callee = keeps ? "MatmulBiasGeluAux" : "MatmulBiasGelu";
    last = gelu;
  } else if (add) {
    fused.further.add("added", add.getInput(add.getInput("a") == sum ? "b" : "a"));
    last = add;
  }
  fused.results.push_back(last.getResult(0).getType());
  if (gelu && keeps)
    fused.results.push_back(sum.getType());
  CallOp place = placeOf(fused, gelu ? bias : last, occupancy);
  if (!place)
    return success();
  FailureOr<CallOp> call = makeFused(fused, place, last);
  if (failed(call))
    return failure();
  last.getResult(0).replaceAllUsesWith(call->getOutput("c"));
  if (last != bias)
    last.erase();
  if (gelu && keeps)
    sum.replaceAllUsesWith(call->getOutput("before"));
  bias.erase();
  product->call.erase();
  return success();
}

//===- backward ---------------------------------------------------------------------------===//

LogicalResult fuseGeluGrad(CallOp grad, const Occupancy &occupancy) {
  std::optional<Product> product = productOf(grad.getInput("dy").getDefiningOp<CallOp>());
  if (!product || !product->c().hasOneUse() || !flag(grad, "tanh") ||
      !hasRoomBeside(*product, grad.getResult(0).getType()) ||
      product->m * product->n != integer(grad, "count"))
    return success();
  const Fused fused{*product,
                    "MatmulGeluGrad",
                    {{"before", grad.getInput("x")}},
                    {grad.getResult(0).getType()}};
  CallOp place = placeOf(fused, grad, occupancy);
  if (!place)
    return success();
  FailureOr<CallOp> call = makeFused(fused, place, grad);
  if (failed(call))
    return failure();
  grad.getResult(0).replaceAllUsesWith(call->getResult(0));
  grad.erase();
  product->call.erase();
  return success();
}

/// The later of two calls, where what the earlier makes is not read before it and, if that is
/// the product, no factors would be held that take more than it does; else the earlier, where
/// all that the later reads is there.
CallOp placeOfBoth(CallOp biasGrad, CallOp product, const Occupancy &occupancy) {
  const bool waits = product->isBeforeInBlock(biasGrad);
  CallOp first = waits ? product : biasGrad, second = waits ? biasGrad : product;
  const bool holdsMore =
      waits && occupancy.releasedBy(product) > rt::bytesOf(product.getResult(0).getType());
  if (!isReadBefore(first.getResult(0), second) && !holdsMore)
    return second;
  bool early = llvm::all_of(second.getInputs(),
                            [&](Value input) { return isThereBefore(input, first); });
  return early ? first : CallOp();
}

/// The gradient of a bias beside that of the weights: both sum over the rows of one matrix.
LogicalResult fuseBiasGrad(CallOp biasGrad, const Occupancy &occupancy) {
  Value dy = biasGrad.getInput("dy");
  const int64_t rows = integer(biasGrad, "rows"), channels = integer(biasGrad, "channels");
  SmallVector<Operation *> readers(dy.getUsers());
  llvm::sort(readers, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  for (Operation *user : readers) {
    std::optional<Product> product = productOf(dyn_cast<CallOp>(user));
    if (!product || product->k != rows || !getElementTypeOrSelf(product->c()).isF32())
      continue;
    StringRef callee;
    if (product->a == dy && product->transposeA && product->m == channels)
      callee = "MatmulSumA";
    else if (product->b == dy && !product->transposeB && product->n == channels)
      callee = "MatmulSumB";
    CallOp place = callee.empty() ? CallOp() : placeOfBoth(biasGrad, product->call, occupancy);
    if (!place)
      continue;
    FailureOr<CallOp> call = makeFused(
        {*product, callee, {}, {product->c().getType(), biasGrad.getResult(0).getType()}},
        place, product->call);
    if (failed(call))
      return failure();
    product->c().replaceAllUsesWith(call->getOutput("c"));
    biasGrad.getOutput("db").replaceAllUsesWith(call->getOutput("sum"));
    product->call.erase();
    biasGrad.erase();
    return success();
  }
  return success();
}

//===- sums -------------------------------------------------------------------------------===//

/// total + product, as gradients of micro-batches are added up: the product starts from the
/// total. So does the gradient of a layer normalization from that of the residual beside it.
LogicalResult fuseAdd(CallOp add, const Occupancy &) {
  const Value a = add.getInput("a"), b = add.getInput("b");
  for (auto [value, added] : {std::pair(a, b), {b, a}}) {
    auto call = value.getDefiningOp<CallOp>();
    if (!call || !value.hasOneUse() || added.getType() != value.getType() ||
        value != call.getResult(0))
      continue;
    std::optional<Product> product = productOf(call);
    const bool isSum = // one that does not start from something already
        call.getCallee().starts_with("MatmulSum") && !call.getInput("added");
    const bool isNorm = call.getCallee() == "LayerNormGradInput";
    if (!product && !isSum && !isNorm)
      continue;
    hoistVariables(added, call);
    if (!isThereBefore(added, call))
      continue;
    if (isSum || isNorm) {
      if (isNorm)
        call.setCallee("LayerNormGradInputAdd");
      call.getInputsMutable().append(added);
      add.getResult(0).replaceAllUsesWith(call.getResult(0));
      add.erase();
      return success();
    }
    FailureOr<CallOp> fused =
        makeFused({*product, "MatmulAdd", {{"added", added}}, {value.getType()}}, call, add);
    if (failed(fused))
      return failure();
    add.getResult(0).replaceAllUsesWith(fused->getResult(0));
    add.erase();
    call.erase();
    return success();
  }
  return success();
}

struct FuseEpilogues : impl::FuseEpiloguesBase<FuseEpilogues> {
  void runOnOperation() override {
    if (failed(memory::verifyLowered(getOperation())))
      return signalPassFailure();
    FailureOr<Occupancy> occupancy = Occupancy::of(getOperation());
    if (failed(occupancy) || failed(forEachCall("BiasAdd", fuseBias, *occupancy)) ||
        failed(forEachCall("GeluGrad", fuseGeluGrad, *occupancy)) ||
        failed(forEachCall("BiasGrad", fuseBiasGrad, *occupancy)) ||
        failed(forEachCall("Add", fuseAdd, *occupancy)))
      signalPassFailure();
  }

private:
  using Fuse = LogicalResult (*)(CallOp, const Occupancy &);

  LogicalResult forEachCall(StringRef callee, Fuse fuse, const Occupancy &occupancy) {
    SmallVector<CallOp> calls;
    getOperation().walk([&](CallOp call) {
      if (call.getCallee() == callee)
        calls.push_back(call);
    });
    return failure(
        llvm::any_of(calls, [&](CallOp call) { return failed(fuse(call, occupancy)); }));
  }
};

} // namespace
} // namespace autopar
