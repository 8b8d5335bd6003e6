// RUN: autopar-opt %s --autopar-fuse-elementwise --mlir-use-nameloc-as-prefix -split-input-file | FileCheck %s

// The end of a residual block: normalize, add what went around, relu. One pass over memory, under
// the relu's name.
// CHECK-LABEL: func.func @residual
func.func @residual(%x: tensor<8x4x4x16xf32>, %stats: tensor<2x16xf64>, %c: tensor<16xf32>, %identity: tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> {
  // CHECK-NEXT: %relu = graph.batch_norm_apply %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %arg3 {{{.*}}relu} :
  // CHECK-NEXT: return %relu
  %bn = graph.batch_norm_apply %x, %stats, %c, %c {count = 128 : i64, epsilon = 0.001 : f64}
      : (tensor<8x4x4x16xf32>, tensor<2x16xf64>, tensor<16xf32>, tensor<16xf32>) -> tensor<8x4x4x16xf32> loc("bn")
  %add = graph.add %identity, %bn : (tensor<8x4x4x16xf32>, tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("add")
  %relu = graph.relu %add : (tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("relu")
  return %relu : tensor<8x4x4x16xf32>
}

// -----

// The same in evaluation. What the user says of the end is said of the whole.
// CHECK-LABEL: func.func @inference
func.func @inference(%x: tensor<8x4x4x16xf32>, %c: tensor<16xf32>, %identity: tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> {
  // CHECK-NEXT: %relu = graph.batch_norm_inference %{{.*}}, %arg2 {dist.sharding = #dist.sharding<[{x}, {}, {}, {}]>, {{.*}}relu} :
  // CHECK-NEXT: return %relu
  %bn = graph.batch_norm_inference %x, %c, %c, %c, %c {epsilon = 0.001 : f64}
      : (tensor<8x4x4x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<8x4x4x16xf32> loc("bn")
  %add = graph.add %bn, %identity : (tensor<8x4x4x16xf32>, tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("add")
  %relu = graph.relu %add {dist.sharding = #dist.sharding<[{x}, {}, {}, {}]>} : (tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("relu")
  return %relu : tensor<8x4x4x16xf32>
}

// -----

// A batch norm that another reads as well stays as it is.
// CHECK-LABEL: func.func @two_readers
func.func @two_readers(%x: tensor<8x4x4x16xf32>, %stats: tensor<2x16xf64>, %c: tensor<16xf32>) -> (tensor<8x4x4x16xf32>, tensor<8x4x4x16xf32>) {
  // CHECK-NEXT: %bn = graph.batch_norm_apply
  // CHECK-NEXT: %relu = graph.relu %bn
  %bn = graph.batch_norm_apply %x, %stats, %c, %c {count = 128 : i64, epsilon = 0.001 : f64}
      : (tensor<8x4x4x16xf32>, tensor<2x16xf64>, tensor<16xf32>, tensor<16xf32>) -> tensor<8x4x4x16xf32> loc("bn")
  %relu = graph.relu %bn : (tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("relu")
  return %bn, %relu : tensor<8x4x4x16xf32>, tensor<8x4x4x16xf32>
}

// -----

// Nothing is added after a relu: relu(x) + y is not relu(x + y).
// CHECK-LABEL: func.func @relu_before_add
func.func @relu_before_add(%x: tensor<8x4x4x16xf32>, %stats: tensor<2x16xf64>, %c: tensor<16xf32>) -> tensor<8x4x4x16xf32> {
  // CHECK-NEXT: %relu = graph.batch_norm_apply {{.*}}relu}
  // CHECK-NEXT: %add = graph.add %relu
  %bn = graph.batch_norm_apply %x, %stats, %c, %c {count = 128 : i64, epsilon = 0.001 : f64}
      : (tensor<8x4x4x16xf32>, tensor<2x16xf64>, tensor<16xf32>, tensor<16xf32>) -> tensor<8x4x4x16xf32> loc("bn")
  %relu = graph.relu %bn : (tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("relu")
  %add = graph.add %relu, %x : (tensor<8x4x4x16xf32>, tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("add")
  return %add : tensor<8x4x4x16xf32>
}

// -----

// Backward: where only the batch norm reads the masked gradient, it masks for itself.
// CHECK-LABEL: func.func @mask
func.func @mask(%x: tensor<8x4x4x16xf32>, %stats: tensor<2x16xf64>, %c: tensor<16xf32>, %y: tensor<8x4x4x16xf32>, %dy: tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> {
  // CHECK-NOT: relu_grad
  // CHECK: %sums = graph.batch_norm_grad_sums %arg0, %arg1, %arg4, %arg3
  // CHECK: %dx = graph.batch_norm_grad_input %arg0, %arg1, %arg2, %sums, %arg4, %arg3
  %dz = graph.relu_grad %dy, %y : (tensor<8x4x4x16xf32>, tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("dz")
  %sums = graph.batch_norm_grad_sums %x, %stats, %dz {count = 128 : i64, epsilon = 0.001 : f64}
        : (tensor<8x4x4x16xf32>, tensor<2x16xf64>, tensor<8x4x4x16xf32>) -> tensor<2x16xf64> loc("sums")
  %dx = graph.batch_norm_grad_input %x, %stats, %c, %sums, %dz {count = 128 : i64, epsilon = 0.001 : f64}
      : (tensor<8x4x4x16xf32>, tensor<2x16xf64>, tensor<16xf32>, tensor<2x16xf64>, tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("dx")
  return %dx : tensor<8x4x4x16xf32>
}

// -----

// Where the way around reads it too, it is masked once for all.
// CHECK-LABEL: func.func @mask_for_two
func.func @mask_for_two(%x: tensor<8x4x4x16xf32>, %stats: tensor<2x16xf64>, %y: tensor<8x4x4x16xf32>, %dy: tensor<8x4x4x16xf32>) -> (tensor<2x16xf64>, tensor<8x4x4x16xf32>) {
  // CHECK-NEXT: %dz = graph.relu_grad
  // CHECK-NEXT: graph.batch_norm_grad_sums %arg0, %arg1, %dz {
  %dz = graph.relu_grad %dy, %y : (tensor<8x4x4x16xf32>, tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("dz")
  %sums = graph.batch_norm_grad_sums %x, %stats, %dz {count = 128 : i64, epsilon = 0.001 : f64}
        : (tensor<8x4x4x16xf32>, tensor<2x16xf64>, tensor<8x4x4x16xf32>) -> tensor<2x16xf64> loc("sums")
  return %sums, %dz : tensor<2x16xf64>, tensor<8x4x4x16xf32>
}
