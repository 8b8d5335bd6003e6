// A result without a name of its own is named by what it is to its call; so is what is made of it. The
// object of a call does not say the call's class twice.
//
// RUN: autopar-opt %s --autopar-emit -o /dev/null | FileCheck %s

module attributes {rt.target = "cpu", rt.arena = 4608 : i64, graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @step() {
    %x = rt.slice "images" input at 0 live [0, 9) : memref<8x8xf32>
    %l = rt.slice "labels" input at 2048 live [0, 9) : memref<8xi32>
    %g = rt.slice "gamma" input at 2304 live [0, 9) : memref<8xf32>
    %b = rt.slice "beta" input at 2560 live [0, 9) : memref<8xf32>
    // CHECK: float *const h_0_ln_ =
    // CHECK: float *const h_0_ln_mean_ =
    // CHECK: float *const h_0_ln_rstd_ =
    // CHECK: float *const h_0_ln_rstd_copy_ =
    %y = rt.slice "h.0.ln" activation at 2816 live [1, 9) : memref<8x8xf32>
    %m = rt.slice "h.0.ln#1" activation at 3072 live [1, 9) : memref<8xf32>
    %r = rt.slice "h.0.ln#2" activation at 3328 live [1, 9) : memref<8xf32>
    %c = rt.slice "h.0.ln#2.copy" activation at 3584 live [2, 9) : memref<8xf32>
    // Nothing makes `other`, so that its second result has its number.
    // CHECK: float *const other_1_ =
    %o = rt.slice "other#1" activation at 3840 live [3, 9) : memref<8xf32>
    %n = rt.slice "correct" activation at 4096 live [4, 9) : memref<f32>
    // CHECK: void Step::run() {
    // CHECK-NEXT: timeline.layer("h.0");
    // CHECK-NEXT: layerNorm_h_0_ln_(images_, gamma_, beta_, h_0_ln_, h_0_ln_mean_, h_0_ln_rstd_);
    rt.call "LayerNorm" {rows = 8 : i64, channels = 8 : i64, epsilon = 1.0e-5} (%x, %g, %b) outs(%y, %m, %r)
      : (memref<8x8xf32>, memref<8xf32>, memref<8xf32>, memref<8x8xf32>, memref<8xf32>, memref<8xf32>) -> () loc("h.0.ln")
    // CHECK-NEXT: copy_h_0_ln_mean_(h_0_ln_rstd_, h_0_ln_rstd_copy_);
    rt.call "Copy" {count = 8 : i64} (%r) outs(%c) : (memref<8xf32>, memref<8xf32>) -> () loc("h.0.ln#1.copy")
    // The layer's block, whatever is numbered in it.
    // CHECK-NEXT: add_h_0_downsample_1_2_(h_0_ln_rstd_, h_0_ln_mean_, other_1_);
    rt.call "Add" {count = 8 : i64} (%r, %m) outs(%o) : (memref<8xf32>, memref<8xf32>, memref<8xf32>) -> () loc("h.0.downsample.1.add_2")
    // CHECK-NEXT: timeline.layer("correct");
    rt.call "CountCorrect" {batch = 8 : i64, classes = 8 : i64} (%y, %l) outs(%n) : (memref<8x8xf32>, memref<8xi32>, memref<f32>) -> () loc("correct")
    return
  }
}
