// Broken plans, each in one way.
//
// RUN: autopar-opt %s --autopar-verify-memory -split-input-file -verify-diagnostics

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @this_one_is_right() -> memref<64xf32> {
    %x = rt.slice "x" input at 0 live [0, 1) : memref<64xf32>
    %y = rt.slice "y" activation at 0 live [1, 3) : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    return %y : memref<64xf32>
  }
}

// -----

// b was written over the last 64 bytes of a; that the live ranges say otherwise does not help.
module attributes {rt.target = "cpu", rt.arena = 1024 : i64} {
  func.func @a_value_is_overwritten() {
    %x = rt.slice "x" input at 448 live [0, 9) : memref<64xf32>
    %a = rt.slice "a" activation at 0 live [1, 3) : memref<64xf32>
    %b = rt.slice "b" activation at 192 live [3, 4) : memref<64xf32>
    %c = rt.slice "c" activation at 704 live [3, 4) : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%x) outs(%a) : (memref<64xf32>, memref<64xf32>) -> ()
    rt.call "Relu" {count = 64 : i64} (%x) outs(%b) : (memref<64xf32>, memref<64xf32>) -> ()
    // expected-error @+1 {{reads 'a', of which bytes [192, 256) hold 'b'}}
    rt.call "Relu" {count = 64 : i64} (%a) outs(%c) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 1024 : i64} {
  func.func @a_view_is_no_way_around() {
    %x = rt.slice "x" input at 0 live [0, 9) : memref<8x8xf32>
    %b = rt.slice "b" activation at 0 live [1, 2) : memref<64xf32>
    %v = rt.view %x : memref<8x8xf32> -> memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%v) outs(%b) : (memref<64xf32>, memref<64xf32>) -> ()
    // expected-error @+1 {{reads 'x', of which bytes [0, 256) hold 'b'}}
    rt.call "Relu" {count = 64 : i64} (%v) outs(%b) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @nothing_has_been_written_yet() {
    %a = rt.slice "a" activation at 0 live [1, 3) : memref<64xf32>
    %b = rt.slice "b" activation at 256 live [1, 3) : memref<64xf32>
    // expected-error @+1 {{reads 'a', of which bytes [0, 256) hold nothing yet}}
    rt.call "Relu" {count = 64 : i64} (%a) outs(%b) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @a_product_does_not_work_in_place() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<8x8xf32>
    %y = rt.slice "y" activation at 0 live [1, 3) : memref<8x8xf32>
    // expected-error @+1 {{has 'y' and 'x' overlap, which LinearForward does not allow}}
    rt.call "LinearForward" {batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64} (%x, %x) outs(%y) : (memref<8x8xf32>, memref<8x8xf32>, memref<8x8xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @in_place_means_the_very_same_bytes() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %y = rt.slice "y" activation at 64 live [1, 3) : memref<64xf32>
    // expected-error @+1 {{has 'y' and 'x' overlap, which Relu does not allow}}
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @an_all_reduce_works_nowhere_else() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %y = rt.slice "y" activation at 256 live [1, 3) : memref<64xf32>
    // expected-error @+1 {{has 'y' elsewhere than 'x', but works in place}}
    rt.call "AllReduce" {axes = array<i64: 0>} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @a_workspace_is_of_the_call_alone() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<8x8xf32>
    %y = rt.slice "y" activation at 256 live [1, 3) : memref<8x8xf32>
    %s = rt.slice "y.workspace" workspace at 448 live [1, 2) : memref<64xi8>
    // expected-error @+1 {{has 'y.workspace' and 'y' overlap, which LinearForward does not allow}}
    rt.call "LinearForward" {batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64} (%x, %x) outs(%y) scratch(%s) : (memref<8x8xf32>, memref<8x8xf32>, memref<8x8xf32>, memref<64xi8>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @outputs_stand_apart() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<2x8xf64>
    %a = rt.slice "a" activation at 128 live [1, 3) : memref<8xf32>
    %b = rt.slice "b" activation at 128 live [1, 3) : memref<8xf32>
    // expected-error @+1 {{has 'b' and 'a' overlap, which BatchNormGradParameters does not allow}}
    rt.call "BatchNormGradParameters" {channels = 8 : i64} (%x) outs(%a, %b) : (memref<2x8xf64>, memref<8xf32>, memref<8xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @a_variable_keeps_its_value() {
    %w = rt.slice "w" parameter at 0 live [0, 3) : memref<64xf32>
    %x = rt.slice "x" input at 256 live [0, 3) : memref<64xf32>
    %y = rt.slice "y" activation at 0 live [1, 3) : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    // expected-error @+1 {{reads 'w', of which bytes [0, 256) hold 'y'}}
    return
  }
}

// -----

// @evaluate knows nothing of the momentum that @step keeps, and must leave it alone all the same.
module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @step() {
    %m = rt.slice "w.momentum" slot at 256 live [0, 1) : memref<64xf32>
    return
  }
  func.func @evaluate() {
    %x = rt.slice "x" input at 0 live [0, 2) : memref<64xf32>
    %y = rt.slice "y" activation at 256 live [1, 2) : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    // expected-error @+1 {{reads 'w.momentum', of which bytes [256, 512) hold 'y'}}
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @step() {
    %w = rt.slice "w" parameter at 0 live [0, 1) : memref<64xf32>
    return
  }
  func.func @a_variable_has_one_place() {
    // expected-error @+1 {{is at 256; another function has it at 0}}
    %w = rt.slice "w" parameter at 256 live [0, 1) : memref<64xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @variables_are_updated_in_their_place() {
    %w = rt.slice "w" parameter at 0 live [0, 1) : memref<64xf32>
    // expected-error @+1 {{updates 'w' elsewhere than at 0}}
    %n = rt.slice "w.new" parameter at 256 live [1, 3) updates "w" : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%w) outs(%n) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @inputs_start_in_bytes_of_their_own() {
    %a = rt.slice "a" input at 0 live [0, 1) : memref<64xf32>
    // expected-error @+1 {{starts in bytes of another variable or input}}
    %b = rt.slice "b" input at 192 live [0, 1) : memref<64xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @a_result_is_still_there() -> memref<64xf32> {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %y = rt.slice "y" activation at 256 live [1, 3) : memref<64xf32>
    %z = rt.slice "z" activation at 256 live [2, 3) : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    rt.call "Relu" {count = 64 : i64} (%x) outs(%z) : (memref<64xf32>, memref<64xf32>) -> ()
    // expected-error @+1 {{reads 'y', of which bytes [256, 512) hold 'z'}}
    return %y : memref<64xf32>
  }
}

// -----

// expected-error @+1 {{has no memory plan; plan-memory gives the module its rt.arena}}
module {
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @nothing_works_on_values(%x: tensor<8xf32>) {
    // expected-error @+1 {{works on values in a module whose memory is planned}}
    %y = rt.view %x : tensor<8xf32> -> tensor<2x4xf32>
    return
  }
}

// -----

// Beside computation: offsets are multiples of 256, as the CUDA target wants them.
module attributes {rt.target = "cuda", rt.arena = 1024 : i64} {
  func.func @joined_in_time() -> memref<64xf32> {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %m = rt.slice "m" communication at 256 live [1, 4) : memref<64xf32>
    %y = rt.slice "y" activation at 512 live [2, 4) : memref<64xf32>
    %z = rt.slice "z" activation at 256 live [3, 5) : memref<64xf32>
    rt.call "AllToAll" {axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64} (%x) outs(%m) : (memref<64xf32>, memref<64xf32>) -> ()
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    rt.join %m : memref<64xf32>
    rt.call "Add" {count = 64 : i64} (%m, %y) outs(%z) : (memref<64xf32>, memref<64xf32>, memref<64xf32>) -> ()
    return %z : memref<64xf32>
  }
}

// -----

module attributes {rt.target = "cuda", rt.arena = 1024 : i64} {
  func.func @what_a_collective_still_writes_is_not_read() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %m = rt.slice "m" communication at 256 live [1, 4) : memref<64xf32>
    %y = rt.slice "y" activation at 512 live [2, 4) : memref<64xf32>
    rt.call "AllToAll" {axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64} (%x) outs(%m) : (memref<64xf32>, memref<64xf32>) -> ()
    // expected-error @+1 {{reads 'm' while AllToAll still writes 'm'; no rt.join stands before it}}
    rt.call "Relu" {count = 64 : i64} (%m) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    rt.join %m : memref<64xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda", rt.arena = 1024 : i64} {
  func.func @what_it_still_reads_is_not_written() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %m = rt.slice "m" communication at 256 live [1, 4) : memref<64xf32>
    %y = rt.slice "y" activation at 0 live [2, 4) : memref<64xf32>
    rt.call "AllToAll" {axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64} (%x) outs(%m) : (memref<64xf32>, memref<64xf32>) -> ()
    // expected-error @+1 {{writes 'y' while AllToAll still reads 'x'; no rt.join stands before it}}
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    rt.join %m : memref<64xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda", rt.arena = 1024 : i64} {
  func.func @nor_is_what_it_works_in() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %m = rt.slice "m" communication at 256 live [1, 4) : memref<64xf32>
    %s = rt.slice "m.workspace" communication at 512 live [1, 2) : memref<256xi8>
    %y = rt.slice "y" activation at 512 live [2, 4) : memref<64xf32>
    rt.call "AllToAll" {axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64} (%x) outs(%m) scratch(%s) : (memref<64xf32>, memref<64xf32>, memref<256xi8>) -> ()
    // expected-error @+1 {{writes 'y' while AllToAll still writes 'm.workspace'; no rt.join stands before it}}
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    rt.join %m : memref<64xf32>
    return
  }
}

// -----

// A join waits for those before its collective, and for no later one.
module attributes {rt.target = "cuda", rt.arena = 1024 : i64} {
  func.func @a_join_waits_for_what_came_before() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %m = rt.slice "m" communication at 256 live [1, 4) : memref<64xf32>
    %n = rt.slice "n" communication at 512 live [1, 4) : memref<64xf32>
    %y = rt.slice "y" activation at 768 live [2, 4) : memref<64xf32>
    rt.call "AllToAll" {axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64} (%x) outs(%m) : (memref<64xf32>, memref<64xf32>) -> ()
    rt.call "AllToAll" {axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64} (%x) outs(%n) : (memref<64xf32>, memref<64xf32>) -> ()
    rt.join %m : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%m) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    // expected-error @+1 {{reads 'n' while AllToAll still writes 'n'}}
    rt.call "Relu" {count = 64 : i64} (%n) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cuda", rt.arena = 1024 : i64} {
  func.func @all_are_waited_for_in_the_end() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %m = rt.slice "m" communication at 256 live [1, 4) : memref<64xf32>
    rt.call "AllToAll" {axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64} (%x) outs(%m) : (memref<64xf32>, memref<64xf32>) -> ()
    // expected-error @+1 {{leaves AllToAll running, which writes 'm'; no rt.join stands before it}}
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @memory_from_elsewhere(%x: memref<64xf32>) {
    %y = rt.slice "y" activation at 0 live [1, 3) : memref<64xf32>
    // expected-error @+1 {{works on 'memref<64xf32>' that is no slice of the arena}}
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  // expected-error @+1 {{@declared has no body of one block}}
  func.func private @declared()
}

// -----

// The next step's batch waits while anything runs, and nothing works on it.
module attributes {rt.target = "cuda", rt.arena = 1024 : i64} {
  func.func @step() -> memref<64xf32> {
    %x = rt.slice "images" input at 0 live [0, 1) {graph.input = "images"} : memref<64xf32>
    %n = rt.slice "images.next" input at 256 live [0, 2) {rt.next = "images"} : memref<64xf32>
    %y = rt.slice "y" activation at 512 live [1, 2) : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    return %y : memref<64xf32>
  }
}

// -----

module attributes {rt.target = "cuda", rt.arena = 1024 : i64} {
  func.func @step() {
    %x = rt.slice "images" input at 0 live [0, 1) {graph.input = "images"} : memref<64xf32>
    // expected-error @+1 {{shares bytes with 'y', and waits for the next step}}
    %n = rt.slice "images.next" input at 256 live [0, 1) {rt.next = "images"} : memref<64xf32>
    return
  }
  func.func @evaluate() -> memref<64xf32> {
    %x = rt.slice "x" input at 0 live [0, 1) : memref<64xf32>
    %y = rt.slice "y" activation at 256 live [1, 2) : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    return %y : memref<64xf32>
  }
}

// -----

module attributes {rt.target = "cuda", rt.arena = 1024 : i64} {
  func.func @step() -> memref<64xf32> {
    %x = rt.slice "images" input at 0 live [0, 1) {graph.input = "images"} : memref<64xf32>
    // expected-error @+1 {{is worked on, and waits for the next step}}
    %n = rt.slice "images.next" input at 256 live [0, 2) {rt.next = "images"} : memref<64xf32>
    %y = rt.slice "y" activation at 512 live [1, 2) : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%n) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    return %y : memref<64xf32>
  }
}

// -----

module attributes {rt.target = "cuda", rt.arena = 1024 : i64} {
  func.func @step() {
    %x = rt.slice "images" input at 0 live [0, 1) {graph.input = "images"} : memref<64xf32>
    // expected-error @+1 {{is room for the next "images", and there is no such input of 'memref<32xf32>'}}
    %n = rt.slice "images.next" input at 256 live [0, 1) {rt.next = "images"} : memref<32xf32>
    return
  }
}
