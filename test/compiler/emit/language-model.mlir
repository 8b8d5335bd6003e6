// What a language model's program knows besides: which part of a whole its calls work on, the
// step's state, and how checkpoints hold a variable.
//
// RUN: autopar-opt %s --autopar-emit -o /dev/null | FileCheck %s

module @language attributes {dist.mesh = #dist.mesh<x = 2, y = 4>, rt.target = "cpu", rt.threads = 1 : i64,
                             rt.arena = 8192 : i64, graph.optimizer = #graph.adamw<learning_rate = 0.25>} {
  func.func @step() -> (memref<f32> {graph.output = "loss"}) {
    %e = rt.slice "wte.weight" parameter at 0 live [0, 7) {rt.init = #graph.normal<0.02>, rt.stored = array<i64: 27, 16>, dist.global = tensor<32x16xf32>, dist.sharding = #dist.sharding<[{y}, {}]>} : memref<8x16xf32>
    %t = rt.slice "tokens" input at 512 live [0, 7) {graph.input = "tokens", dist.global = tensor<4x8xi32>, dist.sharding = #dist.sharding<[{x}, {}]>} : memref<2x8xi32>
    // CHECK: int64_t *const state_ = arena.at<int64_t>(576, {2});
    %s = rt.slice "state" input at 576 live [0, 7) {graph.input = "state", dist.global = tensor<2xi64>, dist.sharding = #dist.sharding<[]>} : memref<2xi64>
    %y = rt.slice "wte" activation at 1024 live [1, 7) : memref<2x8x16xf32>
    %d = rt.slice "drop" activation at 2048 live [1, 7) : memref<2x8x16xf32>
    %sums = rt.slice "sums" activation at 3072 live [1, 7) : memref<2x8x1x3xf64>
    %q = rt.slice "q" activation at 3584 live [1, 7) : memref<f64>
    %r = rt.slice "r" activation at 3648 live [1, 7) : memref<f64>
    %loss = rt.slice "loss" activation at 3712 live [1, 7) : memref<f32>
    // Blocks of 8 rows are counted by axis 1; blocks of 2 samples by axis 0.
    // CHECK: const cpu::Embedding embedding_wte_{.rows = 16, .channels = 16, .table = {.whole = {32, 16},
    // CHECK-NEXT: .begin = {rank.block({1}) * 8, 0}}, .length = 8};
    rt.call "Embedding" {rows = 16 : i64, channels = 16 : i64, length = 8 : i64, table = #dist.part<whole = [32, 16], axes = [[1], []]>} (%t, %e) outs(%y)
      : (memref<2x8xi32>, memref<8x16xf32>, memref<2x8x16xf32>) -> () loc("wte")
    // CHECK: const cpu::Dropout dropout_drop_{.shape = {2, 8, 16}, .rate = 0.1, .site = 3,
    // CHECK-NEXT: .part = {.whole = {4, 8, 16}, .begin = {rank.block({0}) * 2, 0, 0}}};
    rt.call "Dropout" {shape = array<i64: 2, 8, 16>, rate = 0.1, site = 3 : i64, part = #dist.part<whole = [4, 8, 16], axes = [[0], [], []]>} (%y, %s) outs(%d)
      : (memref<2x8x16xf32>, memref<2xi64>, memref<2x8x16xf32>) -> () loc("drop")
    // Split over both axes.
    // CHECK: const cpu::VocabularySums vocabularySums_sums_{.rows = 16, .classes = 16, .blocks = 1,
    // CHECK-NEXT: .logits = {.whole = {4, 8, 128}, .begin = {0, 0, rank.block({0, 1}) * 16}}, .valid = 100};
    rt.call "VocabularySums" {rows = 16 : i64, classes = 16 : i64, blocks = 1 : i64, logits = #dist.part<whole = [4, 8, 128], axes = [[], [], [0, 1]]>, valid = 100 : i64} (%d, %t) outs(%sums)
      : (memref<2x8x16xf32>, memref<2x8xi32>, memref<2x8x1x3xf64>) -> () loc("sums")
    rt.call "AddScalars" {} (%q, %q, %q) outs(%r) : (memref<f64>, memref<f64>, memref<f64>, memref<f64>) -> () loc("add")
    rt.call "ClipFactor" {maximum = 1.0} (%r) outs(%loss) : (memref<f64>, memref<f32>) -> () loc("clip")
    return %loss : memref<f32>
  }
}

// CHECK: embedding_wte_(tokens_, wte_weight_, wte_);
// CHECK-NEXT: timeline.layer("drop");
// CHECK-NEXT: dropout_drop_(wte_, state_, drop_);
// CHECK: addScalars_add_({q_, q_, q_}, r_);

// CHECK: {.name = "wte.weight", {{.*}}.shape = {32, 16}
// CHECK: .stored = {27, 16}},
// CHECK: {.name = "state", .type = DataType::I64, .shape = {2},
// As many classes as are valid; a rank holds 16 of all 128.
// CHECK: .classes = 100,
