// RUN: autopar-opt %s --autopar-lower-to-cpu -split-input-file -verify-diagnostics

// What the runtime refuses is said in its own words.
func.func @a_byte_cannot_number_a_large_window(%x: tensor<8x32x32x64xf32>, %dy: tensor<8x32x32x64xf32>, %i: tensor<8x1x1x64xi8>, %d: tensor<8x1x1x64xf32>) {
  // expected-error @+2 {{is refused by the runtime}}
  // expected-error @+1 {{failed to legalize operation 'graph.max_pool_grad'}}
  %dx = graph.max_pool_grad %d, %i {kernel = array<i64: 32, 32>} : (tensor<8x1x1x64xf32>, tensor<8x1x1x64xi8>) -> tensor<8x32x32x64xf32>
  return
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @a_bucket_is_of_one_type(%a: tensor<64xf32>, %b: tensor<16xf64>) {
    // expected-error @+1 {{moves 'tensor<64xf32>' and 'tensor<16xf64>' in one call; a call moves one element type, of f32, f64, bf16, f16, i32 and i8}}
    %r:2 = dist.all_reduce %a, %b over {x} : (tensor<64xf32>, tensor<16xf64>) -> (tensor<64xf32>, tensor<16xf64>)
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @sums_are_of_real_numbers(%a: tensor<64xi32>) {
    // expected-error @+1 {{adds 'tensor<64xi32>'; the runtime adds f32, f64, bf16 and f16}}
    %r = dist.all_reduce %a over {x} : (tensor<64xi32>) -> tensor<64xi32>
    return
  }
}

// -----

// A batch norm as models have it is not for running: differentiate takes it apart first.
func.func @models_are_differentiated_first(%x: tensor<4x8x8x16xf32>, %gamma: tensor<16xf32>) {
  %m = graph.variable state "m" : tensor<16xf32> = #graph.constant<0.0>
  // expected-error @+1 {{failed to legalize operation 'graph.batch_norm'}}
  %y = graph.batch_norm %x, %gamma, %gamma, %m, %m : (tensor<4x8x8x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<4x8x8x16xf32>
  return
}

// -----

func.func @narrow(%x: tensor<8x4xf32>) -> tensor<8x4xbf16> {
  // expected-error @+1 {{computes on 'tensor<8x4xbf16>', and the cpu target in f32; compile for --target cuda, or with --precision f32}}
  %y = graph.cast %x : (tensor<8x4xf32>) -> tensor<8x4xbf16>
  return %y : tensor<8x4xbf16>
}

// -----

// expected-error @+1 {{rounds products to TF32, which the cpu target does not; compile for --target cuda, or with --precision f32}}
module attributes {graph.tf32} {}
