// The program of one rank, read from top to bottom.
//
// RUN: autopar-opt %s --autopar-emit -o /dev/null | FileCheck %s

module @tiny attributes {dist.mesh = #dist.mesh<x = 2>, rt.target = "cpu", rt.threads = 4 : i64,
                         rt.arena = 1544 : i64,
                         graph.optimizer = #graph.sgd<learning_rate = 0.25>} {
  func.func @step() -> (memref<f32> {graph.output = "loss"}) {
    %w = rt.slice "fc.weight" parameter at 0 live [0, 7) {rt.init = #graph.uniform<0.5>, dist.global = tensor<10x8xf32>, dist.sharding = #dist.sharding<[{}, {}]>} : memref<10x8xf32>
    %x = rt.slice "images" input at 320 live [0, 5) {graph.input = "images", dist.global = tensor<8x2x2x2xf32>, dist.sharding = #dist.sharding<[{x}, {}, {}, {}]>} : memref<4x2x2x2xf32>
    %l = rt.slice "labels" input at 448 live [0, 4) {graph.input = "labels", dist.global = tensor<8xi32>, dist.sharding = #dist.sharding<[{x}]>} : memref<4xi32>
    %lr = rt.slice "learning_rate" input at 512 live [0, 7) {graph.input = "learning_rate", dist.global = tensor<f32>, dist.sharding = #dist.sharding<[]>} : memref<f32>
    %y = rt.slice "fc" activation at 576 live [1, 3) : memref<4x10xf32>
    %s = rt.slice "fc.workspace" workspace at 768 live [1, 2) : memref<640xi8>
    %loss = rt.slice "loss" activation at 1408 live [2, 4) : memref<f32>
    %t = rt.slice "loss.workspace" workspace at 1472 live [2, 3) : memref<64xi8>
    %dy = rt.slice "fc.grad" activation at 576 live [3, 5) : memref<4x10xf32>
    %sum = rt.slice "loss.sum" activation at 1408 live [4, 9) : memref<f32>
    %u = rt.slice "loss.sum.workspace" communication at 1536 live [4, 5) : memref<8xi8>
    %dw = rt.slice "fc.weight.grad.part" gradient at 768 live [5, 6) : memref<10x8xf32>
    %g = rt.slice "fc.weight.grad" gradient at 768 live [6, 8) : memref<10x8xf32>
    %n = rt.slice "fc.weight.new" parameter at 0 live [7, 9) updates "fc.weight" : memref<10x8xf32>
    %v = rt.view %x : memref<4x2x2x2xf32> -> memref<4x8xf32>
    rt.call "LinearForward" {batch = 4 : i64, inputs = 8 : i64, outputs = 10 : i64} (%v, %w) outs(%y) scratch(%s)
      : (memref<4x8xf32>, memref<10x8xf32>, memref<4x10xf32>, memref<640xi8>) -> () loc("fc")
    rt.call "SoftmaxCrossEntropy" {batch = 4 : i64, classes = 10 : i64, count = 8 : i64, labelSmoothing = 0.0} (%y, %l) outs(%loss) scratch(%t)
      : (memref<4x10xf32>, memref<4xi32>, memref<f32>, memref<64xi8>) -> () loc("loss")
    rt.call "SoftmaxCrossEntropyGrad" {batch = 4 : i64, classes = 10 : i64, count = 8 : i64, labelSmoothing = 0.1} (%y, %l) outs(%dy)
      : (memref<4x10xf32>, memref<4xi32>, memref<4x10xf32>) -> () loc("fc.grad")
    rt.call "AllReduce" {axes = array<i64: 0>} (%loss) outs(%sum) scratch(%u) : (memref<f32>, memref<f32>, memref<8xi8>) -> () loc("loss.sum")
    rt.call "LinearWeightGrad" {batch = 4 : i64, inputs = 8 : i64, outputs = 10 : i64} (%v, %dy) outs(%dw)
      : (memref<4x8xf32>, memref<4x10xf32>, memref<10x8xf32>) -> () loc("fc.weight.grad")
    rt.call "AllReduce" {axes = array<i64: 0>} (%dw) outs(%g) : (memref<10x8xf32>, memref<10x8xf32>) -> () loc("fc.weight.grad")
    rt.call "Sgd" {count = 80 : i64} (%w, %g, %lr) outs(%n) : (memref<10x8xf32>, memref<10x8xf32>, memref<f32>, memref<10x8xf32>) -> () loc("fc.weight.new")
    return %sum : memref<f32>
  }
}

// CHECK:      // The training program of tiny, one rank of 2, written by autopar. Build and run it with
// CHECK:      //   mpirun -n 2 build/train_rank --help
// CHECK:      // command  autopar-opt
// CHECK-NEXT: // mesh     2, 4 threads a rank
// The fullest moment is call 1: 320 bytes of weight, 256 of inputs, 192 for the product and its 640
// of workspace.
// CHECK-NEXT: // memory   1544 bytes in one arena; most is in use in step() at fc:
// CHECK-NEXT: // 0.00 MB parameter

// Only what the program calls is included.
// CHECK:      #include "autopar/core/Program.h"
// CHECK-NEXT: #include "autopar/cpu/Linear.h"
// CHECK-NEXT: #include "autopar/cpu/Loss.h"
// CHECK-NEXT: #include "autopar/cpu/Sgd.h"
// CHECK-NEXT: #include "autopar/mpi/Collectives.h"
// CHECK-NEXT: #include "autopar/mpi/HostTarget.h"

// CHECK:      struct Variables : Frame {
// CHECK:        float *const fc_weight_ = arena.at<float>(0, {10, 8}); // parameter
// CHECK-NEXT: };

// A line for each buffer: where, which shape, what for, and until when.
// CHECK:      struct Step : Variables {
// CHECK-NEXT:   float *const images_ = arena.at<float>(320, {4, 2, 2, 2}); {{ *}}// input, until linearWeightGrad_fc_weight_grad_
// CHECK-NEXT:   int32_t *const labels_ = arena.at<int32_t>(448, {4});
// CHECK-NEXT:   float *const learning_rate_ = arena.at<float>(512, {});
// CHECK-NEXT:   float *const fc_ = arena.at<float>(576, {4, 10}); {{ *}}// activation, then fc_grad_ in its place
// CHECK-NEXT:   void *const fc_workspace_ = arena.slice(768, 640).data(); {{ *}}// workspace
// CHECK-NEXT:   float *const loss_ = arena.at<float>(1408, {}); {{ *}}// activation, then loss_sum_ in its place
// CHECK-NEXT:   void *const loss_workspace_
// CHECK-NEXT:   float *const fc_grad_ = arena.at<float>(576, {4, 10}); {{ *}}// activation, until linearWeightGrad_fc_weight_grad_
// CHECK-NEXT:   float *const loss_sum_ = arena.at<float>(1408, {}); {{ *}}// activation, to the end
// CHECK-NEXT:   void *const loss_sum_workspace_ = arena.slice(1536, 8).data(); {{ *}}// communication
// CHECK-NEXT:   float *const fc_weight_grad_part_
// CHECK-NEXT:   float *const fc_weight_grad_
// CHECK-EMPTY:
// Fields that have the value which the runtime takes anyway are left out.
// CHECK-NEXT:   const cpu::LinearForward linearForward_fc_{{{{}}.batch = 4, .inputs = 8, .outputs = 10}};
// CHECK-NEXT:   const cpu::SoftmaxCrossEntropy softmaxCrossEntropy_loss_{.batch = 4, .classes = 10, .count = 8};
// CHECK-NEXT:   const cpu::SoftmaxCrossEntropyGrad softmaxCrossEntropyGrad_fc_grad_{.batch = 4, .classes = 10,
// CHECK-NEXT:       .count = 8, .labelSmoothing = 0.1};
// CHECK-NEXT:   const AllReduce allReduce_loss_sum_{rank.group({0}), {.ranks = 2, .type = DataType::F32,
// CHECK-NEXT:       .tensors = {Shape{}}}};
// CHECK-NEXT:   const cpu::LinearWeightGrad

// The machine that runs is asked again whether workspaces suffice; collectives know for sure.
// CHECK:      void Step::setUp() {
// CHECK-NEXT:   linearForward_fc_.requireWorkspace(640);
// CHECK-NEXT:   softmaxCrossEntropy_loss_.requireWorkspace(64);
// CHECK-NEXT:   linearWeightGrad_fc_weight_grad_.requireWorkspace(0);
// CHECK-NEXT: }

// A call a line. The view of images has no name of its own, the new weight is the weight.
// CHECK:      void Step::run() {
// CHECK-NEXT:   timeline.layer("fc");
// CHECK-NEXT:   linearForward_fc_(images_, fc_weight_, fc_, fc_workspace_);
// CHECK-NEXT:   timeline.layer("loss");
// CHECK-NEXT:   softmaxCrossEntropy_loss_(fc_, labels_, loss_, loss_workspace_);
// CHECK-NEXT:   timeline.layer("fc");
// CHECK-NEXT:   softmaxCrossEntropyGrad_fc_grad_(fc_, labels_, fc_grad_);
// CHECK-NEXT:   timeline.layer("loss");
// CHECK-NEXT:   allReduce_loss_sum_({loss_sum_}, loss_sum_workspace_);
// CHECK-NEXT:   timeline.layer("fc");
// CHECK-NEXT:   linearWeightGrad_fc_weight_grad_(images_, fc_grad_, fc_weight_grad_part_, nullptr);
// CHECK-NEXT:   allReduce_fc_weight_grad_({fc_weight_grad_}, nullptr);
// CHECK-NEXT:   sgd_fc_weight_new_(fc_weight_, fc_weight_grad_, learning_rate_, fc_weight_);
// CHECK-NEXT:   timeline.end();
// CHECK-NEXT: }

// There is no @evaluate.
// CHECK:      struct Train final : Program {
// CHECK-NEXT:   Step training;
// CHECK-EMPTY:
// CHECK:        void step() override { training.run(); }
// CHECK-NEXT:   void evaluate() override {}

// CHECK:      constexpr Variable variables[] = {
// CHECK-NEXT:     {.name = "fc.weight", .kind = VariableKind::Parameter, .shape = {10, 8}, .offset = 0,
// CHECK-NEXT:         .bytes = 320, .initialiser = Initialiser::uniform(0.5)},
// Shapes are the whole mesh's; the split says which part is here.
// CHECK:      constexpr Port stepInputs[] = {
// CHECK-NEXT:     {.name = "images", .type = DataType::F32, .shape = {8, 2, 2, 2}, .split = {AxisSet{0}},
// CHECK-NEXT:         .offset = 320},
// CHECK:      constexpr Port stepOutputs[] = {
// CHECK-NEXT:     {.name = "loss", .type = DataType::F32, .shape = {}, .offset = 1408},
// CHECK:      const Description description = {
// CHECK-NEXT:     .model = "tiny",
// CHECK:          .mesh = {.sizes = {2}, .axes = {"x"}},
// CHECK-NEXT:     .arenaBytes = 1544,
// CHECK-NEXT:     .predicted = {.computeSeconds = 0.0, .communicationSeconds = 0.0},
// CHECK-NEXT:     .classes = 10,
// CHECK-NEXT:     .learningRate = 0.25,
// CHECK:      return trainMain<Train>(argc, argv, description, hostTarget());
