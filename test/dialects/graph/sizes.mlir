// Shapes whose elements, or bytes, cannot be counted: refused wherever they stand, before anything
// is computed from them.
//
// RUN: autopar-opt %s -split-input-file -verify-diagnostics

func.func @no_rows(%x: tensor<0x12xf32>) {
  // expected-error@below {{has a value of 'tensor<0x12xf32>'; every dimension is from 1 to 2147483647}}
  %y = graph.relu %x : (tensor<0x12xf32>) -> tensor<0x12xf32>
  return
}

// -----

func.func @no_classes() {
  // expected-error@below {{has a value of 'tensor<0x12xf32>'; every dimension is from 1 to 2147483647}}
  %w = graph.variable parameter "w" : tensor<0x12xf32> = #graph.normal<0.1>
  return
}

// -----

func.func @wider_than_an_int(%x: tensor<8x12xf32>, %w: tensor<8589934592x12xf32>) {
  // expected-error@below {{every dimension is from 1 to 2147483647}}
  %y = graph.linear %x, %w : (tensor<8x12xf32>, tensor<8589934592x12xf32>) -> tensor<8x8589934592xf32>
  return
}

// -----

// 2^62 elements are 2^64 bytes.
func.func @more_bytes_than_64_bits_count(%x: tensor<1073741824x1073741824x4xf32>) {
  // expected-error@below {{it takes more than 281474976710656 bytes, the most that is planned for}}
  %y = graph.relu %x : (tensor<1073741824x1073741824x4xf32>) -> tensor<1073741824x1073741824x4xf32>
  return
}

// -----

func.func @more_elements_than_64_bits_count(%x: tensor<2147483647x2147483647x2147483647xf32>) {
  // expected-error@below {{it takes more than 281474976710656 bytes, the most that is planned for}}
  %y = graph.relu %x : (tensor<2147483647x2147483647x2147483647xf32>) -> tensor<2147483647x2147483647x2147483647xf32>
  return
}

// -----

func.func @more_dimensions_than_the_runtime_has(%x: tensor<1x1x1x1x1x1x1x1x1xf32>) {
  // expected-error@below {{there are at most 8 dimensions}}
  %y = graph.relu %x : (tensor<1x1x1x1x1x1x1x1x1xf32>) -> tensor<1x1x1x1x1x1x1x1x1xf32>
  return
}

// -----

// Its rows would be counted before their number is checked.
func.func @batch_norm_of_nothing(%x: tensor<2147483648x2147483648x2147483648x4xf32>, %c: tensor<4xf32>) {
  // expected-error@below {{every dimension is from 1 to 2147483647}}
  %y = graph.batch_norm %x, %c, %c, %c, %c
     : (tensor<2147483648x2147483648x2147483648x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
     -> tensor<2147483648x2147483648x2147483648x4xf32>
  return
}
