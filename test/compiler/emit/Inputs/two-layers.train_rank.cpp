// The training program of mlp, one rank of 4, written by autopar. Build and run it with
//
//   cmake -S . -B build && cmake --build build -j
//   mpirun -n 4 build/train_rank --help
//
// mesh     4
// time     0.000132 s a step predicted: 0.000126 s compute, 1.72e-05 s communication, 1.15e-05 s of it beside computation
// budget   84942979072 bytes a rank, 2147483648 of them reserved for what is beside the arena
// memory   33694464 bytes in one arena; most is in use in step() at fc1.weight.grad:
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

// What all parts of the program work with.
struct Frame {
  Rank &rank;
  Arena &arena;
  Timeline &timeline = arena.memory().timeline();
  const cuda::Context &context = cuda::Equipment::of(arena).context;
  cuda::Network &network = cuda::Equipment::of(arena).network;
};

// Values that stay from one step to the next.
struct Variables : Frame {
  float *const fc1_weight_ = arena.at<float>(0, {128, 64});              // parameter
  float *const fc1_bias_ = arena.at<float>(32768, {128});                // parameter
  float *const fc2_weight_ = arena.at<float>(33280, {10, 128});          // parameter
  float *const fc2_bias_ = arena.at<float>(38400, {10});                 // parameter
  float *const fc2_bias_momentum_ = arena.at<float>(38656, {10});        // slot
  float *const fc2_weight_momentum_ = arena.at<float>(38912, {10, 128}); // slot
  float *const fc1_bias_momentum_ = arena.at<float>(44032, {128});       // slot
  float *const fc1_weight_momentum_ = arena.at<float>(44544, {128, 64}); // slot
};

// One step of training: forward, backward, update.
struct Step : Variables {
  float *const images_ = arena.at<float>(77312, {16, 8, 8, 1});                     // input, until cast_images_
  int32_t *const labels_ = arena.at<int32_t>(33655296, {64});                       // input, until softmaxCrossEntropyGrad_fc2_grad_
  float *const learning_rate_ = arena.at<float>(33689600, {});                      // input, until sgdAll_parameters_update_2_
  cuda::bf16 *const images_cast_ = arena.at<cuda::bf16>(33655808, {16, 8, 8, 1});   // activation, until allGather_flatten_all_gather_
  cuda::bf16 *const fc1_ = arena.at<cuda::bf16>(33650688, {16, 128});               // activation, then relu_ in its place
  cuda::bf16 *const relu_ = arena.at<cuda::bf16>(33650688, {16, 128});              // activation, until allGather_relu_all_gather_
  cuda::bf16 *const fc2_ = arena.at<cuda::bf16>(33654784, {16, 10});                // activation, until allGather_fc2_all_gather_
  cuda::bf16 *const fc2_all_gather_ = arena.at<cuda::bf16>(33657856, {64, 10});     // communication, then fc2_grad_ in its place
  cuda::bf16 *const relu_all_gather_ = arena.at<cuda::bf16>(33634304, {64, 128});   // communication, until reluGrad_fc1_grad_
  cuda::bf16 *const flatten_all_gather_ = arena.at<cuda::bf16>(33680896, {64, 64}); // communication, until matmulSumA_fc1_weight_grad_
  float *const loss_ = arena.at<float>(33689856, {});                               // activation, to the end
  cuda::bf16 *const fc2_grad_ = arena.at<cuda::bf16>(33657856, {64, 10});           // activation, until matmulSumA_fc2_weight_grad_
  cuda::bf16 *const relu_grad_ = arena.at<cuda::bf16>(33664512, {64, 128});         // activation, then fc1_grad_ in its place
  float *const fc2_weight_grad_ = arena.at<float>(33650688, {10, 128});             // gradient, until sgdAll_parameters_update_
  float *const fc2_bias_grad_ = arena.at<float>(33631744, {10});                    // gradient, until sgdAll_parameters_update_
  cuda::bf16 *const fc1_grad_ = arena.at<cuda::bf16>(33664512, {64, 128});          // activation, until matmulSumA_fc1_weight_grad_
  float *const fc1_weight_grad_ = arena.at<float>(33631744, {128, 64});             // gradient, until sgdAll_parameters_update_2_
  float *const fc1_bias_grad_ = arena.at<float>(33689088, {128});                   // gradient, until sgdAll_parameters_update_2_
  float *const images_next_ = arena.at<float>(33690112, {16, 8, 8, 1});             // input, brought while a step runs
  int32_t *const labels_next_ = arena.at<int32_t>(33694208, {64});                  // input, brought while a step runs
  void *const fc1_workspace_ = arena.slice(77312, 33571072).data();                 // workspace
  void *const fc2_workspace_ = arena.slice(77312, 33557248).data();                 // workspace
  void *const loss_workspace_ = arena.slice(77312, 512).data();                     // workspace
  void *const relu_grad_workspace_ = arena.slice(77312, 33556992).data();           // workspace
  void *const fc2_weight_grad_workspace_ = arena.slice(77312, 33554432).data();     // workspace
  void *const fc1_weight_grad_workspace_ = arena.slice(77312, 33554432).data();     // workspace

  const cuda::Cast cast_images_{.count = 1024};
  const cuda::MatmulBias matmulBias_fc1_{{.m = 16, .n = 128, .k = 64, .transposeB = true,
      .typeA = DataType::BF16, .typeC = DataType::BF16}};
  const cuda::Relu relu_call_{.count = 2048};
  const cuda::MatmulBias matmulBias_fc2_{{.m = 16, .n = 10, .k = 128, .transposeB = true,
      .typeA = DataType::BF16, .typeC = DataType::BF16}};
  const cuda::AllGather allGather_fc2_all_gather_{network.group({0}), {.ranks = 4,
      .type = DataType::BF16, .tensors = {{.shape = {16, 10}, .dim = 0}}}};
  const cuda::AllGather allGather_relu_all_gather_{network.group({0}), {.ranks = 4,
      .type = DataType::BF16, .tensors = {{.shape = {16, 128}, .dim = 0}}}};
  const cuda::AllGather allGather_flatten_all_gather_{network.group({0}), {.ranks = 4,
      .type = DataType::BF16, .tensors = {{.shape = {16, 64}, .dim = 0}}}};
  const cuda::SoftmaxCrossEntropy softmaxCrossEntropy_loss_{.batch = 64, .classes = 10,
      .count = 64};
  const cuda::SoftmaxCrossEntropyGrad softmaxCrossEntropyGrad_fc2_grad_{.batch = 64, .classes = 10,
      .count = 64};
  const cuda::LinearInputGrad linearInputGrad_relu_grad_{{.batch = 64, .inputs = 128, .outputs = 10,
      .type = DataType::BF16}};
  const cuda::MatmulSumA matmulSumA_fc2_weight_grad_{{.m = 10, .n = 128, .k = 64,
      .transposeA = true, .typeA = DataType::BF16, .typeB = DataType::BF16}};
  const cuda::ReluGrad reluGrad_fc1_grad_{.count = 8192};
  const cuda::SgdAll sgdAll_parameters_update_{.momentum = 0.9, .tensors = {
      {10, 0.0, fc2_bias_, fc2_bias_grad_, fc2_bias_momentum_},
      {1280, 0.0, fc2_weight_, fc2_weight_grad_, fc2_weight_momentum_},
  }};
  const cuda::MatmulSumA matmulSumA_fc1_weight_grad_{{.m = 128, .n = 64, .k = 64,
      .transposeA = true, .typeA = DataType::BF16, .typeB = DataType::BF16}};
  const cuda::SgdAll sgdAll_parameters_update_2_{.momentum = 0.9, .tensors = {
      {128, 0.0, fc1_bias_, fc1_bias_grad_, fc1_bias_momentum_},
      {8192, 0.0, fc1_weight_, fc1_weight_grad_, fc1_weight_momentum_},
  }};

  Step(Rank &rank, Arena &arena) : Variables{{rank, arena}} {}
  void setUp();
  void run();
};

// Libraries prepare their kernels, and say whether the planned workspaces do here.
void Step::setUp() {
  matmulBias_fc1_.requireWorkspace(33571072);
  matmulBias_fc2_.requireWorkspace(33557248);
  softmaxCrossEntropy_loss_.requireWorkspace(512);
  linearInputGrad_relu_grad_.requireWorkspace(33556992);
  matmulSumA_fc2_weight_grad_.requireWorkspace(33554432);
  matmulSumA_fc1_weight_grad_.requireWorkspace(33554432);
}

void Step::run() {
  timeline.layer("images");
  cast_images_(context, images_, images_cast_);
  timeline.layer("fc1");
  matmulBias_fc1_(context, images_cast_, fc1_weight_, fc1_bias_, fc1_, fc1_workspace_);
  timeline.layer("relu");
  relu_call_(context, fc1_, relu_);
  timeline.layer("fc2");
  matmulBias_fc2_(context, relu_, fc2_weight_, fc2_bias_, fc2_, fc2_workspace_);
  allGather_fc2_all_gather_(context, {fc2_}, {fc2_all_gather_}, nullptr);
  timeline.layer("relu");
  allGather_relu_all_gather_(context, {relu_}, {relu_all_gather_}, nullptr);
  timeline.layer("flatten");
  allGather_flatten_all_gather_(context, {images_cast_}, {flatten_all_gather_}, nullptr);
  allGather_fc2_all_gather_.join(context);
  timeline.layer("loss");
  softmaxCrossEntropy_loss_(context, fc2_all_gather_, labels_, loss_, loss_workspace_);
  timeline.layer("fc2");
  softmaxCrossEntropyGrad_fc2_grad_(context, fc2_all_gather_, labels_, fc2_grad_);
  timeline.layer("relu");
  linearInputGrad_relu_grad_(context, fc2_grad_, fc2_weight_, relu_grad_, relu_grad_workspace_);
  allGather_relu_all_gather_.join(context);
  timeline.layer("fc2");
  matmulSumA_fc2_weight_grad_(context, fc2_grad_, relu_all_gather_, fc2_weight_grad_,
      fc2_bias_grad_, fc2_weight_grad_workspace_);
  timeline.layer("fc1");
  reluGrad_fc1_grad_(context, relu_grad_, relu_all_gather_, fc1_grad_);
  timeline.layer("parameters");
  sgdAll_parameters_update_(context, learning_rate_);
  allGather_flatten_all_gather_.join(context);
  timeline.layer("fc1");
  matmulSumA_fc1_weight_grad_(context, fc1_grad_, flatten_all_gather_, fc1_weight_grad_,
      fc1_bias_grad_, fc1_weight_grad_workspace_);
  timeline.layer("parameters");
  sgdAll_parameters_update_2_(context, learning_rate_);
  timeline.end();
}

// The forward pass with running statistics.
struct Evaluation : Variables {
  float *const images_ = arena.at<float>(77312, {16, 8, 8, 1});                   // input, until cast_images_
  int32_t *const labels_ = arena.at<int32_t>(33654528, {64});                     // input, until countCorrect_correct_
  cuda::bf16 *const images_cast_ = arena.at<cuda::bf16>(33652480, {16, 8, 8, 1}); // activation, until matmulBias_fc1_
  cuda::bf16 *const fc1_ = arena.at<cuda::bf16>(33648384, {16, 128});             // activation, then relu_ in its place
  cuda::bf16 *const relu_ = arena.at<cuda::bf16>(33648384, {16, 128});            // activation, until matmulBias_fc2_
  cuda::bf16 *const fc2_ = arena.at<cuda::bf16>(33634560, {16, 10});              // activation, until allGather_fc2_all_gather_
  cuda::bf16 *const fc2_all_gather_ = arena.at<cuda::bf16>(77312, {64, 10});      // communication, until countCorrect_correct_
  float *const loss_ = arena.at<float>(79104, {});                                // activation, to the end
  float *const correct_ = arena.at<float>(78592, {});                             // activation, to the end
  void *const fc1_workspace_ = arena.slice(77312, 33571072).data();               // workspace
  void *const fc2_workspace_ = arena.slice(77312, 33557248).data();               // workspace
  void *const loss_workspace_ = arena.slice(78592, 512).data();                   // workspace

  const cuda::Cast cast_images_{.count = 1024};
  const cuda::MatmulBias matmulBias_fc1_{{.m = 16, .n = 128, .k = 64, .transposeB = true,
      .typeA = DataType::BF16, .typeC = DataType::BF16}};
  const cuda::Relu relu_call_{.count = 2048};
  const cuda::MatmulBias matmulBias_fc2_{{.m = 16, .n = 10, .k = 128, .transposeB = true,
      .typeA = DataType::BF16, .typeC = DataType::BF16}};
  const cuda::AllGather allGather_fc2_all_gather_{network.group({0}), {.ranks = 4,
      .type = DataType::BF16, .tensors = {{.shape = {16, 10}, .dim = 0}}}};
  const cuda::SoftmaxCrossEntropy softmaxCrossEntropy_loss_{.batch = 64, .classes = 10,
      .count = 64};
  const cuda::CountCorrect countCorrect_correct_{.batch = 64, .classes = 10};

  Evaluation(Rank &rank, Arena &arena) : Variables{{rank, arena}} {}
  void setUp();
  void run();
};

// Libraries prepare their kernels, and say whether the planned workspaces do here.
void Evaluation::setUp() {
  matmulBias_fc1_.requireWorkspace(33571072);
  matmulBias_fc2_.requireWorkspace(33557248);
  softmaxCrossEntropy_loss_.requireWorkspace(512);
}

void Evaluation::run() {
  timeline.layer("images");
  cast_images_(context, images_, images_cast_);
  timeline.layer("fc1");
  matmulBias_fc1_(context, images_cast_, fc1_weight_, fc1_bias_, fc1_, fc1_workspace_);
  timeline.layer("relu");
  relu_call_(context, fc1_, relu_);
  timeline.layer("fc2");
  matmulBias_fc2_(context, relu_, fc2_weight_, fc2_bias_, fc2_, fc2_workspace_);
  allGather_fc2_all_gather_(context, {fc2_}, {fc2_all_gather_}, nullptr);
  allGather_fc2_all_gather_.join(context);
  timeline.layer("loss");
  softmaxCrossEntropy_loss_(context, fc2_all_gather_, labels_, loss_, loss_workspace_);
  timeline.layer("correct");
  countCorrect_correct_(context, fc2_all_gather_, labels_, correct_);
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
        .offset = 77312, .next = 33690112},
    {.name = "labels", .type = DataType::I32, .shape = {64}, .offset = 33655296, .next = 33694208},
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

const Description description = {
    .model = "mlp",
    .mesh = {.sizes = {4}, .axes = {"x"}},
    .arenaBytes = 33694464,
    .predicted = {.computeSeconds = 0.00012613105074626868,
        .communicationSeconds = 1.715241081081081e-05, .hiddenSeconds = 1.145e-05,
        .budgetBytes = 84942979072, .reserveBytes = 2147483648},
    .classes = 10,
    .learningRate = 0.1,
    .variables = variables,
    .step = {.inputs = stepInputs, .outputs = stepOutputs, .peakBytes = 33694464},
    .evaluate = {.inputs = evaluateInputs, .outputs = evaluateOutputs, .peakBytes = 33654784},
};

} // namespace

int main(int argc, char **argv) {
  return trainMain<Train>(argc, argv, description, cuda::target());
}
