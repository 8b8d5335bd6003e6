// The loss, where the graph ends: the mean cross entropy, of a classifier or of a language
// model.
#include "compiler/import/Operations.h"

using namespace mlir;

namespace autopar::pt2 {

/// Of [N, K], or [N, K, T], and labels of the other dimensions.
static LogicalResult crossEntropy(Importer &importer, const Held &scores,
                                  const Arguments &arguments, double smoothing) {
  const Held *target = importer.integers(arguments.tensor("target"));
  if (!target)
    return failure();
  if (arguments.has("weight"))
    return importer.fail("its classes have weights");
  if (arguments.integer("reduction") != 1)
    return importer.fail("it is not the mean over the labels");
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
  if (shape.size() == 2)
    return importer.result(Importer::plainly(importer.make<graph::SoftmaxCrossEntropyOp>(
        "", {}, {logits, labels},
        {importer.attribute("count", count),
         importer.attribute("label_smoothing", smoothing)})));
  if (smoothing != 0)
    return importer.fail("its labels are smoothed; those of single rows can be");
  return importer.result(Importer::plainly(importer.make<graph::LanguageLossOp>(
      "", {}, {logits, labels},
      {importer.attribute("count", count), importer.attribute("valid", classes)})));
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
  int64_t rank = int64_t(scores->shape.size());
  std::optional<int64_t> dim = arguments.integer("dim");
  if (!dim || (*dim < 0 ? *dim + rank : *dim) != 1)
    return importer.fail("it is not over the dimension of the classes, the second");
  Held pending = *scores;
  pending.pending = Held::Pending::LogSoftmax;
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
