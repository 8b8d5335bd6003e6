// RUN: autopar-opt %s | autopar-opt | FileCheck %s
// RUN: autopar-opt --mlir-print-op-generic %s | autopar-opt | FileCheck %s

// CHECK: rt.arena = 32768
module attributes {rt.target = "cpu", rt.arena = 32768 : i64} {
  // CHECK-LABEL: func @calls_work_on_slices
  func.func @calls_work_on_slices() {
    // CHECK: rt.slice "x" input at 0 live[0, 2) : memref<8x512xf32>
    // CHECK: rt.slice "fc.weight" parameter at 16384 live[0, 2) : memref<1x512xf32>
    // CHECK: rt.slice "fc.weight.new" parameter at 16384 live[2, 4) updates "fc.weight" : memref<1x512xf32>
    // CHECK: rt.slice "fc.workspace" workspace at 18432 live[1, 2) : memref<4096xi8>
    %x = rt.slice "x" input at 0 live [0, 2) : memref<8x512xf32>
    %w = rt.slice "fc.weight" parameter at 16384 live [0, 2) : memref<1x512xf32>
    %n = rt.slice "fc.weight.new" parameter at 16384 live [2, 4) updates "fc.weight" : memref<1x512xf32>
    %s = rt.slice "fc.workspace" workspace at 18432 live [1, 2) : memref<4096xi8>
    %y = rt.slice "fc" activation at 22528 live [1, 2) : memref<8x1xf32>
    // CHECK: rt.call "LinearForward" {{{.*}}}(%{{.*}}, %{{.*}}) outs(%{{.*}}) scratch(%{{.*}}) :
    rt.call "LinearForward" {batch = 8 : i64, inputs = 512 : i64, outputs = 1 : i64} (%x, %w) outs(%y) scratch(%s)
      : (memref<8x512xf32>, memref<1x512xf32>, memref<8x1xf32>, memref<4096xi8>) -> ()
    // CHECK: rt.call "Relu" {count = 512 : i64}(%{{.*}}) outs(%{{.*}}) : (memref<1x512xf32>, memref<1x512xf32>) -> ()
    rt.call "Relu" {count = 512 : i64} (%w) outs(%n) : (memref<1x512xf32>, memref<1x512xf32>) -> ()
    return
  }
}
