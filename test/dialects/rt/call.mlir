// RUN: autopar-opt %s | autopar-opt | FileCheck %s
// RUN: autopar-opt --mlir-print-op-generic %s | autopar-opt | FileCheck %s

// CHECK: module attributes {rt.target = "cpu"}
module attributes {rt.target = "cpu"} {
  // CHECK-LABEL: func @a_call_has_a_configuration_and_inputs
  func.func @a_call_has_a_configuration_and_inputs(%x: tensor<8x512xf32>) -> tensor<8x512xf32> {
    // CHECK: rt.call "Relu" {count = 4096 : i64}(%{{.*}}) : (tensor<8x512xf32>) -> tensor<8x512xf32>
    %y = rt.call "Relu" {count = 4096 : i64} (%x) : (tensor<8x512xf32>) -> tensor<8x512xf32>
    return %y : tensor<8x512xf32>
  }

  // CHECK-LABEL: func @a_call_may_need_a_workspace
  func.func @a_call_may_need_a_workspace(%x: tensor<8x512xf32>, %w: tensor<10x512xf32>) -> tensor<8x10xf32> {
    // CHECK: rt.call "LinearForward" {{.*}} workspace 4096 :
    %y = rt.call "LinearForward" {batch = 8 : i64, inputs = 512 : i64, outputs = 10 : i64} (%x, %w) workspace 4096
       : (tensor<8x512xf32>, tensor<10x512xf32>) -> tensor<8x10xf32>
    return %y : tensor<8x10xf32>
  }

  // CHECK-LABEL: func @a_collective_moves_a_bucket
  func.func @a_collective_moves_a_bucket(%a: tensor<64xf32>, %b: tensor<8x8xf32>) -> (tensor<64xf32>, tensor<8x8xf32>) {
    // CHECK: rt.call "AllReduce" {axes = array<i64: 0, 1>}(%{{.*}}, %{{.*}}) workspace 0
    %s:2 = rt.call "AllReduce" {axes = array<i64: 0, 1>} (%a, %b) workspace 0
         : (tensor<64xf32>, tensor<8x8xf32>) -> (tensor<64xf32>, tensor<8x8xf32>)
    return %s#0, %s#1 : tensor<64xf32>, tensor<8x8xf32>
  }

  // CHECK-LABEL: func @a_view_has_the_same_bytes
  func.func @a_view_has_the_same_bytes(%x: tensor<8x1x1x512xf32>) -> tensor<8x512xf32> {
    // CHECK: rt.view %{{.*}} : tensor<8x1x1x512xf32> -> tensor<8x512xf32>
    %y = rt.view %x : tensor<8x1x1x512xf32> -> tensor<8x512xf32>
    return %y : tensor<8x512xf32>
  }
}
