// Losses, as PyTorch has them: cross entropies, of classifiers and of language models, and what
// compares two values element by element.
#include "compiler/import/Operations.h"

using namespace mlir;

namespace autopar::pt2 {

namespace {
enum class Reduction { None = 0, Mean = 1, Sum = 2 }; ///< by PyTorch's numbers
} // namespace

static std::optional<Reduction> reductionOf(Importer &importer, const Arguments &arguments) {
  std::optional<int64_t> number = arguments.integer("reduction");
  if (!number || *number < 0 || *number > 2)
    return (void)importer.fail("its reduction is of no kind that is known"), std::nullopt;
  return Reduction(*number);
}

//===- cross entropy ----------------------------------------------------------------------===//

/// The sum over labels that are not left out: of rows, or of positions of a vocabulary.
static Value crossEntropySum(Importer &importer, const Twine &suffix, Value logits,
                             Value labels, double smoothing) {
  ArrayRef<int64_t> shape = graph::shapeOf(logits);
  NamedAttribute count = importer.attribute("count", int64_t(1));
  // Smoothing is over all classes of a row, wherever rows stand.
  if (smoothing != 0 || shape.size() == 2) {
    int64_t rows = graph::typeOf(labels).getNumElements();
    return importer.make<graph::SoftmaxCrossEntropyOp>(
        suffix, {},
        {importer.reshaped(logits, {rows, shape.back()}), importer.reshaped(labels, rows)},
        {count, importer.attribute("label_smoothing", smoothing)});
  }
  return importer.make<graph::LanguageLossOp>(
      suffix, {}, {logits, labels}, {count, importer.attribute("valid", shape.back())});
}

/// Of [N, K], or [N, K, …], and labels of the other dimensions. The mean is over those that are
/// not left out, however many a batch has.
static LogicalResult crossEntropy(Importer &importer, const Held &scores,
                                  const Arguments &arguments, double smoothing) {
  const Held *target = importer.integers(arguments.tensor("target"));
  std::optional<Reduction> reduction = reductionOf(importer, arguments);
  if (!target || !reduction)
    return failure();
  if (arguments.has("weight"))
    return importer.fail("its classes have weights");
  if (*reduction == Reduction::None)
    return importer.fail("it is of each label; their mean or their sum is read");
  if (arguments.integer("ignore_index").value_or(0) >= 0)
    return importer.fail("it leaves out a class: an ignore_index of 0 or above");
  size_t rank = scores.shape.size();
  if (rank < 2)
    return importer.fail("its scores are of no class");
  SmallVector<int> dims = {0};
  for (size_t dim = 2; dim < rank; ++dim)
    dims.push_back(int(dim));
  dims.push_back(1);
  Value rows = importer.arranged(scores, dims);
  if (!rows)
    return failure();
  Value labels = target->value;
  SmallVector<int64_t> shape(graph::shapeOf(labels));
  int64_t count = graph::typeOf(labels).getNumElements(), classes = scores.shape[1];
  if (graph::typeOf(rows).getNumElements() != count * classes)
    return importer.fail("it has " + Twine(count) + " labels for other scores");
  shape.push_back(classes);
  Value logits = importer.reshaped(rows, shape);
  bool isMean = *reduction == Reduction::Mean;
  Value sum =
      crossEntropySum(importer, isMean ? ".sum" : "", logits, labels, smoothing);
  if (!isMean)
    return importer.result(Importer::plainly(sum));
  Value kept = importer.make<graph::CountKeptOp>(".kept", {}, labels);
  return importer.result(
      Importer::plainly(importer.make<graph::DivOp>(".mean", {}, {sum, kept})));
}

static LogicalResult crossEntropyLoss(Importer &importer, const Arguments &arguments) {
  const Held *scores = importer.real(arguments.tensor("self"));
  std::optional<double> smoothing = arguments.number("label_smoothing");
  return scores && smoothing ? crossEntropy(importer, *scores, arguments, *smoothing)
                             : failure();
}

static LogicalResult logSoftmax(Importer &importer, const Arguments &arguments) {
  const Held *scores = importer.real(arguments.tensor("self"));
  if (!scores)
    return failure();
  std::optional<int> dim = importer.dimension(arguments.integer("dim"), *scores);
  if (!dim)
    return failure();
  if (*dim != 1)
    return importer.result(logSoftmaxOver(importer, *scores, *dim));
  // Of classes: a loss that reads it computes both in one.
  Held pending = *scores;
  pending.pending = Held::Pending::LogSoftmax;
  pending.finish = [](Importer &importer, const Held &x) {
    return logSoftmaxOver(importer, x, 1);
  };
  return importer.result(pending);
}

static LogicalResult nllLoss(Importer &importer, const Arguments &arguments) {
  const Held *scores = importer.unfinished(arguments.tensor("self"));
  if (!scores)
    return failure();
  if (scores->pending != Held::Pending::LogSoftmax)
    return importer.fail("its scores are no log_softmax");
  return crossEntropy(importer, *scores, arguments, /*smoothing=*/0);
}

static constexpr OperationForm lossForms[] = {
    {"aten.cross_entropy_loss.default",
     "self target weight=null reduction=1 ignore_index=-100 label_smoothing=0.0",
     crossEntropyLoss},
    {"aten.log_softmax.int", "self dim dtype=null", logSoftmax},
    {"aten.nll_loss_nd.default", "self target weight=null reduction=1 ignore_index=-100",
     nllLoss},
    {"aten.nll_loss.default", "self target weight=null reduction=1 ignore_index=-100", nllLoss},
};

ArrayRef<OperationForm> lossOperations() { return lossForms; }

} // namespace autopar::pt2
