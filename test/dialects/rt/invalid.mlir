// RUN: autopar-opt -split-input-file -verify-diagnostics %s

func.func @a_module_names_its_target(%x: tensor<8xf32>) {
  // expected-error @+1 {{stands in a module without a target; give the module an rt.target attribute, one of cpu}}
  %y = rt.call "Relu" {count = 8 : i64} (%x) : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

module attributes {rt.target = "abacus"} {
  func.func @a_target_is_known(%x: tensor<8xf32>) {
    // expected-error @+1 {{is for target 'abacus'; there are cpu}}
    %y = rt.call "Relu" {count = 8 : i64} (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @a_callee_is_known(%x: tensor<8xf32>) {
    // expected-error @+1 {{calls 'Rellu', which the runtime of target cpu does not have}}
    %y = rt.call "Rellu" {count = 8 : i64} (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @inputs_are_as_many_as_the_callee_takes(%x: tensor<8xf32>) {
    // expected-error @+1 {{has 2 inputs; Relu takes 1: x}}
    %y = rt.call "Relu" {count = 8 : i64} (%x, %x) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @some_inputs_are_optional(%x: tensor<8xf32>) {
    // expected-error @+1 {{has 2 inputs; Sgd takes 3 or 4: parameter, gradient, lr, [factor]}}
    %y = rt.call "Sgd" {count = 8 : i64} (%x, %x) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

// What tells the velocity's first step is there with dampening of a velocity alone.
module attributes {rt.target = "cpu"} {
  func.func @a_field_decides_about_an_input(%x: tensor<8xf32>) {
    // expected-error @+1 {{has 4 inputs; Sgd takes 5 or 6: parameter, gradient, lr, velocity, state, [factor]}}
    %y:2 = rt.call "Sgd" {count = 8 : i64, dampening = 0.5} (%x, %x, %x, %x)
        : (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>)
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @columns_are_of_one_length(%p: tensor<8xf32>, %lr: tensor<f32>) {
    // expected-error @+1 {{gives SgdAll 2 elements of 'weightDecay' for 1 rows}}
    %y:2 = rt.call "SgdAll" {count = array<i64: 8>, weightDecay = array<f64: 0.0, 0.1>} (%p, %p, %p, %lr)
        : (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<f32>) -> (tensor<8xf32>, tensor<8xf32>)
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @rows_have_all_their_operands(%p: tensor<8xf32>, %lr: tensor<f32>) {
    // expected-error @+1 {{has 4 inputs; SgdAll takes 7 or 8: 2 rows of parameter, gradient, velocity, lr, [factor]}}
    %y:4 = rt.call "SgdAll" {count = array<i64: 8, 8>, weightDecay = array<f64: 0.0, 0.1>} (%p, %p, %p, %lr)
        : (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<f32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @a_target_may_lack_a_call() {
    // expected-error @+1 {{calls 'ZerosAll', which the runtime of target cpu does not have}}
    %y = rt.call "ZerosAll" {count = array<i64: 8>} () : () -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @a_bucket_is_not_empty() {
    // expected-error @+1 {{has 0 outputs; AllReduce takes 1 or more: tensors}}
    rt.call "AllReduce" {axes = array<i64: 0>} () workspace 0 : () -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @outputs_are_as_many_as_the_callee_makes(%x: tensor<8xf32>) {
    // expected-error @+1 {{has 2 outputs; Relu takes 1: y}}
    %y:2 = rt.call "Relu" {count = 8 : i64} (%x) : (tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>)
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @a_bucket_has_as_many_outputs_as_inputs(%x: tensor<8xf32>) {
    // expected-error @+1 {{has 2 inputs and 1 outputs}}
    %y = rt.call "AllReduce" {axes = array<i64: 0>} (%x, %x) workspace 0 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @in_place_keeps_the_size(%x: tensor<8xf32>) {
    // expected-error @+1 {{makes 'tensor<4xf32>' of 'tensor<8xf32>'; it works in place}}
    %y = rt.call "AllReduce" {axes = array<i64: 0>} (%x) workspace 0 : (tensor<8xf32>) -> tensor<4xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @configurations_have_known_fields(%x: tensor<8xf32>) {
    // expected-error @+1 {{gives Sgd a 'momentun'; it has count, momentum, dampening, weightDecay, nesterov}}
    %y = rt.call "Sgd" {count = 8 : i64, momentun = 0.9} (%x, %x, %x) : (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @configurations_are_complete(%x: tensor<8xf32>) {
    // expected-error @+1 {{does not give Relu its 'count'}}
    %y = rt.call "Relu" {} (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @fields_have_types(%x: tensor<8xf32>) {
    // expected-error @+1 {{gives Relu count = 8.000000e+00 : f64; it is an integer}}
    %y = rt.call "Relu" {count = 8.0} (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @workspaces_are_known(%x: tensor<8x8xf32>) {
    // expected-error @+1 {{does not say how much workspace LinearForward needs}}
    %y = rt.call "LinearForward" {batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64} (%x, %x) : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @only_some_calls_have_a_workspace(%x: tensor<8xf32>) {
    // expected-error @+1 {{gives a workspace to Relu, which has none}}
    %y = rt.call "Relu" {count = 8 : i64} (%x) workspace 64 : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @a_workspace_has_a_size(%x: tensor<8x8xf32>) {
    // expected-error @+1 {{attribute 'workspace' failed to satisfy constraint: whole number from 0 to 72057594037927936; it is -1 : i64 here}}
    %y = rt.call "LinearForward" {batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64} (%x, %x) workspace -1 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 64 : i64} {
  func.func @no_values_once_memory_is_planned(%x: tensor<8xf32>) {
    // expected-error @+1 {{has results in a module whose memory is planned}}
    %y = rt.call "Relu" {count = 8 : i64} (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 64 : i64} {
  func.func @no_values_are_read_either(%x: tensor<8xf32>) {
    %y = rt.slice "y" activation at 0 live [1, 2) : memref<8xf32>
    // expected-error @+1 {{reads 'tensor<8xf32>' where its memory is planned}}
    rt.call "Relu" {count = 8 : i64} (%x) outs(%y) : (tensor<8xf32>, memref<8xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 64 : i64} {
  func.func @results_or_memory_not_both(%x: memref<8xf32>) {
    // expected-error @+1 {{has both results and memory to write to}}
    %y = rt.call "Relu" {count = 8 : i64} (%x) outs(%x) : (memref<8xf32>, memref<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 64 : i64} {
  func.func @workspaces_are_planned(%x: memref<8x8xf32>) {
    // expected-error @+1 {{has its memory planned, but a workspace that is not}}
    rt.call "LinearForward" {batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64} (%x, %x) outs(%x) workspace 64 : (memref<8x8xf32>, memref<8x8xf32>, memref<8x8xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 64 : i64} {
  func.func @scratch_is_for_calls_that_need_it(%x: memref<8xf32>) {
    // expected-error @+1 {{gives a workspace to Relu, which has none}}
    rt.call "Relu" {count = 8 : i64} (%x) outs(%x) scratch(%x) : (memref<8xf32>, memref<8xf32>, memref<8xf32>) -> ()
    return
  }
}

// -----

func.func @views_keep_their_bytes(%x: tensor<8x4xf32>) {
  // expected-error @+1 {{shows 128 bytes of 'tensor<8x4xf32>' as 64 of 'tensor<16xf32>'}}
  %y = rt.view %x : tensor<8x4xf32> -> tensor<16xf32>
  return
}

// -----

func.func @views_do_not_leave_values(%x: tensor<8x4xf32>) {
  // expected-error @+1 {{memory and values do not mix}}
  %y = rt.view %x : tensor<8x4xf32> -> memref<32xf32>
  return
}

// -----

func.func @slices_are_of_an_arena() {
  // expected-error @+1 {{stands in a module without an arena; plan-memory gives the module its rt.arena}}
  %x = rt.slice "x" activation at 0 live [0, 1) : memref<8xf32>
  return
}

// -----

module attributes {rt.arena = 128 : i64} {
  func.func @slices_are_aligned() {
    // expected-error @+1 {{is at 32, which is not a multiple of 64}}
    %x = rt.slice "x" activation at 32 live [0, 1) : memref<8xf32>
    return
  }
}

// -----

module attributes {rt.arena = 128 : i64} {
  func.func @slices_lie_inside_the_arena() {
    // expected-error @+1 {{ends at byte 192 of an arena of 128}}
    %x = rt.slice "x" activation at 64 live [0, 1) : memref<32xf32>
    return
  }
}

// -----

module attributes {rt.arena = 128 : i64} {
  func.func @slices_live_for_a_while() {
    // expected-error @+1 {{lives from call 3 until before call 3}}
    %x = rt.slice "x" activation at 64 live [3, 3) : memref<8xf32>
    return
  }
}

// -----

module attributes {rt.arena = 128 : i64} {
  func.func @only_variables_are_updated() {
    // expected-error @+1 {{updates "w" but is no variable's storage}}
    %x = rt.slice "x" activation at 64 live [1, 3) updates "w" : memref<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 256 : i64} {
  func.func @joins_are_for_targets_with_two_streams() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %s = rt.slice "s" activation at 0 live [1, 3) : memref<64xf32>
    rt.call "AllReduce" {axes = array<i64: 0>} (%x) outs(%s) : (memref<64xf32>, memref<64xf32>) -> ()
    // expected-error @+1 {{waits for what no collective writes beside computation; its operands are all that one rt.call writes, in order}}
    rt.join %s : memref<64xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda", rt.arena = 256 : i64} {
  func.func @a_join_comes_after_its_collective() {
    %x = rt.slice "x" input at 0 live [0, 3) : memref<64xf32>
    %s = rt.slice "s" activation at 0 live [1, 3) : memref<64xf32>
    // expected-error @+1 {{waits for AllReduce before it is called}}
    rt.join %s : memref<64xf32>
    rt.call "AllReduce" {axes = array<i64: 0>} (%x) outs(%s) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @a_chain_has_steps(%x: tensor<8xf32>) {
    // expected-error @+1 {{has 1 steps; a chain has two or more}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Relu" {count = 8 : i64} (0)>]}
        (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @a_step_works_element_by_element(%x: tensor<8xf32>) {
    // expected-error @+1 {{has step 1, Softmax, which is no call of target cuda that works element by element}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Relu" {count = 8 : i64} (0)>, #rt.step<"Softmax" {rows = 1 : i64, columns = 8 : i64} (1)>]}
        (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @a_step_is_configured(%x: tensor<8xf32>) {
    // expected-error @+1 {{does not give Scale its 'factor'}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Relu" {count = 8 : i64} (0)>, #rt.step<"Scale" {count = 8 : i64} (1)>]}
        (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @a_step_reads_what_it_takes(%x: tensor<8xf32>) {
    // expected-error @+1 {{has 1 inputs; Add takes 2: a, b}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Relu" {count = 8 : i64} (0)>, #rt.step<"Add" {count = 8 : i64} (1)>]}
        (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @a_step_reads_what_is_made_before(%x: tensor<8xf32>) {
    // expected-error @+1 {{has step 0, Add, which reads 1 as its 'b'; that is one of 0 to 0}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Add" {count = 8 : i64} (0, 1)>, #rt.step<"Relu" {count = 8 : i64} (1)>]}
        (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @a_bias_is_an_input(%x: tensor<8xf32>) {
    // expected-error @+1 {{has step 1, BiasAdd, which reads 1 as its 'bias'; that is one of 0 to 0}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Relu" {count = 8 : i64} (0)>, #rt.step<"BiasAdd" {rows = 1 : i64, channels = 8 : i64} (0, 1)>]}
        (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @all_steps_are_read(%x: tensor<8xf32>) {
    // expected-error @+1 {{has step 0, Relu, which no step reads}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Relu" {count = 8 : i64} (0)>, #rt.step<"Gelu" {count = 8 : i64} (0)>]}
        (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @steps_are_of_one_size(%x: tensor<8xf32>) {
    // expected-error @+1 {{is of 8 elements, and step 1, Gelu, of 4}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Relu" {count = 8 : i64} (0)>, #rt.step<"Gelu" {count = 4 : i64} (1)>]}
        (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @inputs_are_of_the_steps_size(%x: tensor<4xf32>) {
    // expected-error @+1 {{is of 8 elements, and reads 'tensor<4xf32>', of 4}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Relu" {count = 8 : i64} (0)>, #rt.step<"Gelu" {count = 8 : i64} (1)>]}
        (%x) : (tensor<4xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @elements_are_floats(%x: tensor<8xf64>) {
    // expected-error @+1 {{reads 'tensor<8xf64>' element by element; it can f32, bf16 and f16}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Relu" {count = 8 : i64} (0)>, #rt.step<"Gelu" {count = 8 : i64} (1)>]}
        (%x) : (tensor<8xf64>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cuda"} {
  func.func @an_input_is_read_one_way(%x: tensor<8xf32>) {
    // expected-error @+1 {{reads input 0 element by element and as a whole}}
    %y = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Relu" {count = 8 : i64} (0)>, #rt.step<"BiasAdd" {rows = 1 : i64, channels = 8 : i64} (1, 0)>]}
        (%x) : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

//===- sizes ------------------------------------------------------------------------------===//

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @bytes_that_overflow() {
    // expected-error@below {{has a value of 'memref<9223372036854775807xf32>'; every dimension is from 1 to 2147483647}}
    %b = rt.slice "b" input at 192 live [0, 1) : memref<9223372036854775807xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @elements_of_no_whole_bytes() {
    // expected-error@below {{has a value of 'memref<8xi1>'; elements are numbers of 8 to 64 bits}}
    %b = rt.slice "b" input at 192 live [0, 1) : memref<8xi1>
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @elements_apart() {
    // expected-error@below {{elements lie in row-major order, without a layout}}
    %b = rt.slice "b" input at 192 live [0, 1) : memref<8x8xf32, strided<[16, 1]>>
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @offset() {
    // expected-error@below {{attribute 'offset' failed to satisfy constraint: whole number from 0 to 72057594037927936; it is -64 : i64 here}}
    %b = rt.slice "b" input at -64 live [0, 1) : memref<8xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @moment() {
    // expected-error@below {{attribute 'begin' failed to satisfy constraint: whole number from 0 to 2147483647; it is -1 : i64 here}}
    %b = rt.slice "b" input at 0 live [-1, 1) : memref<8xf32>
    return
  }
}

// -----

// expected-error@below {{rt.arena is -1 : i64; it is a whole number from 0 to 72057594037927936}}
module attributes {rt.arena = -1 : i64} {}
