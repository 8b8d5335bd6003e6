// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @any_rank
func.func @any_rank(%image: tensor<8x32x32x64xf32>, %scalar: tensor<f32>) {
  // CHECK: graph.relu %{{.*}} : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  %y = graph.relu %image : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  // CHECK: graph.relu_grad %{{.*}}, %{{.*}} : (tensor<8x32x32x64xf32>, tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  %dx = graph.relu_grad %image, %y
      : (tensor<8x32x32x64xf32>, tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  // CHECK: graph.silu %{{.*}} : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  %s = graph.silu %image : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  // CHECK: graph.silu_grad %{{.*}}, %{{.*}} : (tensor<8x32x32x64xf32>, tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  %ds = graph.silu_grad %s, %image
      : (tensor<8x32x32x64xf32>, tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  // CHECK: graph.add %{{.*}}, %{{.*}} : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %z = graph.add %scalar, %scalar : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return
}

// CHECK-LABEL: func @functions
func.func @functions(%x: tensor<8x512xf32>, %y: tensor<8x512xf32>) {
  // CHECK: graph.exp %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %exp = graph.exp %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.log %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %log = graph.log %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.sin %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %sin = graph.sin %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.cos %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %cos = graph.cos %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.sqrt %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %sqrt = graph.sqrt %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.rsqrt %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %rsqrt = graph.rsqrt %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.tanh %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %tanh = graph.tanh %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.sigmoid %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %sigmoid = graph.sigmoid %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.erf %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %erf = graph.erf %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.abs %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %abs = graph.abs %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.softplus %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %softplus = graph.softplus %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.hardswish %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %hardswish = graph.hardswish %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.hardsigmoid %{{.*}} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %hardsigmoid = graph.hardsigmoid %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.shift %{{.*}} {term = 9.9999999999999995E-7 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %shift = graph.shift %x {term = 9.9999999999999995E-7 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.scale %{{.*}} {factor = 1.250000e-01 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %scale = graph.scale %x {factor = 1.250000e-01 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.power %{{.*}} {exponent = 2.000000e+00 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %power = graph.power %x {exponent = 2.000000e+00 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.clamp %{{.*}} {high = 6.000000e+00 : f64, low = 0.000000e+00 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %clamp = graph.clamp %x {high = 6.000000e+00 : f64, low = 0.000000e+00 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.leaky_relu %{{.*}} {slope = 1.000000e-02 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %leaky_relu = graph.leaky_relu %x {slope = 1.000000e-02 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.elu %{{.*}} {alpha = 1.000000e+00 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  %elu = graph.elu %x {alpha = 1.000000e+00 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.sqrt_grad %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %sqrt_grad = graph.sqrt_grad %y, %x : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.rsqrt_grad %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %rsqrt_grad = graph.rsqrt_grad %y, %x : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.tanh_grad %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %tanh_grad = graph.tanh_grad %y, %x : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.sigmoid_grad %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %sigmoid_grad = graph.sigmoid_grad %y, %x : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.erf_grad %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %erf_grad = graph.erf_grad %y, %x : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.abs_grad %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %abs_grad = graph.abs_grad %y, %x : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.softplus_grad %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %softplus_grad = graph.softplus_grad %y, %x : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.hardswish_grad %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %hardswish_grad = graph.hardswish_grad %y, %x : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.hardsigmoid_grad %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %hardsigmoid_grad = graph.hardsigmoid_grad %y, %x : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.power_grad %{{.*}}, %{{.*}} {exponent = 2.000000e+00 : f64} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %power_grad = graph.power_grad %y, %x {exponent = 2.000000e+00 : f64} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.clamp_grad %{{.*}}, %{{.*}} {high = 6.000000e+00 : f64, low = 0.000000e+00 : f64} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %clamp_grad = graph.clamp_grad %y, %x {high = 6.000000e+00 : f64, low = 0.000000e+00 : f64} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.leaky_relu_grad %{{.*}}, %{{.*}} {slope = 1.000000e-02 : f64} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %leaky_relu_grad = graph.leaky_relu_grad %y, %x {slope = 1.000000e-02 : f64} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.elu_grad %{{.*}}, %{{.*}} {alpha = 1.000000e+00 : f64} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %elu_grad = graph.elu_grad %y, %x {alpha = 1.000000e+00 : f64} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.sub %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %sub = graph.sub %x, %y : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.mul %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %mul = graph.mul %x, %y : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.div %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %div = graph.div %x, %y : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.maximum %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %maximum = graph.maximum %x, %y : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.minimum %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %minimum = graph.minimum %x, %y : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.greater %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %greater = graph.greater %x, %y : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.equal %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  %equal = graph.equal %x, %y : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  return
}

// CHECK-LABEL: func @of_none
func.func @of_none() {
  // CHECK: graph.fill {value = 1.000000e+00 : f64} : () -> tensor<8x1x1x1xbf16>
  %ones = graph.fill {value = 1.0} : () -> tensor<8x1x1x1xbf16>
  return
}
