// What lives from step to step: parameters, running statistics, optimizer state.

include "dialects/graph/GraphDialect.td"

class Graph_Attr<string name, string attrMnemonic> : AttrDef<Graph_Dialect, name> {
  let mnemonic = attrMnemonic;
  let assemblyFormat = "`<` struct(params) `>`";
}
class Graph_NumberAttr<string name, string attrMnemonic> : Graph_Attr<name, attrMnemonic> {
  let assemblyFormat = "`<` params `>`";
}

def Graph_ConstantInit : Graph_NumberAttr<"ConstantInit", "constant"> {
  let summary = "every element starts at one value: `#graph.constant<1.0>`";
  let parameters = (ins "::autopar::graph::Number":$value);
  let genVerifyDecl = 1;
}
def Graph_NormalInit : Graph_NumberAttr<"NormalInit", "normal"> {
  let summary = "elements drawn from a normal distribution: `#graph.normal<0.059>` (deviation)";
  let parameters = (ins "::autopar::graph::Number":$deviation);
  let genVerifyDecl = 1;
}
def Graph_UniformInit : Graph_NumberAttr<"UniformInit", "uniform"> {
  let summary = "elements drawn evenly from [-bound, bound): `#graph.uniform<0.02>`";
  let parameters = (ins "::autopar::graph::Number":$bound);
  let genVerifyDecl = 1;
}
def Graph_Numbers : Attr<CPred<"::llvm::isa<::mlir::DenseElementsAttr>($_self)">,
    "numbers, dense<...>">;
def Graph_AnyInit : AnyAttrOf<[Graph_ConstantInit, Graph_NormalInit, Graph_UniformInit,
    Graph_Numbers], "#graph.constant, #graph.normal, #graph.uniform or dense<...>">;

def Graph_VariableKind : I32EnumAttr<"VariableKind", "what a variable is for", [
    I32EnumAttrCase<"Parameter", 0, "parameter">,
    I32EnumAttrCase<"State", 1, "state">,
    I32EnumAttrCase<"Slot", 2, "slot">,
    I32EnumAttrCase<"Constant", 3, "constant">]> {
  let cppNamespace = "::autopar::graph";
}

def VariableOp : Graph_Op<"variable", [DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let summary = "the value a variable has at the start of a step";
  let description = [{
    A `parameter` is trained; a `state` is not, and is kept with the parameters (running
    statistics); a `slot` belongs to the optimizer. A `constant` is what the model computes with
    and never changes, a mask or a table: its numbers are the program's own, in no checkpoint.
    It may hold indices.

    `stored` is the shape under which checkpoints hold it, where that is another: of as many
    elements, or of fewer rows; the rest is padding, which starts as zero and is in no file.

    ```mlir
    %w = graph.variable parameter "conv1.weight" : tensor<64x3x7x7xf32> = #graph.normal<0.059>
    %a = graph.variable parameter "c_attn.weight" : tensor<768x3x12x64xf32>
       = #graph.normal<0.02> {stored = array<i64: 768, 2304>}
    %e = graph.variable parameter "wte.weight" : tensor<50304x768xf32>
       = #graph.normal<0.02> {stored = array<i64: 50257, 768>}
    %m = graph.variable constant "mask" : tensor<2x2xf32>
       = dense<[[0.0, 0xFF800000], [0.0, 0.0]]> : tensor<2x2xf32>
    ```
  }];
  let arguments = (ins Graph_VariableKind:$kind,
                       StrAttr:$name, Graph_AnyInit:$init,
                       OptionalAttr<Sizes>:$stored);
  let results = (outs AnyTypeOf<[Singles, Tokens]>:$result);
  let assemblyFormat = "$kind $name `:` type($result) `=` $init attr-dict";
  let builders = [OpBuilder<(ins "::mlir::Type":$type, "VariableKind":$kind,
                                 "const ::llvm::Twine &":$name, "::mlir::Attribute":$init), [{
    build($_builder, $_state, type, kind, $_builder.getStringAttr(name), init,
          /*stored=*/nullptr);
  }]>];
  let hasVerifier = 1;
}

def AssignOp : Graph_Op<"assign", [DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let summary = "gives a variable its value for the next step";
  let description = [{
    ```mlir
    graph.assign "conv1.weight" = %updated : tensor<64x3x7x7xf32>
    ```
  }];
  let arguments = (ins StrAttr:$name, Singles:$value);
  let assemblyFormat = "$name `=` $value attr-dict `:` type($value)";
}
