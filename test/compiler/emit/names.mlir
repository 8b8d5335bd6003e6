// Names of the model become identifiers of a form that nothing else has: a small letter first, an
// underscore last, no two in a row. None stands twice.
//
// RUN: autopar-opt %s --autopar-emit -o /dev/null | FileCheck %s

module attributes {rt.target = "cpu", rt.arena = 2304 : i64, graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @step() {
    %x = rt.slice "images" input at 0 live [0, 9) : memref<8x8xf32>
    %l = rt.slice "labels" input at 2048 live [0, 9) : memref<8xi32>
    // CHECK: float *const default_ = arena.at<float>(256, {8, 8});
    // CHECK: float *const v0_relu_ = arena.at<float>(512, {8, 8});
    // CHECK: float *const relu_1_ = arena.at<float>(768, {8, 8});
    // CHECK: float *const relu_1_2_ = arena.at<float>(1024, {8, 8});
    // CHECK: float *const rank_ = arena.at<float>(1280, {8, 8});
    %a = rt.slice "default" activation at 256 live [1, 2) : memref<8x8xf32>
    %b = rt.slice "0.relu" activation at 512 live [2, 3) : memref<8x8xf32>
    %c = rt.slice "relu.1" activation at 768 live [3, 4) : memref<8x8xf32>
    %d = rt.slice "relu#1" activation at 1024 live [4, 5) : memref<8x8xf32>
    %e = rt.slice "rank" activation at 1280 live [5, 6) : memref<8x8xf32>
    %n = rt.slice "correct" activation at 1536 live [6, 7) : memref<f32>
    rt.call "Relu" {count = 64 : i64} (%x) outs(%a) : (memref<8x8xf32>, memref<8x8xf32>) -> () loc("default")
    rt.call "Relu" {count = 64 : i64} (%a) outs(%b) : (memref<8x8xf32>, memref<8x8xf32>) -> () loc("0.relu")
    rt.call "Relu" {count = 64 : i64} (%b) outs(%c) : (memref<8x8xf32>, memref<8x8xf32>) -> () loc("relu.1")
    rt.call "Relu" {count = 64 : i64} (%c) outs(%d) : (memref<8x8xf32>, memref<8x8xf32>) -> () loc("relu.1")
    rt.call "Relu" {count = 64 : i64} (%d) outs(%e) : (memref<8x8xf32>, memref<8x8xf32>) -> () loc("rank")
    rt.call "CountCorrect" {batch = 8 : i64, classes = 8 : i64} (%e, %l) outs(%n) : (memref<8x8xf32>, memref<8xi32>, memref<f32>) -> ()
    // CHECK: void Step::run() {
    // CHECK-NEXT: timeline.layer("default");
    // CHECK-NEXT: relu_default_(images_, default_);
    // CHECK-NEXT: timeline.layer("0");
    // CHECK-NEXT: relu_0_(default_, v0_relu_);
    // CHECK-NEXT: timeline.layer("relu.1");
    // CHECK-NEXT: relu_relu_1_(v0_relu_, relu_1_);
    // CHECK-NEXT: relu_relu_1_2_(relu_1_, relu_1_2_);
    // CHECK-NEXT: timeline.layer("rank");
    // CHECK-NEXT: relu_rank_(relu_1_2_, rank_);
    // An operation without a name goes by its kind.
    // CHECK-NEXT: timeline.layer("call");
    // CHECK-NEXT: countCorrect_call_(rank_, labels_, correct_);
    return
  }
}
