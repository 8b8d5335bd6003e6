// The rt dialect: calls of a target's runtime, first on values, then on slices of the arena.

#ifndef AUTOPAR_RT_TD
#define AUTOPAR_RT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/dist/Constraints.td"

def Rt_Dialect : Dialect {
  let name = "rt";
  let cppNamespace = "::autopar::rt";
  let summary = "calls of a target's runtime, and the memory they work on";
  let description = [{
    A step becomes calls of the runtime that emitted programs link. A module names the target whose
    runtime is meant; what can be called there, with which configuration and operands, stands in
    that target's table (Target.h).

    ```mlir
    module attributes {rt.target = "cpu"} {                      // after lower-to-cpu
      %y = rt.call "Relu" {count = 4096 : i64} (%x) : (tensor<8x512xf32>) -> tensor<8x512xf32>
    }
    module attributes {rt.target = "cpu", rt.arena = 32768 : i64} {   // after plan-memory
      %x = rt.slice "fc1" activation at 0 live [3, 4) : memref<8x512xf32>
      %y = rt.slice "relu" activation at 0 live [4, 9) : memref<8x512xf32>
      rt.call "Relu" {count = 4096 : i64} (%x) outs(%y) : (memref<8x512xf32>, memref<8x512xf32>) -> ()
    }
    ```
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
}

def Rt_StepAttr : AttrDef<Rt_Dialect, "Step"> {
  let mnemonic = "step";
  let summary = "one of the calls that a chain makes at once";
  let description = [{
    The callee, which works element by element, its configuration, and what it reads: the chain's
    inputs are counted first, then what the steps make, one by one. What the last step makes is the
    chain's result.

    ```mlir
    // relu_grad(a + b, y): 0 to 2 are a, b and y, 3 is the sum.
    %dx = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Add" {count = 8 : i64} (0, 1)>,
                                                     #rt.step<"ReluGrad" {count = 8 : i64} (3, 2)>]}
          (%a, %b, %y) : (tensor<8xf16>, tensor<8xf16>, tensor<8xf16>) -> tensor<8xf16>
    ```
  }];
  let parameters = (ins "::mlir::StringAttr":$callee, "::mlir::DictionaryAttr":$config,
                        ArrayRefParameter<"int64_t">:$reads);
  let assemblyFormat = "`<` $callee $config `(` $reads `)` `>`";
}

/// What a buffer is for, as memory reports add them up.
def Rt_BufferKind : I32EnumAttr<"BufferKind", "what a buffer is for", [
    I32EnumAttrCase<"Parameter", 0, "parameter">,
    I32EnumAttrCase<"State", 1, "state">,
    I32EnumAttrCase<"Slot", 2, "slot">,
    I32EnumAttrCase<"Input", 3, "input">,
    I32EnumAttrCase<"Activation", 4, "activation">,
    I32EnumAttrCase<"Gradient", 5, "gradient">,
    I32EnumAttrCase<"Communication", 6, "communication">,
    I32EnumAttrCase<"Workspace", 7, "workspace">]> {
  let cppNamespace = "::autopar::rt";
}

class Rt_Op<string mnemonic, list<Trait> traits = []> : Op<Rt_Dialect, mnemonic, traits # [StaticShapes]>;

def Rt_Value : AnyTypeOf<[AnyStaticShapeTensor, AnyStaticShapeMemRef]>;

def CallOp : Rt_Op<"call", [AttrSizedOperandSegments]> {
  let summary = "a call of the target's runtime";
  let description = [{
    `callee` is a class (or function) of the runtime and `config` what it is made of: the fields
    of its configuration. On values, results are results and `workspace` says how many bytes of
    scratch memory the call needs. On memory, results are written to `outs` and the scratch
    memory is a slice like the others.

    ```mlir
    %y = rt.call "Conv2dForward" {batch = 4 : i64, height = 32 : i64, …} (%x, %w) workspace 9216
       : (tensor<4x32x32x3xf32>, tensor<64x3x3x3xf32>) -> tensor<4x32x32x64xf32>

    rt.call "Conv2dForward" {batch = 4 : i64, height = 32 : i64, …} (%x, %w) outs(%y) scratch(%s)
      : (memref<4x32x32x3xf32>, memref<64x3x3x3xf32>, memref<4x32x32x64xf32>, memref<9216xi8>) -> ()
    ```
  }];
  let arguments = (ins StrAttr:$callee, DictionaryAttr:$config, Variadic<Rt_Value>:$inputs,
                       Variadic<AnyStaticShapeMemRef>:$outs,
                       Optional<AnyStaticShapeMemRef>:$scratch,
                       OptionalAttr<Bytes>:$workspace);
  let results = (outs Variadic<AnyStaticShapeTensor>:$results);
  let assemblyFormat = [{
    $callee $config `(` $inputs `)` (`outs` `(` $outs^ `)`)? (`scratch` `(` $scratch^ `)`)?
    (`workspace` $workspace^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The callee's entry in the target's table.
    const Callee &getCalleeEntry();
    /// Whether this call stands on memory rather than on values.
    bool isOnMemory() { return getNumResults() == 0; }
    /// What the table calls each input and output that the call has.
    ::llvm::SmallVector<::llvm::StringRef> getInputNames();
    ::llvm::SmallVector<::llvm::StringRef> getOutputNames();
    /// The input or output of this name, of a table of those that all rows share; none, and null,
    /// where the call does not have it. A name that the callee's table does not know ends the
    /// program.
    ::std::optional<unsigned> findInput(::llvm::StringRef name);
    ::mlir::Value getInput(::llvm::StringRef name);
    ::mlir::Value getOutput(::llvm::StringRef name);
    /// Rows of a call on a table; one of any other.
    unsigned getRows();
    /// What one row reads; of a call on no table, all it reads.
    ::mlir::OperandRange getRowInputs(unsigned row);
    /// The input of this name that a row reads; of a call on no table, that it reads.
    ::mlir::Value getRowInput(unsigned row, ::llvm::StringRef name);
    /// What one row leaves behind; of a call on no table, all of it.
    ::mlir::ValueRange getRowOutputs(unsigned row);
    /// The steps of a chain.
    ::llvm::SmallVector<StepAttr> getSteps();
    /// What all rows of a table share.
    ::mlir::OperandRange getSharedInputs();
    ::mlir::ValueRange getSharedOutputs();
    /// Inputs that output `output` may be written over, the preferred one first.
    ::llvm::SmallVector<unsigned> getOverwritable(unsigned output);
    bool mayOverwrite(unsigned output, unsigned input);
    /// What the call leaves behind: its results, or the slices it writes.
    ::mlir::ValueRange getOutputs();
    bool isCollective();
    /// Whether computation goes on beside it, until what it makes is waited for.
    bool runsBeside();
  }];
}

def JoinOp : Rt_Op<"join"> {
  let summary = "computation waits for a collective that has been running beside it";
  let description = [{
    Where the target has a stream for communication, a collective starts there when the calls before
    it are done, and the calls after it do not wait. Until an `rt.join` of what it writes, its
    operands and its scratch memory are its own: nothing may write them, and nothing may read what
    it writes. Collectives end in the order in which they start, so a join waits for all up to its
    own.

    ```mlir
    rt.call "AllReduce" {axes = array<i64: 0>} (%part) outs(%sum) : …
    rt.call "Conv2dInputGrad" {…} (%dy, %w) outs(%dx) : …          // beside it
    rt.join %sum : memref<64x64x3x3xf32>
    rt.call "Sgd" {…} (%w, %sum, %learning_rate) outs(%new) : …
    ```

    On values there is no such operation: the first that reads the result waits.
  }];
  let arguments = (ins Variadic<AnyStaticShapeMemRef>:$outs);
  let assemblyFormat = "$outs attr-dict `:` type($outs)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The call that writes `outs`.
    CallOp getCollective();
  }];
}

def ViewOp : Rt_Op<"view", [Pure]> {
  let summary = "the same bytes under another shape";
  let description = [{
    ```mlir
    %rows = rt.view %images : tensor<8x1x1x512xf32> -> tensor<8x512xf32>
    ```
  }];
  let arguments = (ins Rt_Value:$source);
  let results = (outs Rt_Value:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($result)";
  let hasVerifier = 1;
}

def SliceOp : Rt_Op<"slice", [Pure]> {
  let summary = "a buffer: bytes of the arena for as long as it lives";
  let description = [{
    One slice for each value, so that a value computed in place of another has a name of its own.
    It lives from call `begin` of its function until before call `end`. A variable's slice holds
    the variable's value when the function starts; a slice that `updates` a variable is that
    variable's storage and must hold the new value when the function returns.

    ```mlir
    %w = rt.slice "fc.weight" parameter at 0 live [0, 9) : memref<10x512xf32>
    %n = rt.slice "fc.weight.new" parameter at 0 live [9, 12) updates "fc.weight" : memref<10x512xf32>
    ```
  }];
  let arguments = (ins StrAttr:$name, Rt_BufferKind:$kind, Bytes:$offset,
                       Moment:$begin, Moment:$end, OptionalAttr<StrAttr>:$updates);
  let results = (outs AnyStaticShapeMemRef:$result);
  let assemblyFormat = [{
    $name $kind `at` $offset `live` `[` $begin `,` $end `)` (`updates` $updates^)? attr-dict
    `:` type($result)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    int64_t getBytes();
    /// With what lies between its end and the next buffer.
    int64_t getRoundedBytes();
    /// Whether it is a variable: kept from one step to the next.
    bool isVariable() { return getKind() <= BufferKind::Slot; }
  }];
}

#endif
