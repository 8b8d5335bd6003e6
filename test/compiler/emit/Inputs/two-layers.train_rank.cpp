// The training program of mlp, one rank of 4, written by autopar. Build and run it with
//
//   cmake -S . -B build && cmake --build build -j
//   mpirun -n 4 build/train_rank --help
//
// mesh     4
// time     0.000132 s a step predicted: 0.000126 s compute, 1.72e-05 s communication, 1.15e-05 s of it beside computation
// memory   33689860 bytes in one arena; most is in use in step() at fc1.weight.grad:
//               0.04 MB  parameter
//               0.04 MB  slot
//               0.00 MB  input
//               0.02 MB  activation
//               0.03 MB  gradient
//               0.01 MB  communication
//              33.55 MB  workspace

#include "autopar/core/Program.h"
#include "autopar/cuda/Collectives.h"
#include "autopar/cuda/Elementwise.h"
#include "autopar/cuda/FusedMatmul.h"
#include "autopar/cuda/Linear.h"
#include "autopar/cuda/Loss.h"
#include "autopar/cuda/NarrowTypes.h"
#include "autopar/cuda/Sgd.h"
#include "autopar/cuda/StepRunner.h"
#include "autopar/cuda/Target.h"

using namespace autopar;

namespace {

// Values that stay from one step to the next.
struct Variables {
  Rank &rank;
  Arena &arena;
  Timeline &timeline = arena.memory().timeline();
  const cuda::Context &context = cuda::Equipment::of(arena).context;
  cuda::Network &network = cuda::Equipment::of(arena).network;
  float *const fc1_weight = arena.at<float>(0, {128, 64});              // parameter
  float *const fc1_bias = arena.at<float>(32768, {128});                // parameter
  float *const fc2_weight = arena.at<float>(33280, {10, 128});          // parameter
  float *const fc2_bias = arena.at<float>(38400, {10});                 // parameter
  float *const fc2_bias_momentum = arena.at<float>(38656, {10});        // slot
  float *const fc2_weight_momentum = arena.at<float>(38912, {10, 128}); // slot
  float *const fc1_bias_momentum = arena.at<float>(44032, {128});       // slot
  float *const fc1_weight_momentum = arena.at<float>(44544, {128, 64}); // slot
};

// One step of training: forward, backward, update.
struct Step : Variables {
  float *const images = arena.at<float>(77312, {16, 8, 8, 1});                     // input, until cast_images_cast
  int32_t *const labels = arena.at<int32_t>(33655296, {64});                       // input, until softmaxCrossEntropyGrad_fc2_grad
  float *const learning_rate = arena.at<float>(33689600, {});                      // input, until sgdAll_parameters_update_2
  cuda::bf16 *const images_cast = arena.at<cuda::bf16>(33655808, {16, 8, 8, 1});   // activation, until allGather_flatten_all_gather
  cuda::bf16 *const fc1 = arena.at<cuda::bf16>(33650688, {16, 128});               // activation, then relu in its place
  cuda::bf16 *const relu = arena.at<cuda::bf16>(33650688, {16, 128});              // activation, until allGather_relu_all_gather
  cuda::bf16 *const fc2 = arena.at<cuda::bf16>(33654784, {16, 10});                // activation, until allGather_fc2_all_gather
  cuda::bf16 *const fc2_all_gather = arena.at<cuda::bf16>(33657856, {64, 10});     // communication, then fc2_grad in its place
  cuda::bf16 *const relu_all_gather = arena.at<cuda::bf16>(33634304, {64, 128});   // communication, until reluGrad_fc1_grad
  cuda::bf16 *const flatten_all_gather = arena.at<cuda::bf16>(33680896, {64, 64}); // communication, until matmulSumA_fc1_weight_grad
  float *const loss = arena.at<float>(33689856, {});                               // activation, to the end
  cuda::bf16 *const fc2_grad = arena.at<cuda::bf16>(33657856, {64, 10});           // activation, until matmulSumA_fc2_weight_grad
  cuda::bf16 *const relu_grad = arena.at<cuda::bf16>(33664512, {64, 128});         // activation, then fc1_grad in its place
  float *const fc2_weight_grad = arena.at<float>(33650688, {10, 128});             // gradient, until sgdAll_parameters_update
  float *const fc2_bias_grad = arena.at<float>(33631744, {10});                    // gradient, until sgdAll_parameters_update
  cuda::bf16 *const fc1_grad = arena.at<cuda::bf16>(33664512, {64, 128});          // activation, until matmulSumA_fc1_weight_grad
  float *const fc1_weight_grad = arena.at<float>(33631744, {128, 64});             // gradient, until sgdAll_parameters_update_2
  float *const fc1_bias_grad = arena.at<float>(33689088, {128});                   // gradient, until sgdAll_parameters_update_2
  void *const fc1_workspace = arena.slice(77312, 33571072).data();                 // workspace
  void *const fc2_workspace = arena.slice(77312, 33557248).data();                 // workspace
  void *const loss_workspace = arena.slice(77312, 512).data();                     // workspace
  void *const relu_grad_workspace = arena.slice(77312, 33556992).data();           // workspace
  void *const fc2_weight_grad_workspace = arena.slice(77312, 33554432).data();     // workspace
  void *const fc1_weight_grad_workspace = arena.slice(77312, 33554432).data();     // workspace

  const cuda::Cast cast_images_cast{.count = 1024};
  const cuda::MatmulBias matmulBias_fc1{{.m = 16, .n = 128, .k = 64, .transposeB = true,
      .typeA = DataType::BF16, .typeC = DataType::BF16}};
  const cuda::Relu relu_relu{.count = 2048};
  const cuda::MatmulBias matmulBias_fc2{{.m = 16, .n = 10, .k = 128, .transposeB = true,
      .typeA = DataType::BF16, .typeC = DataType::BF16}};
  const cuda::AllGather allGather_fc2_all_gather{network.group({0}), {.ranks = 4,
      .type = DataType::BF16, .tensors = {{.shape = {16, 10}, .dim = 0}}}};
  const cuda::AllGather allGather_relu_all_gather{network.group({0}), {.ranks = 4,
      .type = DataType::BF16, .tensors = {{.shape = {16, 128}, .dim = 0}}}};
  const cuda::AllGather allGather_flatten_all_gather{network.group({0}), {.ranks = 4,
      .type = DataType::BF16, .tensors = {{.shape = {16, 64}, .dim = 0}}}};
  const cuda::SoftmaxCrossEntropy softmaxCrossEntropy_loss{.batch = 64, .classes = 10, .count = 64};
  const cuda::SoftmaxCrossEntropyGrad softmaxCrossEntropyGrad_fc2_grad{.batch = 64, .classes = 10,
      .count = 64};
  const cuda::LinearInputGrad linearInputGrad_relu_grad{{.batch = 64, .inputs = 128, .outputs = 10,
      .type = DataType::BF16}};
  const cuda::MatmulSumA matmulSumA_fc2_weight_grad{{.m = 10, .n = 128, .k = 64, .transposeA = true,
      .typeA = DataType::BF16, .typeB = DataType::BF16}};
  const cuda::ReluGrad reluGrad_fc1_grad{.count = 8192};
  const cuda::SgdAll sgdAll_parameters_update{.momentum = 0.9, .tensors = {
      {10, 0.0, fc2_bias, fc2_bias_grad, fc2_bias_momentum},
      {1280, 0.0, fc2_weight, fc2_weight_grad, fc2_weight_momentum},
  }};
  const cuda::MatmulSumA matmulSumA_fc1_weight_grad{{.m = 128, .n = 64, .k = 64, .transposeA = true,
      .typeA = DataType::BF16, .typeB = DataType::BF16}};
  const cuda::SgdAll sgdAll_parameters_update_2{.momentum = 0.9, .tensors = {
      {128, 0.0, fc1_bias, fc1_bias_grad, fc1_bias_momentum},
      {8192, 0.0, fc1_weight, fc1_weight_grad, fc1_weight_momentum},
  }};

  Step(Rank &rank, Arena &arena) : Variables{rank, arena} {}
  void setUp();
  void run();
};

// Libraries prepare their kernels, and say whether the planned workspaces do here.
void Step::setUp() {
  matmulBias_fc1.requireWorkspace(33571072);
  matmulBias_fc2.requireWorkspace(33557248);
  softmaxCrossEntropy_loss.requireWorkspace(512);
  linearInputGrad_relu_grad.requireWorkspace(33556992);
  matmulSumA_fc2_weight_grad.requireWorkspace(33554432);
  matmulSumA_fc1_weight_grad.requireWorkspace(33554432);
}

void Step::run() {
  timeline.layer("images");
  cast_images_cast(context, images, images_cast);
  timeline.layer("fc1");
  matmulBias_fc1(context, images_cast, fc1_weight, fc1_bias, fc1, fc1_workspace);
  timeline.layer("relu");
  relu_relu(context, fc1, relu);
  timeline.layer("fc2");
  matmulBias_fc2(context, relu, fc2_weight, fc2_bias, fc2, fc2_workspace);
  allGather_fc2_all_gather(context, {fc2}, {fc2_all_gather}, nullptr);
  timeline.layer("relu");
  allGather_relu_all_gather(context, {relu}, {relu_all_gather}, nullptr);
  timeline.layer("flatten");
  allGather_flatten_all_gather(context, {images_cast}, {flatten_all_gather}, nullptr);
  allGather_fc2_all_gather.join(context);
  timeline.layer("loss");
  softmaxCrossEntropy_loss(context, fc2_all_gather, labels, loss, loss_workspace);
  timeline.layer("fc2");
  softmaxCrossEntropyGrad_fc2_grad(context, fc2_all_gather, labels, fc2_grad);
  timeline.layer("relu");
  linearInputGrad_relu_grad(context, fc2_grad, fc2_weight, relu_grad, relu_grad_workspace);
  allGather_relu_all_gather.join(context);
  timeline.layer("fc2");
  matmulSumA_fc2_weight_grad(context, fc2_grad, relu_all_gather, fc2_weight_grad, fc2_bias_grad,
      fc2_weight_grad_workspace);
  timeline.layer("fc1");
  reluGrad_fc1_grad(context, relu_grad, relu_all_gather, fc1_grad);
  timeline.layer("parameters");
  sgdAll_parameters_update(context, learning_rate);
  allGather_flatten_all_gather.join(context);
  timeline.layer("fc1");
  matmulSumA_fc1_weight_grad(context, fc1_grad, flatten_all_gather, fc1_weight_grad, fc1_bias_grad,
      fc1_weight_grad_workspace);
  timeline.layer("parameters");
  sgdAll_parameters_update_2(context, learning_rate);
  timeline.end();
}

// The forward pass with running statistics.
struct Evaluation : Variables {
  float *const images = arena.at<float>(77312, {16, 8, 8, 1});                   // input, until cast_images_cast
  int32_t *const labels = arena.at<int32_t>(33654528, {64});                     // input, until countCorrect_correct
  cuda::bf16 *const images_cast = arena.at<cuda::bf16>(33652480, {16, 8, 8, 1}); // activation, until matmulBias_fc1
  cuda::bf16 *const fc1 = arena.at<cuda::bf16>(33648384, {16, 128});             // activation, then relu in its place
  cuda::bf16 *const relu = arena.at<cuda::bf16>(33648384, {16, 128});            // activation, until matmulBias_fc2
  cuda::bf16 *const fc2 = arena.at<cuda::bf16>(33634560, {16, 10});              // activation, until allGather_fc2_all_gather
  cuda::bf16 *const fc2_all_gather = arena.at<cuda::bf16>(77312, {64, 10});      // communication, until countCorrect_correct
  float *const loss = arena.at<float>(79104, {});                                // activation, to the end
  float *const correct = arena.at<float>(78592, {});                             // activation, to the end
  void *const fc1_workspace = arena.slice(77312, 33571072).data();               // workspace
  void *const fc2_workspace = arena.slice(77312, 33557248).data();               // workspace
  void *const loss_workspace = arena.slice(78592, 512).data();                   // workspace

  const cuda::Cast cast_images_cast{.count = 1024};
  const cuda::MatmulBias matmulBias_fc1{{.m = 16, .n = 128, .k = 64, .transposeB = true,
      .typeA = DataType::BF16, .typeC = DataType::BF16}};
  const cuda::Relu relu_relu{.count = 2048};
  const cuda::MatmulBias matmulBias_fc2{{.m = 16, .n = 10, .k = 128, .transposeB = true,
      .typeA = DataType::BF16, .typeC = DataType::BF16}};
  const cuda::AllGather allGather_fc2_all_gather{network.group({0}), {.ranks = 4,
      .type = DataType::BF16, .tensors = {{.shape = {16, 10}, .dim = 0}}}};
  const cuda::SoftmaxCrossEntropy softmaxCrossEntropy_loss{.batch = 64, .classes = 10, .count = 64};
  const cuda::CountCorrect countCorrect_correct{.batch = 64, .classes = 10};

  Evaluation(Rank &rank, Arena &arena) : Variables{rank, arena} {}
  void setUp();
  void run();
};

// Libraries prepare their kernels, and say whether the planned workspaces do here.
void Evaluation::setUp() {
  matmulBias_fc1.requireWorkspace(33571072);
  matmulBias_fc2.requireWorkspace(33557248);
  softmaxCrossEntropy_loss.requireWorkspace(512);
}

void Evaluation::run() {
  timeline.layer("images");
  cast_images_cast(context, images, images_cast);
  timeline.layer("fc1");
  matmulBias_fc1(context, images_cast, fc1_weight, fc1_bias, fc1, fc1_workspace);
  timeline.layer("relu");
  relu_relu(context, fc1, relu);
  timeline.layer("fc2");
  matmulBias_fc2(context, relu, fc2_weight, fc2_bias, fc2, fc2_workspace);
  allGather_fc2_all_gather(context, {fc2}, {fc2_all_gather}, nullptr);
  allGather_fc2_all_gather.join(context);
  timeline.layer("loss");
  softmaxCrossEntropy_loss(context, fc2_all_gather, labels, loss, loss_workspace);
  timeline.layer("correct");
  countCorrect_correct(context, fc2_all_gather, labels, correct);
  timeline.end();
}

struct Train final : Program {
  Step training;
  Evaluation evaluation;

  Train(Rank &rank, Arena &arena)
      : Program(rank, arena), training(rank, arena), evaluation(rank, arena) {
    training.setUp();
    evaluation.setUp();
  }
  cuda::StepRunner trainingRunner{arena, [this] { training.run(); }};
  void step() override { trainingRunner.run(); }
  cuda::StepRunner evaluationRunner{arena, [this] { evaluation.run(); }};
  void evaluate() override { evaluationRunner.run(); }
};

constexpr Variable variables[] = {
    {.name = "fc1.weight", .kind = VariableKind::Parameter, .shape = {128, 64}, .offset = 0,
        .bytes = 32768, .initialiser = Initialiser::uniform(0.125)},
    {.name = "fc1.bias", .kind = VariableKind::Parameter, .shape = {128}, .offset = 32768,
        .bytes = 512, .initialiser = Initialiser::uniform(0.125)},
    {.name = "fc2.weight", .kind = VariableKind::Parameter, .shape = {10, 128}, .offset = 33280,
        .bytes = 5120, .initialiser = Initialiser::uniform(0.09)},
    {.name = "fc2.bias", .kind = VariableKind::Parameter, .shape = {10}, .offset = 38400,
        .bytes = 40, .initialiser = Initialiser::uniform(0.09)},
    {.name = "fc2.bias.momentum", .kind = VariableKind::Slot, .shape = {10}, .offset = 38656,
        .bytes = 40, .initialiser = Initialiser::constant(0.0)},
    {.name = "fc2.weight.momentum", .kind = VariableKind::Slot, .shape = {10, 128}, .offset = 38912,
        .bytes = 5120, .initialiser = Initialiser::constant(0.0)},
    {.name = "fc1.bias.momentum", .kind = VariableKind::Slot, .shape = {128}, .offset = 44032,
        .bytes = 512, .initialiser = Initialiser::constant(0.0)},
    {.name = "fc1.weight.momentum", .kind = VariableKind::Slot, .shape = {128, 64}, .offset = 44544,
        .bytes = 32768, .initialiser = Initialiser::constant(0.0)},
};

constexpr Port stepInputs[] = {
    {.name = "images", .type = DataType::F32, .shape = {64, 8, 8, 1}, .split = {AxisSet{0}},
        .offset = 77312},
    {.name = "labels", .type = DataType::I32, .shape = {64}, .offset = 33655296},
    {.name = "learning_rate", .type = DataType::F32, .shape = {}, .offset = 33689600},
};

constexpr Port stepOutputs[] = {
    {.name = "loss", .type = DataType::F32, .shape = {}, .offset = 33689856},
};

constexpr Port evaluateInputs[] = {
    {.name = "images", .type = DataType::F32, .shape = {64, 8, 8, 1}, .split = {AxisSet{0}},
        .offset = 77312},
    {.name = "labels", .type = DataType::I32, .shape = {64}, .offset = 33654528},
};

constexpr Port evaluateOutputs[] = {
    {.name = "loss", .type = DataType::F32, .shape = {}, .offset = 79104},
    {.name = "correct", .type = DataType::F32, .shape = {}, .offset = 78592},
};

constexpr Description description = {
    .model = "mlp",
    .mesh = {.sizes = {4}, .axes = {"x"}},
    .arenaBytes = 33689860,
    .predicted = {.computeSeconds = 0.00012613105074626868,
        .communicationSeconds = 1.715241081081081e-05, .hiddenSeconds = 1.145e-05,
        .peakBytes = 33689860},
    .classes = 10,
    .learningRate = 0.1,
    .variables = variables,
    .step = {.inputs = stepInputs, .outputs = stepOutputs},
    .evaluate = {.inputs = evaluateInputs, .outputs = evaluateOutputs},
};

} // namespace

int main(int argc, char **argv) {
  return trainMain<Train>(argc, argv, description, cuda::target());
}
