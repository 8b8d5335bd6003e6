// The training program of gpt2, one rank of 1, written by autopar. Build and run it with
//
//   cmake -S . -B build && cmake --build build -j
//   mpirun -n 1 build/train_rank --help
//
// mesh     1, 2 threads a rank
// time     0.00068 s a step predicted
// budget   12000000000 bytes a rank, 150000000 of them reserved for what is beside the arena
// memory   985984 bytes in one arena; most is in use in step() at wte.weight.grad:
//               0.17 MB  parameter
//               0.34 MB  slot
//               0.00 MB  input
//               0.46 MB  activation
//               0.02 MB  gradient

#include "autopar/core/Layers.h"
#include "autopar/core/Program.h"
#include "autopar/core/VariableTable.h"
#include "autopar/cpu/AdamW.h"
#include "autopar/cpu/Attention.h"
#include "autopar/cpu/CrossEntropy.h"
#include "autopar/cpu/Elementwise.h"
#include "autopar/cpu/Embedding.h"
#include "autopar/cpu/Gelu.h"
#include "autopar/cpu/LayerNorm.h"
#include "autopar/cpu/Linear.h"
#include "autopar/cpu/Matmul.h"
#include "autopar/cpu/Norm.h"
#include "autopar/mpi/HostTarget.h"

using namespace autopar;

namespace {

// What all parts of the program work with.
struct Frame {
  Rank &rank;
  Arena &arena;
  Timeline &timeline = arena.memory().timeline();
};

// Values that stay from one step to the next.
struct Variables : Frame {
  float *const wte_weight_ = arena.at<float>(0, {128, 32});                 // parameter
  float *const wpe_weight_ = arena.at<float>(16384, {16, 32});              // parameter
  float *const ln_f_weight_ = arena.at<float>(170880, {32});                // parameter
  float *const ln_f_bias_ = arena.at<float>(171008, {32});                  // parameter
  float *const adamw_steps_ = arena.at<float>(171136, {});                  // slot
  float *const ln_f_bias_exp_avg_ = arena.at<float>(171200, {32});          // slot
  float *const ln_f_bias_exp_avg_sq_ = arena.at<float>(171328, {32});       // slot
  float *const ln_f_weight_exp_avg_ = arena.at<float>(171456, {32});        // slot
  float *const ln_f_weight_exp_avg_sq_ = arena.at<float>(171584, {32});     // slot
  float *const wpe_weight_exp_avg_ = arena.at<float>(476608, {16, 32});     // slot
  float *const wpe_weight_exp_avg_sq_ = arena.at<float>(478656, {16, 32});  // slot
  float *const wte_weight_exp_avg_ = arena.at<float>(480704, {128, 32});    // slot
  float *const wte_weight_exp_avg_sq_ = arena.at<float>(497088, {128, 32}); // slot
};

// One step of training: forward, backward, update.
struct Step : Variables {
  // h.0 to h.2, which are alike.
  struct HBlock : Frame {
    Step &step;
    const int64_t layer;
    const std::string name = "h." + std::to_string(layer);
    float *const add_1_before_ = arena.at<float>(704384 + 115712 * layer, {4, 16, 32});  // activation, until layerNormGradParameters_ln_1_grad_parameters_; embeddings_ of h.0
    float *const ln_1_weight_ = arena.at<float>(18432 + 50816 * layer, {32});            // parameter
    float *const ln_1_bias_ = arena.at<float>(18560 + 50816 * layer, {32});              // parameter
    float *const ln_1_ = arena.at<float>(713088 + 115712 * layer, {4, 16, 32});          // activation, until matmul_attn_c_attn_weight_grad_
    float *const ln_1_mean_ = arena.at<float>(712576 + 115712 * layer, {4, 16});         // activation, until layerNormGradParameters_ln_1_grad_parameters_
    float *const ln_1_rstd_ = arena.at<float>(712832 + 115712 * layer, {4, 16});         // activation, until layerNormGradParameters_ln_1_grad_parameters_
    float *const attn_c_attn_weight_ = arena.at<float>(18688 + 50816 * layer, {32, 3, 2, 16}); // parameter
    float *const attn_c_attn_matmul_ = arena.at<float>(721280 + 115712 * layer, {4, 16, 3, 2, 16}); // activation, then attn_c_attn_ in its place
    float *const attn_c_attn_bias_ = arena.at<float>(30976 + 50816 * layer, {3, 2, 16}); // parameter
    float *const attn_c_attn_ = arena.at<float>(721280 + 115712 * layer, {4, 16, 3, 2, 16}); // activation, until attentionGrad_attn_c_attn_grad_
    float *const attn_ = arena.at<float>(745856 + 115712 * layer, {4, 16, 2, 16});       // activation, until attentionGrad_attn_c_attn_grad_
    float *const attn_lse_ = arena.at<float>(754048 + 115712 * layer, {4, 2, 16});       // activation, until attentionGrad_attn_c_attn_grad_
    float *const attn_c_proj_weight_ = arena.at<float>(31360 + 50816 * layer, {2, 16, 32}); // parameter
    float *const attn_c_proj_matmul_ = arena.at<float>(nth(layer, {687232, 670336, 620672}), {4, 16, 32}); // activation, then attn_c_proj_ in its place
    float *const attn_c_proj_bias_ = arena.at<float>(35456 + 50816 * layer, {32});       // parameter
    float *const attn_c_proj_ = arena.at<float>(nth(layer, {687232, 670336, 620672}), {4, 16, 32}); // activation, then add_ in its place
    float *const add_ = arena.at<float>(nth(layer, {687232, 670336, 620672}), {4, 16, 32}); // activation, until layerNormGradParameters_ln_2_grad_parameters_
    float *const ln_2_weight_ = arena.at<float>(35584 + 50816 * layer, {32});            // parameter
    float *const ln_2_bias_ = arena.at<float>(35712 + 50816 * layer, {32});              // parameter
    float *const ln_2_ = arena.at<float>(nth(layer, {695936, 679040, 629376}), {4, 16, 32}); // activation, until matmul_mlp_c_fc_weight_grad_
    float *const ln_2_mean_ = arena.at<float>(nth(layer, {695424, 678528, 628864}), {4, 16}); // activation, until layerNormGradParameters_ln_2_grad_parameters_
    float *const ln_2_rstd_ = arena.at<float>(nth(layer, {695680, 678784, 629120}), {4, 16}); // activation, until layerNormGradParameters_ln_2_grad_parameters_
    float *const mlp_c_fc_weight_ = arena.at<float>(35840 + 50816 * layer, {32, 128});   // parameter
    float *const mlp_c_fc_matmul_ = arena.at<float>(nth(layer, {754560, 870272, 587904}), {4, 16, 128}); // activation, then mlp_c_fc_ in its place
    float *const mlp_c_fc_bias_ = arena.at<float>(52224 + 50816 * layer, {128});         // parameter
    float *const mlp_c_fc_ = arena.at<float>(nth(layer, {754560, 870272, 587904}), {4, 16, 128}); // activation, until geluGrad_mlp_c_fc_grad_
    float *const mlp_act_ = arena.at<float>(nth(layer, {787328, 903040, 637568}), {4, 16, 128}); // activation, until matmul_mlp_c_proj_weight_grad_
    float *const mlp_c_proj_weight_ = arena.at<float>(52736 + 50816 * layer, {128, 32}); // parameter
    float *const mlp_c_proj_matmul_ = arena.at<float>(nth(layer, {820096, 935808, 538240}), {4, 16, 32}); // activation, then mlp_c_proj_ in its place
    float *const mlp_c_proj_bias_ = arena.at<float>(69120 + 50816 * layer, {32});        // parameter
    float *const mlp_c_proj_ = arena.at<float>(nth(layer, {820096, 935808, 538240}), {4, 16, 32}); // activation, then add_1_ in its place
    float *const add_1_ = arena.at<float>(nth(layer, {820096, 935808, 538240}), {4, 16, 32}); // activation, until h_[layer + 1].layerNormGradParameters_ln_1_grad_parameters_
    float *const add_1_grad_1_ = arena.at<float>(579584, {4, 16, 32});                   // activation, then add_grad_1_ in its place
    float *const mlp_c_proj_bias_grad_ = arena.at<float>(nth(layer, {573312, 551168, 530048}), {32}); // gradient, until adamW_mlp_c_proj_bias_new_
    float *const mlp_act_grad_ = arena.at<float>(nth(layer, {633344, 616960, 546560}), {4, 16, 128}); // activation, then mlp_c_fc_grad_ in its place
    float *const mlp_c_proj_weight_grad_ = arena.at<float>(nth(layer, {616960, 551296, 530176}), {128, 32}); // gradient, until adamW_mlp_c_proj_weight_new_
    float *const mlp_c_fc_grad_ = arena.at<float>(nth(layer, {633344, 616960, 546560}), {4, 16, 128}); // activation, until matmul_mlp_c_fc_weight_grad_
    float *const mlp_c_fc_bias_grad_ = arena.at<float>(nth(layer, {573440, 567808, 587776}), {128}); // gradient, until adamW_mlp_c_fc_bias_new_
    float *const ln_2_grad_ = arena.at<float>(nth(layer, {666112, 649728, 604672}), {4, 16, 32}); // activation, until layerNormGradParameters_ln_2_grad_parameters_
    float *const mlp_c_fc_weight_grad_ = arena.at<float>(nth(layer, {754560, 870272, 588288}), {32, 128}); // gradient, until adamW_mlp_c_fc_weight_new_
    float *const add_grad_ = arena.at<float>(nth(layer, {633344, 568320, 546560}), {4, 16, 32}); // activation, until add_add_grad_1_
    float *const add_grad_1_ = arena.at<float>(579584, {4, 16, 32});                     // activation, then h_[layer - 1].add_1_grad_1_ in its place
    float *const ln_2_weight_grad_ = arena.at<float>(nth(layer, {573952, 568320, 546560}), {32}); // gradient, until adamW_ln_2_weight_new_
    float *const ln_2_bias_grad_ = arena.at<float>(nth(layer, {578816, 572672, 550912}), {32}); // gradient, until adamW_ln_2_bias_new_
    float *const attn_c_proj_bias_grad_ = arena.at<float>(nth(layer, {574080, 568448, 546688}), {32}); // gradient, until adamW_attn_c_proj_bias_new_
    float *const attn_grad_ = arena.at<float>(nth(layer, {657920, 641536, 604672}), {4, 16, 2, 16}); // activation, until attentionGrad_attn_c_attn_grad_
    float *const attn_c_proj_weight_grad_ = arena.at<float>(nth(layer, {574208, 568576, 546816}), {2, 16, 32}); // gradient, until adamW_attn_c_proj_weight_new_
    float *const attn_c_attn_grad_ = arena.at<float>(nth(layer, {633344, 616960, 551040}), {4, 16, 3, 2, 16}); // activation, until matmul_attn_c_attn_weight_grad_
    float *const attn_c_attn_bias_grad_ = arena.at<float>(nth(layer, {578944, 572800, 578304}), {3, 2, 16}); // gradient, until adamW_attn_c_attn_bias_new_
    float *const ln_1_grad_ = arena.at<float>(nth(layer, {670208, 641536, 616960}), {4, 16, 32}); // activation, until layerNormGradParameters_ln_1_grad_parameters_
    float *const attn_c_attn_weight_grad_ = arena.at<float>(nth(layer, {657920, 836992, 604672}), {32, 3, 2, 16}); // gradient, until adamW_attn_c_attn_weight_new_
    float *const add_1_grad_before_ = arena.at<float>(nth(layer, {633344, 616960, 551040}), {4, 16, 32}); // activation, until add_add_1_grad_1_before_; embeddings_grad_ of h.0
    float *const add_1_grad_1_before_ = arena.at<float>(579584, {4, 16, 32});            // activation, then h_[layer - 1].add_grad_1_ in its place; embeddings_grad_1_ of h.0
    float *const ln_1_weight_grad_ = arena.at<float>(nth(layer, {635392, 573184, 551040}), {32}); // gradient, until adamW_ln_1_weight_new_
    float *const ln_1_bias_grad_ = arena.at<float>(nth(layer, {635520, 578688, 567680}), {32}); // gradient, until adamW_ln_1_bias_new_
    double *const mlp_c_proj_bias_grad_squares_ = arena.at<double>(581248 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const mlp_c_proj_weight_grad_squares_ = arena.at<double>(581312 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const mlp_c_fc_bias_grad_squares_ = arena.at<double>(581376 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const mlp_c_fc_weight_grad_squares_ = arena.at<double>(581440 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const ln_2_grad_parameters_bias_squares_ = arena.at<double>(581504 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const ln_2_grad_parameters_squares_ = arena.at<double>(581568 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const attn_c_proj_bias_grad_squares_ = arena.at<double>(581632 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const attn_c_proj_weight_grad_squares_ = arena.at<double>(581696 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const attn_c_attn_bias_grad_squares_ = arena.at<double>(581760 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const attn_c_attn_weight_grad_squares_ = arena.at<double>(581824 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const ln_1_grad_parameters_bias_squares_ = arena.at<double>(581888 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    double *const ln_1_grad_parameters_squares_ = arena.at<double>(581952 - 768 * layer, {}); // activation, until addScalars_gradients_squares_
    float *const mlp_c_proj_bias_exp_avg_ = arena.at<float>(374976 - 101632 * layer, {32}); // slot
    float *const mlp_c_proj_bias_exp_avg_sq_ = arena.at<float>(375104 - 101632 * layer, {32}); // slot
    float *const mlp_c_proj_weight_exp_avg_ = arena.at<float>(375232 - 101632 * layer, {128, 32}); // slot
    float *const mlp_c_proj_weight_exp_avg_sq_ = arena.at<float>(391616 - 101632 * layer, {128, 32}); // slot
    float *const mlp_c_fc_bias_exp_avg_ = arena.at<float>(408000 - 101632 * layer, {128}); // slot
    float *const mlp_c_fc_bias_exp_avg_sq_ = arena.at<float>(408512 - 101632 * layer, {128}); // slot
    float *const mlp_c_fc_weight_exp_avg_ = arena.at<float>(409024 - 101632 * layer, {32, 128}); // slot
    float *const mlp_c_fc_weight_exp_avg_sq_ = arena.at<float>(425408 - 101632 * layer, {32, 128}); // slot
    float *const ln_2_bias_exp_avg_ = arena.at<float>(441792 - 101632 * layer, {32});    // slot
    float *const ln_2_bias_exp_avg_sq_ = arena.at<float>(441920 - 101632 * layer, {32}); // slot
    float *const ln_2_weight_exp_avg_ = arena.at<float>(442048 - 101632 * layer, {32});  // slot
    float *const ln_2_weight_exp_avg_sq_ = arena.at<float>(442176 - 101632 * layer, {32}); // slot
    float *const attn_c_proj_bias_exp_avg_ = arena.at<float>(442304 - 101632 * layer, {32}); // slot
    float *const attn_c_proj_bias_exp_avg_sq_ = arena.at<float>(442432 - 101632 * layer, {32}); // slot
    float *const attn_c_proj_weight_exp_avg_ = arena.at<float>(442560 - 101632 * layer, {2, 16, 32}); // slot
    float *const attn_c_proj_weight_exp_avg_sq_ = arena.at<float>(446656 - 101632 * layer, {2, 16, 32}); // slot
    float *const attn_c_attn_bias_exp_avg_ = arena.at<float>(450752 - 101632 * layer, {3, 2, 16}); // slot
    float *const attn_c_attn_bias_exp_avg_sq_ = arena.at<float>(451136 - 101632 * layer, {3, 2, 16}); // slot
    float *const attn_c_attn_weight_exp_avg_ = arena.at<float>(451520 - 101632 * layer, {32, 3, 2, 16}); // slot
    float *const attn_c_attn_weight_exp_avg_sq_ = arena.at<float>(463808 - 101632 * layer, {32, 3, 2, 16}); // slot
    float *const ln_1_bias_exp_avg_ = arena.at<float>(476096 - 101632 * layer, {32});    // slot
    float *const ln_1_bias_exp_avg_sq_ = arena.at<float>(476224 - 101632 * layer, {32}); // slot
    float *const ln_1_weight_exp_avg_ = arena.at<float>(476352 - 101632 * layer, {32});  // slot
    float *const ln_1_weight_exp_avg_sq_ = arena.at<float>(476480 - 101632 * layer, {32}); // slot
    void *const attn_workspace_ = arena.slice(513600, 16384).data();                     // workspace
    void *const mlp_c_proj_bias_grad_workspace_ = arena.slice(nth(layer, {573440, 551296, 530176}), 256).data(); // workspace
    void *const mlp_c_fc_bias_grad_workspace_ = arena.slice(nth(layer, {573952, 568320, 588288}), 1024).data(); // workspace
    void *const ln_2_grad_parameters_workspace_ = arena.slice(nth(layer, {574080, 568448, 546688}), 2048).data(); // workspace
    void *const attn_c_proj_bias_grad_workspace_ = arena.slice(nth(layer, {574208, 568576, 546816}), 256).data(); // workspace
    void *const attn_c_attn_grad_workspace_ = arena.slice(nth(layer, {666112, 649728, 612864}), 32896).data(); // workspace
    void *const attn_c_attn_bias_grad_workspace_ = arena.slice(nth(layer, {657920, 573184, 575616}), 768).data(); // workspace
    void *const ln_1_grad_parameters_workspace_ = arena.slice(nth(layer, {633344, 573312, 551168}), 2048).data(); // workspace
    void *const mlp_c_proj_bias_grad_squares_workspace_ = arena.slice(581312 - 768 * layer, 64).data(); // workspace
    void *const mlp_c_proj_weight_grad_squares_workspace_ = arena.slice(581376 - 768 * layer, 64).data(); // workspace
    void *const mlp_c_fc_bias_grad_squares_workspace_ = arena.slice(581440 - 768 * layer, 64).data(); // workspace
    void *const mlp_c_fc_weight_grad_squares_workspace_ = arena.slice(581504 - 768 * layer, 64).data(); // workspace
    void *const ln_2_grad_parameters_bias_squares_workspace_ = arena.slice(581568 - 768 * layer, 64).data(); // workspace
    void *const ln_2_grad_parameters_squares_workspace_ = arena.slice(581632 - 768 * layer, 64).data(); // workspace
    void *const attn_c_proj_bias_grad_squares_workspace_ = arena.slice(581696 - 768 * layer, 64).data(); // workspace
    void *const attn_c_proj_weight_grad_squares_workspace_ = arena.slice(581760 - 768 * layer, 64).data(); // workspace
    void *const attn_c_attn_bias_grad_squares_workspace_ = arena.slice(581824 - 768 * layer, 64).data(); // workspace
    void *const attn_c_attn_weight_grad_squares_workspace_ = arena.slice(581888 - 768 * layer, 64).data(); // workspace
    void *const ln_1_grad_parameters_bias_squares_workspace_ = arena.slice(581952 - 768 * layer, 64).data(); // workspace
    void *const ln_1_grad_parameters_squares_workspace_ = arena.slice(582016 - 768 * layer, 64).data(); // workspace

    const cpu::LayerNorm layerNorm_ln_1_{.rows = 64, .channels = 32, .epsilon = 1.0e-05};
    const cpu::Matmul matmul_attn_c_attn_{{.m = 64, .n = 96, .k = 32}};
    const cpu::BiasAdd biasAdd_attn_c_attn_{.rows = 64, .channels = 96};
    const cpu::Attention attention_attn_{{.batch = 4, .sequence = 16, .heads = 2, .headSize = 16,
        .scale = 0.25, .part = {.whole = {4, 16, 2, 16}, .begin = {0, 0, 0, 0}}}};
    const cpu::Matmul matmul_attn_c_proj_{{.m = 64, .n = 32, .k = 32}};
    const cpu::BiasAdd biasAdd_attn_c_proj_{.rows = 64, .channels = 32};
    const cpu::Add add_call_{.count = 2048};
    const cpu::LayerNorm layerNorm_ln_2_{.rows = 64, .channels = 32, .epsilon = 1.0e-05};
    const cpu::Matmul matmul_mlp_c_fc_{{.m = 64, .n = 128, .k = 32}};
    const cpu::BiasAdd biasAdd_mlp_c_fc_{.rows = 64, .channels = 128};
    const cpu::Gelu gelu_mlp_act_{.count = 8192, .tanh = true};
    const cpu::Matmul matmul_mlp_c_proj_{{.m = 64, .n = 32, .k = 128}};
    const cpu::BiasAdd biasAdd_mlp_c_proj_{.rows = 64, .channels = 32};
    const cpu::Add add_add_1_{.count = 2048};
    const cpu::BiasGrad biasGrad_mlp_c_proj_bias_grad_{.rows = 64, .channels = 32};
    const cpu::Matmul matmul_mlp_act_grad_{{.m = 64, .n = 128, .k = 32, .transposeB = true}};
    const cpu::Matmul matmul_mlp_c_proj_weight_grad_{{.m = 128, .n = 32, .k = 64,
        .transposeA = true}};
    const cpu::GeluGrad geluGrad_mlp_c_fc_grad_{.count = 8192, .tanh = true};
    const cpu::BiasGrad biasGrad_mlp_c_fc_bias_grad_{.rows = 64, .channels = 128};
    const cpu::Matmul matmul_ln_2_grad_{{.m = 64, .n = 32, .k = 128, .transposeB = true}};
    const cpu::Matmul matmul_mlp_c_fc_weight_grad_{{.m = 32, .n = 128, .k = 64,
        .transposeA = true}};
    const cpu::LayerNormGradInput layerNormGradInput_add_grad_{.rows = 64, .channels = 32};
    const cpu::Add add_add_grad_1_{.count = 2048};
    const cpu::LayerNormGradParameters layerNormGradParameters_ln_2_grad_parameters_{.rows = 64,
        .channels = 32};
    const cpu::BiasGrad biasGrad_attn_c_proj_bias_grad_{.rows = 64, .channels = 32};
    const cpu::Matmul matmul_attn_grad_{{.m = 64, .n = 32, .k = 32, .transposeB = true}};
    const cpu::Matmul matmul_attn_c_proj_weight_grad_{{.m = 32, .n = 32, .k = 64,
        .transposeA = true}};
    const cpu::AttentionGrad attentionGrad_attn_c_attn_grad_{{.batch = 4, .sequence = 16,
        .heads = 2, .headSize = 16, .scale = 0.25, .part = {.whole = {4, 16, 2, 16}, .begin = {0, 0,
        0, 0}}}};
    const cpu::BiasGrad biasGrad_attn_c_attn_bias_grad_{.rows = 64, .channels = 96};
    const cpu::Matmul matmul_ln_1_grad_{{.m = 64, .n = 32, .k = 96, .transposeB = true}};
    const cpu::Matmul matmul_attn_c_attn_weight_grad_{{.m = 32, .n = 96, .k = 64,
        .transposeA = true}};
    const cpu::LayerNormGradInput layerNormGradInput_add_1_grad_before_{.rows = 64, .channels = 32};
    const cpu::Add add_add_1_grad_1_before_{.count = 2048};
    const cpu::LayerNormGradParameters layerNormGradParameters_ln_1_grad_parameters_{.rows = 64,
        .channels = 32};
    const cpu::SquareSum squareSum_mlp_c_proj_bias_grad_squares_{.count = 32};
    const cpu::SquareSum squareSum_mlp_c_proj_weight_grad_squares_{.count = 4096};
    const cpu::SquareSum squareSum_mlp_c_fc_bias_grad_squares_{.count = 128};
    const cpu::SquareSum squareSum_mlp_c_fc_weight_grad_squares_{.count = 4096};
    const cpu::SquareSum squareSum_ln_2_grad_parameters_bias_squares_{.count = 32};
    const cpu::SquareSum squareSum_ln_2_grad_parameters_squares_{.count = 32};
    const cpu::SquareSum squareSum_attn_c_proj_bias_grad_squares_{.count = 32};
    const cpu::SquareSum squareSum_attn_c_proj_weight_grad_squares_{.count = 1024};
    const cpu::SquareSum squareSum_attn_c_attn_bias_grad_squares_{.count = 96};
    const cpu::SquareSum squareSum_attn_c_attn_weight_grad_squares_{.count = 3072};
    const cpu::SquareSum squareSum_ln_1_grad_parameters_bias_squares_{.count = 32};
    const cpu::SquareSum squareSum_ln_1_grad_parameters_squares_{.count = 32};
    const cpu::AdamW adamW_mlp_c_proj_bias_new_{.count = 32, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08};
    const cpu::AdamW adamW_mlp_c_proj_weight_new_{.count = 4096, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08, .weightDecay = 0.1};
    const cpu::AdamW adamW_mlp_c_fc_bias_new_{.count = 128, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08};
    const cpu::AdamW adamW_mlp_c_fc_weight_new_{.count = 4096, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08, .weightDecay = 0.1};
    const cpu::AdamW adamW_ln_2_bias_new_{.count = 32, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08};
    const cpu::AdamW adamW_ln_2_weight_new_{.count = 32, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08};
    const cpu::AdamW adamW_attn_c_proj_bias_new_{.count = 32, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08};
    const cpu::AdamW adamW_attn_c_proj_weight_new_{.count = 1024, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08, .weightDecay = 0.1};
    const cpu::AdamW adamW_attn_c_attn_bias_new_{.count = 96, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08};
    const cpu::AdamW adamW_attn_c_attn_weight_new_{.count = 3072, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08, .weightDecay = 0.1};
    const cpu::AdamW adamW_ln_1_bias_new_{.count = 32, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08};
    const cpu::AdamW adamW_ln_1_weight_new_{.count = 32, .beta1 = 0.9, .beta2 = 0.95,
        .epsilon = 1.0e-08};

    HBlock(Step &step, int64_t layer) : Frame(step), step(step), layer(layer) {}
    void setUp();
    void forward();
    void backward();
    void squareSum();
    void adamW();
  };

  int32_t *const tokens_ = arena.at<int32_t>(704128, {4, 16});                     // input, until embeddingGrad_wte_weight_grad_1_
  int32_t *const labels_ = arena.at<int32_t>(529984, {4, 16});                     // input, until crossEntropyOfSumsGrad_lm_head_grad_
  float *const learning_rate_ = arena.at<float>(513472, {});                       // input, until adamW_wte_weight_new_
  int64_t *const state_ = arena.at<int64_t>(513536, {2});                          // input, until stepsTaken_steps_taken_
  float *const wte_ = arena.at<float>(704384, {4, 16, 32});                        // activation, then embeddings_ in its place
  float *const embeddings_ = arena.at<float>(704384, {4, 16, 32});                 // activation, until h_[0].layerNormGradParameters_ln_1_grad_parameters_
  float *const ln_f_ = arena.at<float>(546944, {4, 16, 32});                       // activation, until matmul_wte_weight_grad_
  float *const ln_f_mean_ = arena.at<float>(546432, {4, 16});                      // activation, until layerNormGradParameters_ln_f_grad_parameters_
  float *const ln_f_rstd_ = arena.at<float>(546688, {4, 16});                      // activation, until layerNormGradParameters_ln_f_grad_parameters_
  float *const lm_head_ = arena.at<float>(555136, {4, 16, 128});                   // activation, then lm_head_grad_ in its place
  double *const loss_sums_ = arena.at<double>(513664, {4, 16, 1, 3});              // activation, until crossEntropyOfSumsGrad_lm_head_grad_
  float *const loss_ = arena.at<float>(513600, {});                                // activation, to the end
  float *const lm_head_grad_ = arena.at<float>(555136, {4, 16, 128});              // activation, until matmul_wte_weight_grad_
  float *const ln_f_grad_ = arena.at<float>(530048, {4, 16, 32});                  // activation, until layerNormGradParameters_ln_f_grad_parameters_
  float *const wte_weight_grad_part_ = arena.at<float>(513664, {128, 32});         // gradient, then wte_weight_grad_ in its place
  float *const h_2_add_1_grad_ = arena.at<float>(579584, {4, 16, 32});             // activation, then h_[2].add_grad_1_ in its place
  float *const ln_f_weight_grad_ = arena.at<float>(579328, {32});                  // gradient, until adamW_ln_f_weight_new_
  float *const ln_f_bias_grad_ = arena.at<float>(579456, {32});                    // gradient, until adamW_ln_f_bias_new_
  float *const embeddings_grad_1_ = arena.at<float>(579584, {4, 16, 32});          // activation, until embeddingGrad_wte_weight_grad_1_
  float *const wpe_weight_grad_ = arena.at<float>(633344, {16, 32});               // gradient, until adamW_wpe_weight_new_
  float *const wte_weight_grad_part_2_ = arena.at<float>(635648, {128, 32});       // gradient, until add_wte_weight_grad_2_
  float *const wte_weight_grad_ = arena.at<float>(513664, {128, 32});              // gradient, until adamW_wte_weight_new_
  double *const ln_f_grad_parameters_bias_squares_ = arena.at<double>(579584, {}); // activation, until addScalars_gradients_squares_
  double *const ln_f_grad_parameters_squares_ = arena.at<double>(579648, {});      // activation, until addScalars_gradients_squares_
  double *const wpe_weight_grad_squares_ = arena.at<double>(582016, {});           // activation, until addScalars_gradients_squares_
  double *const wte_weight_grad_squares_ = arena.at<double>(582080, {});           // activation, until addScalars_gradients_squares_
  double *const gradients_squares_ = arena.at<double>(582144, {});                 // activation, until clipFactor_gradients_clip_
  float *const gradients_clip_ = arena.at<float>(579584, {});                      // activation, until adamW_wte_weight_new_
  int64_t *const steps_taken_ = arena.at<int64_t>(579648, {2});                    // activation, until adamW_wte_weight_new_
  void *const ln_f_grad_parameters_workspace_ = arena.slice(546944, 2048).data();  // workspace
  void *const wpe_weight_grad_workspace_ = arena.slice(635648, 4096).data();       // workspace
  void *const wte_weight_grad_1_workspace_ = arena.slice(652032, 512).data();      // workspace
  void *const ln_f_grad_parameters_bias_squares_workspace_ = arena.slice(579648, 64).data(); // workspace
  void *const ln_f_grad_parameters_squares_workspace_ = arena.slice(579712, 64).data(); // workspace
  void *const wpe_weight_grad_squares_workspace_ = arena.slice(582080, 64).data(); // workspace
  void *const wte_weight_grad_squares_workspace_ = arena.slice(582144, 64).data(); // workspace

  Layers<HBlock, 0, 2> h_{*this};
  const std::vector<const double *> gradients_squares_inputs_ = [this] {
    std::vector<const double *> all;
    all.insert(all.end(), {ln_f_grad_parameters_bias_squares_, ln_f_grad_parameters_squares_});
    for (int64_t layer = 2; layer >= 0; --layer)
      all.insert(all.end(), {h_[layer].mlp_c_proj_bias_grad_squares_,
          h_[layer].mlp_c_proj_weight_grad_squares_, h_[layer].mlp_c_fc_bias_grad_squares_,
          h_[layer].mlp_c_fc_weight_grad_squares_, h_[layer].ln_2_grad_parameters_bias_squares_,
          h_[layer].ln_2_grad_parameters_squares_, h_[layer].attn_c_proj_bias_grad_squares_,
          h_[layer].attn_c_proj_weight_grad_squares_, h_[layer].attn_c_attn_bias_grad_squares_,
          h_[layer].attn_c_attn_weight_grad_squares_, h_[layer].ln_1_grad_parameters_bias_squares_,
          h_[layer].ln_1_grad_parameters_squares_});
    all.insert(all.end(), {wpe_weight_grad_squares_, wte_weight_grad_squares_});
    return all;
  }();
  const cpu::Embedding embedding_wte_{.rows = 64, .channels = 32, .table = {.whole = {128, 32},
      .begin = {0, 0}}, .length = 128};
  const cpu::BiasAdd biasAdd_embeddings_{.rows = 4, .channels = 512};
  const cpu::LayerNorm layerNorm_ln_f_{.rows = 64, .channels = 32, .epsilon = 1.0e-05};
  const cpu::Matmul matmul_lm_head_{{.m = 64, .n = 128, .k = 32, .transposeB = true}};
  const cpu::VocabularySums vocabularySums_loss_sums_{.rows = 64, .classes = 128, .blocks = 1,
      .logits = {.whole = {4, 16, 128}, .begin = {0, 0, 0}}, .valid = 100};
  const cpu::CrossEntropyOfSums crossEntropyOfSums_loss_{.rows = 64, .blocks = 1, .count = 64};
  const cpu::CrossEntropyOfSumsGrad crossEntropyOfSumsGrad_lm_head_grad_{.rows = 64, .classes = 128,
      .blocks = 1, .logits = {.whole = {4, 16, 128}, .begin = {0, 0, 0}}, .valid = 100,
      .count = 64};
  const cpu::Matmul matmul_ln_f_grad_{{.m = 64, .n = 32, .k = 128}};
  const cpu::Matmul matmul_wte_weight_grad_{{.m = 128, .n = 32, .k = 64, .transposeA = true}};
  const cpu::LayerNormGradInput layerNormGradInput_h_2_add_1_grad_{.rows = 64, .channels = 32};
  const cpu::LayerNormGradParameters layerNormGradParameters_ln_f_grad_parameters_{.rows = 64,
      .channels = 32};
  const cpu::BiasGrad biasGrad_wpe_weight_grad_{.rows = 4, .channels = 512};
  const cpu::EmbeddingGrad embeddingGrad_wte_weight_grad_1_{.rows = 64, .channels = 32,
      .table = {.whole = {128, 32}, .begin = {0, 0}}, .length = 128};
  const cpu::Add add_wte_weight_grad_2_{.count = 4096};
  const cpu::SquareSum squareSum_ln_f_grad_parameters_bias_squares_{.count = 32};
  const cpu::SquareSum squareSum_ln_f_grad_parameters_squares_{.count = 32};
  const cpu::SquareSum squareSum_wpe_weight_grad_squares_{.count = 512};
  const cpu::SquareSum squareSum_wte_weight_grad_squares_{.count = 4096};
  const cpu::AddScalars addScalars_gradients_squares_{};
  const cpu::ClipFactor clipFactor_gradients_clip_{.maximum = 1.0};
  const cpu::StepsTaken stepsTaken_steps_taken_{};
  const cpu::AdamW adamW_ln_f_bias_new_{.count = 32, .beta1 = 0.9, .beta2 = 0.95,
      .epsilon = 1.0e-08};
  const cpu::AdamW adamW_ln_f_weight_new_{.count = 32, .beta1 = 0.9, .beta2 = 0.95,
      .epsilon = 1.0e-08};
  const cpu::AdamW adamW_wpe_weight_new_{.count = 512, .beta1 = 0.9, .beta2 = 0.95,
      .epsilon = 1.0e-08, .weightDecay = 0.1};
  const cpu::AdamW adamW_wte_weight_new_{.count = 4096, .beta1 = 0.9, .beta2 = 0.95,
      .epsilon = 1.0e-08, .weightDecay = 0.1};

  Step(Rank &rank, Arena &arena) : Variables{{rank, arena}} {}
  void setUp();
  void run();
};

// Libraries prepare their kernels, and say whether the planned workspaces do here.
void Step::setUp() {
  for (HBlock &block : h_)
    block.setUp();
  matmul_lm_head_.requireWorkspace(0);
  matmul_ln_f_grad_.requireWorkspace(0);
  matmul_wte_weight_grad_.requireWorkspace(0);
  layerNormGradParameters_ln_f_grad_parameters_.requireWorkspace(2048);
  biasGrad_wpe_weight_grad_.requireWorkspace(4096);
  embeddingGrad_wte_weight_grad_1_.requireWorkspace(512);
  squareSum_ln_f_grad_parameters_bias_squares_.requireWorkspace(64);
  squareSum_ln_f_grad_parameters_squares_.requireWorkspace(64);
  squareSum_wpe_weight_grad_squares_.requireWorkspace(64);
  squareSum_wte_weight_grad_squares_.requireWorkspace(64);
}

void Step::HBlock::setUp() {
  matmul_attn_c_attn_.requireWorkspace(0);
  attention_attn_.requireWorkspace(16384);
  matmul_attn_c_proj_.requireWorkspace(0);
  matmul_mlp_c_fc_.requireWorkspace(0);
  matmul_mlp_c_proj_.requireWorkspace(0);
  biasGrad_mlp_c_proj_bias_grad_.requireWorkspace(256);
  matmul_mlp_act_grad_.requireWorkspace(0);
  matmul_mlp_c_proj_weight_grad_.requireWorkspace(0);
  biasGrad_mlp_c_fc_bias_grad_.requireWorkspace(1024);
  matmul_ln_2_grad_.requireWorkspace(0);
  matmul_mlp_c_fc_weight_grad_.requireWorkspace(0);
  layerNormGradParameters_ln_2_grad_parameters_.requireWorkspace(2048);
  biasGrad_attn_c_proj_bias_grad_.requireWorkspace(256);
  matmul_attn_grad_.requireWorkspace(0);
  matmul_attn_c_proj_weight_grad_.requireWorkspace(0);
  attentionGrad_attn_c_attn_grad_.requireWorkspace(32896);
  biasGrad_attn_c_attn_bias_grad_.requireWorkspace(768);
  matmul_ln_1_grad_.requireWorkspace(0);
  matmul_attn_c_attn_weight_grad_.requireWorkspace(0);
  layerNormGradParameters_ln_1_grad_parameters_.requireWorkspace(2048);
  squareSum_mlp_c_proj_bias_grad_squares_.requireWorkspace(64);
  squareSum_mlp_c_proj_weight_grad_squares_.requireWorkspace(64);
  squareSum_mlp_c_fc_bias_grad_squares_.requireWorkspace(64);
  squareSum_mlp_c_fc_weight_grad_squares_.requireWorkspace(64);
  squareSum_ln_2_grad_parameters_bias_squares_.requireWorkspace(64);
  squareSum_ln_2_grad_parameters_squares_.requireWorkspace(64);
  squareSum_attn_c_proj_bias_grad_squares_.requireWorkspace(64);
  squareSum_attn_c_proj_weight_grad_squares_.requireWorkspace(64);
  squareSum_attn_c_attn_bias_grad_squares_.requireWorkspace(64);
  squareSum_attn_c_attn_weight_grad_squares_.requireWorkspace(64);
  squareSum_ln_1_grad_parameters_bias_squares_.requireWorkspace(64);
  squareSum_ln_1_grad_parameters_squares_.requireWorkspace(64);
}

void Step::run() {
  timeline.layer("wte");
  embedding_wte_(tokens_, wte_weight_, wte_);
  timeline.layer("embeddings");
  biasAdd_embeddings_(wte_, wpe_weight_, embeddings_);
  for (int64_t layer = 0; layer <= 2; ++layer)
    h_[layer].forward();
  timeline.layer("ln_f");
  layerNorm_ln_f_(h_[2].add_1_, ln_f_weight_, ln_f_bias_, ln_f_, ln_f_mean_, ln_f_rstd_);
  timeline.layer("lm_head");
  matmul_lm_head_(ln_f_, wte_weight_, lm_head_, nullptr);
  timeline.layer("loss");
  vocabularySums_loss_sums_(lm_head_, labels_, loss_sums_);
  crossEntropyOfSums_loss_(loss_sums_, labels_, loss_);
  timeline.layer("lm_head");
  crossEntropyOfSumsGrad_lm_head_grad_(lm_head_, labels_, loss_sums_, lm_head_grad_);
  timeline.layer("ln_f");
  matmul_ln_f_grad_(lm_head_grad_, wte_weight_, ln_f_grad_, nullptr);
  timeline.layer("wte");
  matmul_wte_weight_grad_(lm_head_grad_, ln_f_, wte_weight_grad_part_, nullptr);
  timeline.layer("h.2");
  layerNormGradInput_h_2_add_1_grad_(ln_f_grad_, h_[2].add_1_, ln_f_weight_, ln_f_mean_, ln_f_rstd_,
      h_2_add_1_grad_);
  timeline.layer("ln_f");
  layerNormGradParameters_ln_f_grad_parameters_(ln_f_grad_, h_[2].add_1_, ln_f_mean_, ln_f_rstd_,
      ln_f_weight_grad_, ln_f_bias_grad_, ln_f_grad_parameters_workspace_);
  for (int64_t layer = 2; layer >= 0; --layer)
    h_[layer].backward();
  timeline.layer("wpe");
  biasGrad_wpe_weight_grad_(embeddings_grad_1_, wpe_weight_grad_, wpe_weight_grad_workspace_);
  timeline.layer("wte");
  embeddingGrad_wte_weight_grad_1_(tokens_, embeddings_grad_1_, wte_weight_grad_part_2_,
      wte_weight_grad_1_workspace_);
  add_wte_weight_grad_2_(wte_weight_grad_part_, wte_weight_grad_part_2_, wte_weight_grad_);
  timeline.layer("ln_f");
  squareSum_ln_f_grad_parameters_bias_squares_(ln_f_bias_grad_, ln_f_grad_parameters_bias_squares_,
      ln_f_grad_parameters_bias_squares_workspace_);
  squareSum_ln_f_grad_parameters_squares_(ln_f_weight_grad_, ln_f_grad_parameters_squares_,
      ln_f_grad_parameters_squares_workspace_);
  for (int64_t layer = 2; layer >= 0; --layer)
    h_[layer].squareSum();
  timeline.layer("wpe");
  squareSum_wpe_weight_grad_squares_(wpe_weight_grad_, wpe_weight_grad_squares_,
      wpe_weight_grad_squares_workspace_);
  timeline.layer("wte");
  squareSum_wte_weight_grad_squares_(wte_weight_grad_, wte_weight_grad_squares_,
      wte_weight_grad_squares_workspace_);
  timeline.layer("gradients");
  addScalars_gradients_squares_(gradients_squares_inputs_, gradients_squares_);
  clipFactor_gradients_clip_(gradients_squares_, gradients_clip_);
  timeline.layer("steps_taken");
  stepsTaken_steps_taken_(state_, adamw_steps_, steps_taken_, adamw_steps_);
  timeline.layer("ln_f");
  adamW_ln_f_bias_new_(ln_f_bias_, ln_f_bias_grad_, learning_rate_, steps_taken_,
      ln_f_bias_exp_avg_, ln_f_bias_exp_avg_sq_, gradients_clip_, ln_f_bias_, ln_f_bias_exp_avg_,
      ln_f_bias_exp_avg_sq_);
  adamW_ln_f_weight_new_(ln_f_weight_, ln_f_weight_grad_, learning_rate_, steps_taken_,
      ln_f_weight_exp_avg_, ln_f_weight_exp_avg_sq_, gradients_clip_, ln_f_weight_,
      ln_f_weight_exp_avg_, ln_f_weight_exp_avg_sq_);
  for (int64_t layer = 2; layer >= 0; --layer)
    h_[layer].adamW();
  timeline.layer("wpe");
  adamW_wpe_weight_new_(wpe_weight_, wpe_weight_grad_, learning_rate_, steps_taken_,
      wpe_weight_exp_avg_, wpe_weight_exp_avg_sq_, gradients_clip_, wpe_weight_,
      wpe_weight_exp_avg_, wpe_weight_exp_avg_sq_);
  timeline.layer("wte");
  adamW_wte_weight_new_(wte_weight_, wte_weight_grad_, learning_rate_, steps_taken_,
      wte_weight_exp_avg_, wte_weight_exp_avg_sq_, gradients_clip_, wte_weight_,
      wte_weight_exp_avg_, wte_weight_exp_avg_sq_);
  timeline.end();
}

void Step::HBlock::forward() {
  timeline.layer(name.c_str());
  layerNorm_ln_1_(add_1_before_, ln_1_weight_, ln_1_bias_, ln_1_, ln_1_mean_, ln_1_rstd_);
  matmul_attn_c_attn_(ln_1_, attn_c_attn_weight_, attn_c_attn_matmul_, nullptr);
  biasAdd_attn_c_attn_(attn_c_attn_matmul_, attn_c_attn_bias_, attn_c_attn_);
  attention_attn_(attn_c_attn_, attn_, attn_lse_, attn_workspace_);
  matmul_attn_c_proj_(attn_, attn_c_proj_weight_, attn_c_proj_matmul_, nullptr);
  biasAdd_attn_c_proj_(attn_c_proj_matmul_, attn_c_proj_bias_, attn_c_proj_);
  add_call_(add_1_before_, attn_c_proj_, add_);
  layerNorm_ln_2_(add_, ln_2_weight_, ln_2_bias_, ln_2_, ln_2_mean_, ln_2_rstd_);
  matmul_mlp_c_fc_(ln_2_, mlp_c_fc_weight_, mlp_c_fc_matmul_, nullptr);
  biasAdd_mlp_c_fc_(mlp_c_fc_matmul_, mlp_c_fc_bias_, mlp_c_fc_);
  gelu_mlp_act_(mlp_c_fc_, mlp_act_);
  matmul_mlp_c_proj_(mlp_act_, mlp_c_proj_weight_, mlp_c_proj_matmul_, nullptr);
  biasAdd_mlp_c_proj_(mlp_c_proj_matmul_, mlp_c_proj_bias_, mlp_c_proj_);
  add_add_1_(add_, mlp_c_proj_, add_1_);
}

void Step::HBlock::backward() {
  timeline.layer(name.c_str());
  biasGrad_mlp_c_proj_bias_grad_(add_1_grad_1_, mlp_c_proj_bias_grad_,
      mlp_c_proj_bias_grad_workspace_);
  matmul_mlp_act_grad_(add_1_grad_1_, mlp_c_proj_weight_, mlp_act_grad_, nullptr);
  matmul_mlp_c_proj_weight_grad_(mlp_act_, add_1_grad_1_, mlp_c_proj_weight_grad_, nullptr);
  geluGrad_mlp_c_fc_grad_(mlp_act_grad_, mlp_c_fc_, mlp_c_fc_grad_);
  biasGrad_mlp_c_fc_bias_grad_(mlp_c_fc_grad_, mlp_c_fc_bias_grad_, mlp_c_fc_bias_grad_workspace_);
  matmul_ln_2_grad_(mlp_c_fc_grad_, mlp_c_fc_weight_, ln_2_grad_, nullptr);
  matmul_mlp_c_fc_weight_grad_(ln_2_, mlp_c_fc_grad_, mlp_c_fc_weight_grad_, nullptr);
  layerNormGradInput_add_grad_(ln_2_grad_, add_, ln_2_weight_, ln_2_mean_, ln_2_rstd_, add_grad_);
  add_add_grad_1_(add_1_grad_1_, add_grad_, add_grad_1_);
  layerNormGradParameters_ln_2_grad_parameters_(ln_2_grad_, add_, ln_2_mean_, ln_2_rstd_,
      ln_2_weight_grad_, ln_2_bias_grad_, ln_2_grad_parameters_workspace_);
  biasGrad_attn_c_proj_bias_grad_(add_grad_1_, attn_c_proj_bias_grad_,
      attn_c_proj_bias_grad_workspace_);
  matmul_attn_grad_(add_grad_1_, attn_c_proj_weight_, attn_grad_, nullptr);
  matmul_attn_c_proj_weight_grad_(attn_, add_grad_1_, attn_c_proj_weight_grad_, nullptr);
  attentionGrad_attn_c_attn_grad_(attn_grad_, attn_c_attn_, attn_, attn_lse_, attn_c_attn_grad_,
      attn_c_attn_grad_workspace_);
  biasGrad_attn_c_attn_bias_grad_(attn_c_attn_grad_, attn_c_attn_bias_grad_,
      attn_c_attn_bias_grad_workspace_);
  matmul_ln_1_grad_(attn_c_attn_grad_, attn_c_attn_weight_, ln_1_grad_, nullptr);
  matmul_attn_c_attn_weight_grad_(ln_1_, attn_c_attn_grad_, attn_c_attn_weight_grad_, nullptr);
  layerNormGradInput_add_1_grad_before_(ln_1_grad_, add_1_before_, ln_1_weight_, ln_1_mean_,
      ln_1_rstd_, add_1_grad_before_);
  add_add_1_grad_1_before_(add_grad_1_, add_1_grad_before_, add_1_grad_1_before_);
  layerNormGradParameters_ln_1_grad_parameters_(ln_1_grad_, add_1_before_, ln_1_mean_, ln_1_rstd_,
      ln_1_weight_grad_, ln_1_bias_grad_, ln_1_grad_parameters_workspace_);
}

void Step::HBlock::squareSum() {
  timeline.layer(name.c_str());
  squareSum_mlp_c_proj_bias_grad_squares_(mlp_c_proj_bias_grad_, mlp_c_proj_bias_grad_squares_,
      mlp_c_proj_bias_grad_squares_workspace_);
  squareSum_mlp_c_proj_weight_grad_squares_(mlp_c_proj_weight_grad_,
      mlp_c_proj_weight_grad_squares_, mlp_c_proj_weight_grad_squares_workspace_);
  squareSum_mlp_c_fc_bias_grad_squares_(mlp_c_fc_bias_grad_, mlp_c_fc_bias_grad_squares_,
      mlp_c_fc_bias_grad_squares_workspace_);
  squareSum_mlp_c_fc_weight_grad_squares_(mlp_c_fc_weight_grad_, mlp_c_fc_weight_grad_squares_,
      mlp_c_fc_weight_grad_squares_workspace_);
  squareSum_ln_2_grad_parameters_bias_squares_(ln_2_bias_grad_, ln_2_grad_parameters_bias_squares_,
      ln_2_grad_parameters_bias_squares_workspace_);
  squareSum_ln_2_grad_parameters_squares_(ln_2_weight_grad_, ln_2_grad_parameters_squares_,
      ln_2_grad_parameters_squares_workspace_);
  squareSum_attn_c_proj_bias_grad_squares_(attn_c_proj_bias_grad_, attn_c_proj_bias_grad_squares_,
      attn_c_proj_bias_grad_squares_workspace_);
  squareSum_attn_c_proj_weight_grad_squares_(attn_c_proj_weight_grad_,
      attn_c_proj_weight_grad_squares_, attn_c_proj_weight_grad_squares_workspace_);
  squareSum_attn_c_attn_bias_grad_squares_(attn_c_attn_bias_grad_, attn_c_attn_bias_grad_squares_,
      attn_c_attn_bias_grad_squares_workspace_);
  squareSum_attn_c_attn_weight_grad_squares_(attn_c_attn_weight_grad_,
      attn_c_attn_weight_grad_squares_, attn_c_attn_weight_grad_squares_workspace_);
  squareSum_ln_1_grad_parameters_bias_squares_(ln_1_bias_grad_, ln_1_grad_parameters_bias_squares_,
      ln_1_grad_parameters_bias_squares_workspace_);
  squareSum_ln_1_grad_parameters_squares_(ln_1_weight_grad_, ln_1_grad_parameters_squares_,
      ln_1_grad_parameters_squares_workspace_);
}

void Step::HBlock::adamW() {
  timeline.layer(name.c_str());
  adamW_mlp_c_proj_bias_new_(mlp_c_proj_bias_, mlp_c_proj_bias_grad_, step.learning_rate_,
      step.steps_taken_, mlp_c_proj_bias_exp_avg_, mlp_c_proj_bias_exp_avg_sq_,
      step.gradients_clip_, mlp_c_proj_bias_, mlp_c_proj_bias_exp_avg_,
      mlp_c_proj_bias_exp_avg_sq_);
  adamW_mlp_c_proj_weight_new_(mlp_c_proj_weight_, mlp_c_proj_weight_grad_, step.learning_rate_,
      step.steps_taken_, mlp_c_proj_weight_exp_avg_, mlp_c_proj_weight_exp_avg_sq_,
      step.gradients_clip_, mlp_c_proj_weight_, mlp_c_proj_weight_exp_avg_,
      mlp_c_proj_weight_exp_avg_sq_);
  adamW_mlp_c_fc_bias_new_(mlp_c_fc_bias_, mlp_c_fc_bias_grad_, step.learning_rate_,
      step.steps_taken_, mlp_c_fc_bias_exp_avg_, mlp_c_fc_bias_exp_avg_sq_, step.gradients_clip_,
      mlp_c_fc_bias_, mlp_c_fc_bias_exp_avg_, mlp_c_fc_bias_exp_avg_sq_);
  adamW_mlp_c_fc_weight_new_(mlp_c_fc_weight_, mlp_c_fc_weight_grad_, step.learning_rate_,
      step.steps_taken_, mlp_c_fc_weight_exp_avg_, mlp_c_fc_weight_exp_avg_sq_,
      step.gradients_clip_, mlp_c_fc_weight_, mlp_c_fc_weight_exp_avg_,
      mlp_c_fc_weight_exp_avg_sq_);
  adamW_ln_2_bias_new_(ln_2_bias_, ln_2_bias_grad_, step.learning_rate_, step.steps_taken_,
      ln_2_bias_exp_avg_, ln_2_bias_exp_avg_sq_, step.gradients_clip_, ln_2_bias_,
      ln_2_bias_exp_avg_, ln_2_bias_exp_avg_sq_);
  adamW_ln_2_weight_new_(ln_2_weight_, ln_2_weight_grad_, step.learning_rate_, step.steps_taken_,
      ln_2_weight_exp_avg_, ln_2_weight_exp_avg_sq_, step.gradients_clip_, ln_2_weight_,
      ln_2_weight_exp_avg_, ln_2_weight_exp_avg_sq_);
  adamW_attn_c_proj_bias_new_(attn_c_proj_bias_, attn_c_proj_bias_grad_, step.learning_rate_,
      step.steps_taken_, attn_c_proj_bias_exp_avg_, attn_c_proj_bias_exp_avg_sq_,
      step.gradients_clip_, attn_c_proj_bias_, attn_c_proj_bias_exp_avg_,
      attn_c_proj_bias_exp_avg_sq_);
  adamW_attn_c_proj_weight_new_(attn_c_proj_weight_, attn_c_proj_weight_grad_, step.learning_rate_,
      step.steps_taken_, attn_c_proj_weight_exp_avg_, attn_c_proj_weight_exp_avg_sq_,
      step.gradients_clip_, attn_c_proj_weight_, attn_c_proj_weight_exp_avg_,
      attn_c_proj_weight_exp_avg_sq_);
  adamW_attn_c_attn_bias_new_(attn_c_attn_bias_, attn_c_attn_bias_grad_, step.learning_rate_,
      step.steps_taken_, attn_c_attn_bias_exp_avg_, attn_c_attn_bias_exp_avg_sq_,
      step.gradients_clip_, attn_c_attn_bias_, attn_c_attn_bias_exp_avg_,
      attn_c_attn_bias_exp_avg_sq_);
  adamW_attn_c_attn_weight_new_(attn_c_attn_weight_, attn_c_attn_weight_grad_, step.learning_rate_,
      step.steps_taken_, attn_c_attn_weight_exp_avg_, attn_c_attn_weight_exp_avg_sq_,
      step.gradients_clip_, attn_c_attn_weight_, attn_c_attn_weight_exp_avg_,
      attn_c_attn_weight_exp_avg_sq_);
  adamW_ln_1_bias_new_(ln_1_bias_, ln_1_bias_grad_, step.learning_rate_, step.steps_taken_,
      ln_1_bias_exp_avg_, ln_1_bias_exp_avg_sq_, step.gradients_clip_, ln_1_bias_,
      ln_1_bias_exp_avg_, ln_1_bias_exp_avg_sq_);
  adamW_ln_1_weight_new_(ln_1_weight_, ln_1_weight_grad_, step.learning_rate_, step.steps_taken_,
      ln_1_weight_exp_avg_, ln_1_weight_exp_avg_sq_, step.gradients_clip_, ln_1_weight_,
      ln_1_weight_exp_avg_, ln_1_weight_exp_avg_sq_);
}

// The forward pass with running statistics.
struct Evaluation : Variables {
  // h.0 to h.2, which are alike.
  struct HBlock : Frame {
    Evaluation &step;
    const int64_t layer;
    const std::string name = "h." + std::to_string(layer);
    float *const add_1_before_ = arena.at<float>(513728, {4, 16, 32});                   // activation, then add_ in its place; embeddings_ of h.0
    float *const ln_1_weight_ = arena.at<float>(18432 + 50816 * layer, {32});            // parameter
    float *const ln_1_bias_ = arena.at<float>(18560 + 50816 * layer, {32});              // parameter
    float *const ln_1_ = arena.at<float>(546496, {4, 16, 32});                           // activation, until matmul_attn_c_attn_
    float *const ln_1_mean_ = arena.at<float>(521920, {4, 16});                          // activation
    float *const ln_1_rstd_ = arena.at<float>(522176, {4, 16});                          // activation
    float *const attn_c_attn_weight_ = arena.at<float>(18688 + 50816 * layer, {32, 3, 2, 16}); // parameter
    float *const attn_c_attn_matmul_ = arena.at<float>(521920, {4, 16, 3, 2, 16});       // activation, then attn_c_attn_ in its place
    float *const attn_c_attn_bias_ = arena.at<float>(30976 + 50816 * layer, {3, 2, 16}); // parameter
    float *const attn_c_attn_ = arena.at<float>(521920, {4, 16, 3, 2, 16});              // activation, until attention_attn_
    float *const attn_ = arena.at<float>(546496, {4, 16, 2, 16});                        // activation, until matmul_attn_c_proj_
    float *const attn_lse_ = arena.at<float>(571072, {4, 2, 16});                        // activation
    float *const attn_c_proj_weight_ = arena.at<float>(31360 + 50816 * layer, {2, 16, 32}); // parameter
    float *const attn_c_proj_matmul_ = arena.at<float>(521920, {4, 16, 32});             // activation, then attn_c_proj_ in its place
    float *const attn_c_proj_bias_ = arena.at<float>(35456 + 50816 * layer, {32});       // parameter
    float *const attn_c_proj_ = arena.at<float>(521920, {4, 16, 32});                    // activation, until add_call_
    float *const add_ = arena.at<float>(513728, {4, 16, 32});                            // activation, then add_1_ in its place
    float *const ln_2_weight_ = arena.at<float>(35584 + 50816 * layer, {32});            // parameter
    float *const ln_2_bias_ = arena.at<float>(35712 + 50816 * layer, {32});              // parameter
    float *const ln_2_ = arena.at<float>(554688, {4, 16, 32});                           // activation, until matmul_mlp_c_fc_
    float *const ln_2_mean_ = arena.at<float>(521920, {4, 16});                          // activation
    float *const ln_2_rstd_ = arena.at<float>(522176, {4, 16});                          // activation
    float *const mlp_c_fc_weight_ = arena.at<float>(35840 + 50816 * layer, {32, 128});   // parameter
    float *const mlp_c_fc_matmul_ = arena.at<float>(521920, {4, 16, 128});               // activation, then mlp_c_fc_ in its place
    float *const mlp_c_fc_bias_ = arena.at<float>(52224 + 50816 * layer, {128});         // parameter
    float *const mlp_c_fc_ = arena.at<float>(521920, {4, 16, 128});                      // activation, then mlp_act_ in its place
    float *const mlp_act_ = arena.at<float>(521920, {4, 16, 128});                       // activation, until matmul_mlp_c_proj_
    float *const mlp_c_proj_weight_ = arena.at<float>(52736 + 50816 * layer, {128, 32}); // parameter
    float *const mlp_c_proj_matmul_ = arena.at<float>(554688, {4, 16, 32});              // activation, then mlp_c_proj_ in its place
    float *const mlp_c_proj_bias_ = arena.at<float>(69120 + 50816 * layer, {32});        // parameter
    float *const mlp_c_proj_ = arena.at<float>(554688, {4, 16, 32});                     // activation, until add_add_1_
    float *const add_1_ = arena.at<float>(513728, {4, 16, 32});                          // activation, then h_[layer + 1].add_ in its place
    void *const attn_workspace_ = arena.slice(554688, 16384).data();                     // workspace

    const cpu::LayerNorm layerNorm_ln_1_{.rows = 64, .channels = 32, .epsilon = 1.0e-05};
    const cpu::Matmul matmul_attn_c_attn_{{.m = 64, .n = 96, .k = 32}};
    const cpu::BiasAdd biasAdd_attn_c_attn_{.rows = 64, .channels = 96};
    const cpu::Attention attention_attn_{{.batch = 4, .sequence = 16, .heads = 2, .headSize = 16,
        .scale = 0.25, .part = {.whole = {4, 16, 2, 16}, .begin = {0, 0, 0, 0}}}};
    const cpu::Matmul matmul_attn_c_proj_{{.m = 64, .n = 32, .k = 32}};
    const cpu::BiasAdd biasAdd_attn_c_proj_{.rows = 64, .channels = 32};
    const cpu::Add add_call_{.count = 2048};
    const cpu::LayerNorm layerNorm_ln_2_{.rows = 64, .channels = 32, .epsilon = 1.0e-05};
    const cpu::Matmul matmul_mlp_c_fc_{{.m = 64, .n = 128, .k = 32}};
    const cpu::BiasAdd biasAdd_mlp_c_fc_{.rows = 64, .channels = 128};
    const cpu::Gelu gelu_mlp_act_{.count = 8192, .tanh = true};
    const cpu::Matmul matmul_mlp_c_proj_{{.m = 64, .n = 32, .k = 128}};
    const cpu::BiasAdd biasAdd_mlp_c_proj_{.rows = 64, .channels = 32};
    const cpu::Add add_add_1_{.count = 2048};

    HBlock(Evaluation &step, int64_t layer) : Frame(step), step(step), layer(layer) {}
    void setUp();
    void forward();
  };

  int32_t *const tokens_ = arena.at<int32_t>(521920, {4, 16});        // input, until embedding_wte_
  int32_t *const labels_ = arena.at<int32_t>(513472, {4, 16});        // input, until crossEntropyOfSums_loss_
  float *const wte_ = arena.at<float>(513728, {4, 16, 32});           // activation, then embeddings_ in its place
  float *const embeddings_ = arena.at<float>(513728, {4, 16, 32});    // activation, then h_[0].add_ in its place
  float *const ln_f_ = arena.at<float>(546496, {4, 16, 32});          // activation, until matmul_lm_head_
  float *const ln_f_mean_ = arena.at<float>(521920, {4, 16});         // activation
  float *const ln_f_rstd_ = arena.at<float>(522176, {4, 16});         // activation
  float *const lm_head_ = arena.at<float>(513728, {4, 16, 128});      // activation, until vocabularySums_loss_sums_
  double *const loss_sums_ = arena.at<double>(546496, {4, 16, 1, 3}); // activation, until crossEntropyOfSums_loss_
  float *const loss_ = arena.at<float>(513728, {});                   // activation, to the end

  Layers<HBlock, 0, 2> h_{*this};
  const cpu::Embedding embedding_wte_{.rows = 64, .channels = 32, .table = {.whole = {128, 32},
      .begin = {0, 0}}, .length = 128};
  const cpu::BiasAdd biasAdd_embeddings_{.rows = 4, .channels = 512};
  const cpu::LayerNorm layerNorm_ln_f_{.rows = 64, .channels = 32, .epsilon = 1.0e-05};
  const cpu::Matmul matmul_lm_head_{{.m = 64, .n = 128, .k = 32, .transposeB = true}};
  const cpu::VocabularySums vocabularySums_loss_sums_{.rows = 64, .classes = 128, .blocks = 1,
      .logits = {.whole = {4, 16, 128}, .begin = {0, 0, 0}}, .valid = 100};
  const cpu::CrossEntropyOfSums crossEntropyOfSums_loss_{.rows = 64, .blocks = 1, .count = 64};

  Evaluation(Rank &rank, Arena &arena) : Variables{{rank, arena}} {}
  void setUp();
  void run();
};

// Libraries prepare their kernels, and say whether the planned workspaces do here.
void Evaluation::setUp() {
  for (HBlock &block : h_)
    block.setUp();
  matmul_lm_head_.requireWorkspace(0);
}

void Evaluation::HBlock::setUp() {
  matmul_attn_c_attn_.requireWorkspace(0);
  attention_attn_.requireWorkspace(16384);
  matmul_attn_c_proj_.requireWorkspace(0);
  matmul_mlp_c_fc_.requireWorkspace(0);
  matmul_mlp_c_proj_.requireWorkspace(0);
}

void Evaluation::run() {
  timeline.layer("wte");
  embedding_wte_(tokens_, wte_weight_, wte_);
  timeline.layer("embeddings");
  biasAdd_embeddings_(wte_, wpe_weight_, embeddings_);
  for (int64_t layer = 0; layer <= 2; ++layer)
    h_[layer].forward();
  timeline.layer("ln_f");
  layerNorm_ln_f_(h_[2].add_1_, ln_f_weight_, ln_f_bias_, ln_f_, ln_f_mean_, ln_f_rstd_);
  timeline.layer("lm_head");
  matmul_lm_head_(ln_f_, wte_weight_, lm_head_, nullptr);
  timeline.layer("loss");
  vocabularySums_loss_sums_(lm_head_, labels_, loss_sums_);
  crossEntropyOfSums_loss_(loss_sums_, labels_, loss_);
  timeline.end();
}

void Evaluation::HBlock::forward() {
  timeline.layer(name.c_str());
  layerNorm_ln_1_(add_1_before_, ln_1_weight_, ln_1_bias_, ln_1_, ln_1_mean_, ln_1_rstd_);
  matmul_attn_c_attn_(ln_1_, attn_c_attn_weight_, attn_c_attn_matmul_, nullptr);
  biasAdd_attn_c_attn_(attn_c_attn_matmul_, attn_c_attn_bias_, attn_c_attn_);
  attention_attn_(attn_c_attn_, attn_, attn_lse_, attn_workspace_);
  matmul_attn_c_proj_(attn_, attn_c_proj_weight_, attn_c_proj_matmul_, nullptr);
  biasAdd_attn_c_proj_(attn_c_proj_matmul_, attn_c_proj_bias_, attn_c_proj_);
  add_call_(add_1_before_, attn_c_proj_, add_);
  layerNorm_ln_2_(add_, ln_2_weight_, ln_2_bias_, ln_2_, ln_2_mean_, ln_2_rstd_);
  matmul_mlp_c_fc_(ln_2_, mlp_c_fc_weight_, mlp_c_fc_matmul_, nullptr);
  biasAdd_mlp_c_fc_(mlp_c_fc_matmul_, mlp_c_fc_bias_, mlp_c_fc_);
  gelu_mlp_act_(mlp_c_fc_, mlp_act_);
  matmul_mlp_c_proj_(mlp_act_, mlp_c_proj_weight_, mlp_c_proj_matmul_, nullptr);
  biasAdd_mlp_c_proj_(mlp_c_proj_matmul_, mlp_c_proj_bias_, mlp_c_proj_);
  add_add_1_(add_, mlp_c_proj_, add_1_);
}

struct Train final : Program {
  Step training;
  Evaluation evaluation;

  Train(Rank &rank, Arena &arena)
      : Program(rank, arena), training(rank, arena), evaluation(rank, arena) {
    training.setUp();
    evaluation.setUp();
  }
  void step() override { training.run(); }
  void evaluate() override { evaluation.run(); }
};

const VariableTable variables = [] {
  VariableTable table;
  table.add({.name = "wte.weight", .kind = VariableKind::Parameter, .shape = {128, 32}, .offset = 0,
      .bytes = 16384, .initialiser = Initialiser::normal(0.02), .stored = {100, 32}});
  table.add({.name = "wpe.weight", .kind = VariableKind::Parameter, .shape = {16, 32},
      .offset = 16384, .bytes = 2048, .initialiser = Initialiser::normal(0.02)});
  for (int64_t layer = 0; layer <= 2; ++layer) {
    const std::string name = "h." + std::to_string(layer);
    table.add({.name = name + ".ln_1.weight", .kind = VariableKind::Parameter, .shape = {32},
        .offset = size_t(18432 + 50816 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(1.0)});
    table.add({.name = name + ".ln_1.bias", .kind = VariableKind::Parameter, .shape = {32},
        .offset = size_t(18560 + 50816 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".attn.c_attn.weight", .kind = VariableKind::Parameter, .shape = {32,
        3, 2, 16}, .offset = size_t(18688 + 50816 * layer), .bytes = 12288,
        .initialiser = Initialiser::normal(0.02), .stored = {32, 96}});
    table.add({.name = name + ".attn.c_attn.bias", .kind = VariableKind::Parameter, .shape = {3, 2,
        16}, .offset = size_t(30976 + 50816 * layer), .bytes = 384,
        .initialiser = Initialiser::constant(0.0), .stored = {96}});
    table.add({.name = name + ".attn.c_proj.weight", .kind = VariableKind::Parameter, .shape = {2,
        16, 32}, .offset = size_t(31360 + 50816 * layer), .bytes = 4096,
        .initialiser = Initialiser::normal(0.008164965809277261), .stored = {32, 32}});
    table.add({.name = name + ".attn.c_proj.bias", .kind = VariableKind::Parameter, .shape = {32},
        .offset = size_t(35456 + 50816 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".ln_2.weight", .kind = VariableKind::Parameter, .shape = {32},
        .offset = size_t(35584 + 50816 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(1.0)});
    table.add({.name = name + ".ln_2.bias", .kind = VariableKind::Parameter, .shape = {32},
        .offset = size_t(35712 + 50816 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".mlp.c_fc.weight", .kind = VariableKind::Parameter, .shape = {32,
        128}, .offset = size_t(35840 + 50816 * layer), .bytes = 16384,
        .initialiser = Initialiser::normal(0.02)});
    table.add({.name = name + ".mlp.c_fc.bias", .kind = VariableKind::Parameter, .shape = {128},
        .offset = size_t(52224 + 50816 * layer), .bytes = 512,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".mlp.c_proj.weight", .kind = VariableKind::Parameter, .shape = {128,
        32}, .offset = size_t(52736 + 50816 * layer), .bytes = 16384,
        .initialiser = Initialiser::normal(0.008164965809277261)});
    table.add({.name = name + ".mlp.c_proj.bias", .kind = VariableKind::Parameter, .shape = {32},
        .offset = size_t(69120 + 50816 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
  }
  table.add({.name = "ln_f.weight", .kind = VariableKind::Parameter, .shape = {32},
      .offset = 170880, .bytes = 128, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "ln_f.bias", .kind = VariableKind::Parameter, .shape = {32}, .offset = 171008,
      .bytes = 128, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "adamw.steps", .kind = VariableKind::Slot, .shape = {}, .offset = 171136,
      .bytes = 4, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "ln_f.bias.exp_avg", .kind = VariableKind::Slot, .shape = {32},
      .offset = 171200, .bytes = 128, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "ln_f.bias.exp_avg_sq", .kind = VariableKind::Slot, .shape = {32},
      .offset = 171328, .bytes = 128, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "ln_f.weight.exp_avg", .kind = VariableKind::Slot, .shape = {32},
      .offset = 171456, .bytes = 128, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "ln_f.weight.exp_avg_sq", .kind = VariableKind::Slot, .shape = {32},
      .offset = 171584, .bytes = 128, .initialiser = Initialiser::constant(0.0)});
  for (int64_t layer = 2; layer >= 0; --layer) {
    const std::string name = "h." + std::to_string(layer);
    table.add({.name = name + ".mlp.c_proj.bias.exp_avg", .kind = VariableKind::Slot, .shape = {32},
        .offset = size_t(374976 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".mlp.c_proj.bias.exp_avg_sq", .kind = VariableKind::Slot,
        .shape = {32}, .offset = size_t(375104 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".mlp.c_proj.weight.exp_avg", .kind = VariableKind::Slot,
        .shape = {128, 32}, .offset = size_t(375232 - 101632 * layer), .bytes = 16384,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".mlp.c_proj.weight.exp_avg_sq", .kind = VariableKind::Slot,
        .shape = {128, 32}, .offset = size_t(391616 - 101632 * layer), .bytes = 16384,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".mlp.c_fc.bias.exp_avg", .kind = VariableKind::Slot, .shape = {128},
        .offset = size_t(408000 - 101632 * layer), .bytes = 512,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".mlp.c_fc.bias.exp_avg_sq", .kind = VariableKind::Slot,
        .shape = {128}, .offset = size_t(408512 - 101632 * layer), .bytes = 512,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".mlp.c_fc.weight.exp_avg", .kind = VariableKind::Slot, .shape = {32,
        128}, .offset = size_t(409024 - 101632 * layer), .bytes = 16384,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".mlp.c_fc.weight.exp_avg_sq", .kind = VariableKind::Slot,
        .shape = {32, 128}, .offset = size_t(425408 - 101632 * layer), .bytes = 16384,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".ln_2.bias.exp_avg", .kind = VariableKind::Slot, .shape = {32},
        .offset = size_t(441792 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".ln_2.bias.exp_avg_sq", .kind = VariableKind::Slot, .shape = {32},
        .offset = size_t(441920 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".ln_2.weight.exp_avg", .kind = VariableKind::Slot, .shape = {32},
        .offset = size_t(442048 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".ln_2.weight.exp_avg_sq", .kind = VariableKind::Slot, .shape = {32},
        .offset = size_t(442176 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".attn.c_proj.bias.exp_avg", .kind = VariableKind::Slot,
        .shape = {32}, .offset = size_t(442304 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".attn.c_proj.bias.exp_avg_sq", .kind = VariableKind::Slot,
        .shape = {32}, .offset = size_t(442432 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".attn.c_proj.weight.exp_avg", .kind = VariableKind::Slot,
        .shape = {2, 16, 32}, .offset = size_t(442560 - 101632 * layer), .bytes = 4096,
        .initialiser = Initialiser::constant(0.0), .stored = {32, 32}});
    table.add({.name = name + ".attn.c_proj.weight.exp_avg_sq", .kind = VariableKind::Slot,
        .shape = {2, 16, 32}, .offset = size_t(446656 - 101632 * layer), .bytes = 4096,
        .initialiser = Initialiser::constant(0.0), .stored = {32, 32}});
    table.add({.name = name + ".attn.c_attn.bias.exp_avg", .kind = VariableKind::Slot, .shape = {3,
        2, 16}, .offset = size_t(450752 - 101632 * layer), .bytes = 384,
        .initialiser = Initialiser::constant(0.0), .stored = {96}});
    table.add({.name = name + ".attn.c_attn.bias.exp_avg_sq", .kind = VariableKind::Slot,
        .shape = {3, 2, 16}, .offset = size_t(451136 - 101632 * layer), .bytes = 384,
        .initialiser = Initialiser::constant(0.0), .stored = {96}});
    table.add({.name = name + ".attn.c_attn.weight.exp_avg", .kind = VariableKind::Slot,
        .shape = {32, 3, 2, 16}, .offset = size_t(451520 - 101632 * layer), .bytes = 12288,
        .initialiser = Initialiser::constant(0.0), .stored = {32, 96}});
    table.add({.name = name + ".attn.c_attn.weight.exp_avg_sq", .kind = VariableKind::Slot,
        .shape = {32, 3, 2, 16}, .offset = size_t(463808 - 101632 * layer), .bytes = 12288,
        .initialiser = Initialiser::constant(0.0), .stored = {32, 96}});
    table.add({.name = name + ".ln_1.bias.exp_avg", .kind = VariableKind::Slot, .shape = {32},
        .offset = size_t(476096 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".ln_1.bias.exp_avg_sq", .kind = VariableKind::Slot, .shape = {32},
        .offset = size_t(476224 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".ln_1.weight.exp_avg", .kind = VariableKind::Slot, .shape = {32},
        .offset = size_t(476352 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".ln_1.weight.exp_avg_sq", .kind = VariableKind::Slot, .shape = {32},
        .offset = size_t(476480 - 101632 * layer), .bytes = 128,
        .initialiser = Initialiser::constant(0.0)});
  }
  table.add({.name = "wpe.weight.exp_avg", .kind = VariableKind::Slot, .shape = {16, 32},
      .offset = 476608, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "wpe.weight.exp_avg_sq", .kind = VariableKind::Slot, .shape = {16, 32},
      .offset = 478656, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "wte.weight.exp_avg", .kind = VariableKind::Slot, .shape = {128, 32},
      .offset = 480704, .bytes = 16384, .initialiser = Initialiser::constant(0.0), .stored = {100,
      32}});
  table.add({.name = "wte.weight.exp_avg_sq", .kind = VariableKind::Slot, .shape = {128, 32},
      .offset = 497088, .bytes = 16384, .initialiser = Initialiser::constant(0.0), .stored = {100,
      32}});
  return table;
}();

constexpr Port stepInputs[] = {
    {.name = "tokens", .type = DataType::I32, .shape = {4, 16}, .offset = 704128},
    {.name = "labels", .type = DataType::I32, .shape = {4, 16}, .offset = 529984},
    {.name = "learning_rate", .type = DataType::F32, .shape = {}, .offset = 513472},
    {.name = "state", .type = DataType::I64, .shape = {2}, .offset = 513536},
};

constexpr Port stepOutputs[] = {
    {.name = "loss", .type = DataType::F32, .shape = {}, .offset = 513600},
};

constexpr Port evaluateInputs[] = {
    {.name = "tokens", .type = DataType::I32, .shape = {4, 16}, .offset = 521920},
    {.name = "labels", .type = DataType::I32, .shape = {4, 16}, .offset = 513472},
};

constexpr Port evaluateOutputs[] = {
    {.name = "loss", .type = DataType::F32, .shape = {}, .offset = 513728},
};

const Description description = {
    .model = "gpt2",
    .mesh = {.sizes = {1}, .axes = {"x"}},
    .arenaBytes = 985984,
    .predicted = {.computeSeconds = 0.0006798347945205476, .communicationSeconds = 0.0,
        .budgetBytes = 12000000000, .reserveBytes = 150000000},
    .classes = 100,
    .learningRate = 0.0003,
    .variables = variables,
    .step = {.inputs = stepInputs, .outputs = stepOutputs, .peakBytes = 985984},
    .evaluate = {.inputs = evaluateInputs, .outputs = evaluateOutputs, .peakBytes = 571584},
};

} // namespace

int main(int argc, char **argv) {
  return trainMain<Train>(argc, argv, description, hostTarget());
}
