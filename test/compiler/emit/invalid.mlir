// RUN: autopar-opt %s --autopar-emit -o /dev/null -split-input-file -verify-diagnostics

// expected-error @+1 {{the module has no memory plan; run plan-memory first}}
module {
}

// -----

// expected-error @+1 {{the module has no function @step}}
module attributes {rt.target = "cpu", rt.arena = 0 : i64} {
}

// -----

// expected-error @+1 {{the program has no loss over classes, which the runtime's data needs to know the number of}}
module attributes {rt.target = "cpu", rt.arena = 64 : i64} {
  func.func @step() {
    %l = rt.slice "labels" input at 0 live [0, 2) {graph.input = "labels"} : memref<1xi32>
    return
  }
}

// -----

// expected-error @+1 {{the module has no graph.optimizer to take the learning rate from}}
module attributes {rt.target = "cpu", rt.arena = 192 : i64} {
  func.func @step() {
    %x = rt.slice "x" input at 0 live [0, 2) : memref<1x8xf32>
    %l = rt.slice "labels" input at 64 live [0, 2) : memref<1xi32>
    %n = rt.slice "n" activation at 128 live [1, 3) : memref<f32>
    rt.call "CountCorrect" {batch = 1 : i64, classes = 8 : i64} (%x, %l) outs(%n) : (memref<1x8xf32>, memref<1xi32>, memref<f32>) -> ()
    return
  }
}
