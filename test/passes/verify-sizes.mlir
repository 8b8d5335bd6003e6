// What no single operation sees of a program's size.
//
// RUN: autopar-opt %s --autopar-verify-sizes -split-input-file -verify-diagnostics
//
// 257 values of 2^48 bytes each are more than 2^56 bytes.
// RUN: awk 'BEGIN { t = "tensor<65536x65536x16384xf32>"; print "func.func @all(%v0: " t ") {"; \
// RUN:   for (i = 0; i < 256; ++i) print "%v" i + 1 " = graph.relu %v" i " : (" t ") -> " t; \
// RUN:   print "return }" }' > %t.mlir
// RUN: not autopar-opt %t.mlir --autopar-verify-sizes 2>&1 | FileCheck %s
// CHECK: the values of the program up to "{{.*}}" take 72339069014638592 bytes together; up to 72057594037927936 can be planned

func.func @this_one_is_right(%x: tensor<8x4xf32>) {
  return
}

// -----

// expected-error@below {{"arg0" has a value of 'tensor<0x4xf32>'; every dimension is from 1 to 2147483647}}
func.func @an_argument_that_nobody_reads(%x: tensor<0x4xf32>) {
  return
}

// -----

// expected-error@below {{"arg0" is of 'i32'; a program works on tensors}}
func.func @no_tensor(%n: i32) {
  return
}

// -----

// expected-error@below {{@declared has no body of one block; a program's function is a list of operations}}
func.func private @declared(tensor<8xf32>)
