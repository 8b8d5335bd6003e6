// RUN: autopar-opt %s -split-input-file -verify-diagnostics --autopar-name-values --autopar-solve-sharding=memory-limit=1000000

// expected-error@below {{no mesh is given; name one as in --mesh 2x2}}
module @no_mesh {}

// -----

// 8192 x 64 x 4 bytes of images and as many of results, halved; the parameter's 16 KiB as well.
module @memory attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error@below {{no sharding fits 976.56 KiB a device; the least peak possible is 2.01 MiB}}
  // expected-note@below {{largest at the peak: x (1.00 MiB) linear (1.00 MiB) w (8.00 KiB)}}
  func.func @evaluate(%x: tensor<8192x64xf32> {graph.input = "x"}) {
    %w = graph.variable parameter "w" : tensor<64x64xf32> = #graph.constant<0.0>
    %y = graph.linear %x, %w : (tensor<8192x64xf32>, tensor<64x64xf32>) -> tensor<8192x64xf32>
    return
  }
}

// -----

// 512 KiB of images and as many of results, both whole: either may be, not both.
module @user_memory attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error@below {{no sharding fits 976.56 KiB a device; the least peak possible is 1.01 MiB}}
  // expected-note@below {{largest at the peak: x (512.00 KiB) linear (512.00 KiB) w (8.00 KiB)}}
  // expected-note@below {{wished for: "x" in its dist.sharding}}
  // expected-note@below {{these wishes cannot be met together; give up any one of them}}
  func.func @evaluate(%x: tensor<2048x64xf32> {graph.input = "x", dist.sharding = #dist.sharding<[{}, {}]>}) {
    %w = graph.variable parameter "w" : tensor<64x64xf32> = #graph.constant<0.0> {dist.sharding = #dist.sharding<[{x}, {}]>}
    // expected-note@below {{wished for: "linear" in its dist.sharding}}
    %y = graph.linear %x, %w {dist.sharding = #dist.sharding<[{}, {}]>} : (tensor<2048x64xf32>, tensor<64x64xf32>) -> tensor<2048x64xf32>
    return
  }
}

// -----

module @user_variable attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @evaluate() {
    // expected-error@below {{"w" cannot be kept as S0R}}
    // expected-note@below {{possible are}}
    %w = graph.variable parameter "w" : tensor<3x64xf32> = #graph.constant<0.0> {dist.sharding = #dist.sharding<[{x}, {}]>}
    return
  }
}

// -----

module @user_axis attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @evaluate() {
    // expected-error@below {{"w" cannot be split over an axis that the mesh 2 lacks}}
    // expected-note@below {{possible are}}
    %w = graph.variable parameter "w" : tensor<4x64xf32> = #graph.constant<0.0> {dist.sharding = #dist.sharding<[{y}, {}]>}
    return
  }
}

// -----

// The same of a value that two read.
module @user_kept attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @evaluate(%x: tensor<8x64xf32> {graph.input = "x"}) {
    %w = graph.variable parameter "w" : tensor<5x64xf32> = #graph.constant<0.0>
    // expected-error@below {{"linear" cannot be kept as its dist.sharding}}
    %y = graph.linear %x, %w {dist.sharding = #dist.sharding<[{}, {x}]>} : (tensor<8x64xf32>, tensor<5x64xf32>) -> tensor<8x5xf32>
    %z = graph.add %y, %y : (tensor<8x5xf32>, tensor<8x5xf32>) -> tensor<8x5xf32>
    return
  }
}

// -----

// A rank reads whole images, its own.
module @user_argument attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error@below {{"x" cannot be kept as its dist.sharding; possible are RR, S0R}}
  func.func @evaluate(%x: tensor<8x64xf32> {graph.input = "x", dist.sharding = #dist.sharding<[{}, {x}]>}) {
    return
  }
}

// -----

module @not_ours attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @evaluate(%x: tensor<8x64xf32> {graph.input = "x"}) {
    // expected-error@below {{'func.call' op has no sharding rule; only operations of the graph dialect that come after differentiation can be sharded}}
    func.call @other(%x) : (tensor<8x64xf32>) -> ()
    return
  }
  func.func private @other(tensor<8x64xf32>)
}

// -----

module @not_differentiated attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @evaluate(%x: tensor<8x4x4x16xf32> {graph.input = "x"}) {
    %c = graph.variable state "c" : tensor<16xf32> = #graph.constant<1.0>
    // expected-error@below {{'graph.batch_norm' op has no sharding rule; only operations of the graph dialect that come after differentiation can be sharded}}
    %y = graph.batch_norm %x, %c, %c, %c, %c
       : (tensor<8x4x4x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<8x4x4x16xf32>
    return
  }
}
