// The training program of resnet18, one rank of 1, written by autopar. Build and run it with
//
//   cmake -S . -B build && cmake --build build -j
//   mpirun -n 1 build/train_rank --help
//
// mesh     1, 2 threads a rank
// time     0.121 s a step predicted
// budget   12000000000 bytes a rank, 150000000 of them reserved for what is beside the arena
// memory   127296708 bytes in one arena; most is in use in step() at layer4.1.conv2.weight.grad:
//              44.70 MB  parameter
//               0.04 MB  state
//              44.70 MB  slot
//               0.05 MB  input
//              18.94 MB  activation
//               9.44 MB  gradient
//               9.44 MB  workspace

#include "autopar/core/Layers.h"
#include "autopar/core/Program.h"
#include "autopar/core/VariableTable.h"
#include "autopar/cpu/BatchNorm.h"
#include "autopar/cpu/Conv2d.h"
#include "autopar/cpu/Elementwise.h"
#include "autopar/cpu/Linear.h"
#include "autopar/cpu/Loss.h"
#include "autopar/cpu/Pool.h"
#include "autopar/cpu/Sgd.h"
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
  float *const conv1_weight_ = arena.at<float>(0, {64, 3, 3, 3});                      // parameter
  float *const bn1_weight_ = arena.at<float>(6912, {64});                              // parameter
  float *const bn1_bias_ = arena.at<float>(7168, {64});                                // parameter
  float *const bn1_running_mean_ = arena.at<float>(7424, {64});                        // state
  float *const bn1_running_var_ = arena.at<float>(7680, {64});                         // state
  float *const layer2_0_conv1_weight_ = arena.at<float>(601856, {128, 64, 3, 3});      // parameter
  float *const layer2_0_bn1_weight_ = arena.at<float>(896768, {128});                  // parameter
  float *const layer2_0_bn1_bias_ = arena.at<float>(897280, {128});                    // parameter
  float *const layer2_0_bn1_running_mean_ = arena.at<float>(897792, {128});            // state
  float *const layer2_0_bn1_running_var_ = arena.at<float>(898304, {128});             // state
  float *const layer2_0_conv2_weight_ = arena.at<float>(898816, {128, 128, 3, 3});     // parameter
  float *const layer2_0_bn2_weight_ = arena.at<float>(1488640, {128});                 // parameter
  float *const layer2_0_bn2_bias_ = arena.at<float>(1489152, {128});                   // parameter
  float *const layer2_0_bn2_running_mean_ = arena.at<float>(1489664, {128});           // state
  float *const layer2_0_bn2_running_var_ = arena.at<float>(1490176, {128});            // state
  float *const layer2_0_downsample_0_weight_ = arena.at<float>(1490688, {128, 64, 1, 1}); // parameter
  float *const layer2_0_downsample_1_weight_ = arena.at<float>(1523456, {128});        // parameter
  float *const layer2_0_downsample_1_bias_ = arena.at<float>(1523968, {128});          // parameter
  float *const layer2_0_downsample_1_running_mean_ = arena.at<float>(1524480, {128});  // state
  float *const layer2_0_downsample_1_running_var_ = arena.at<float>(1524992, {128});   // state
  float *const layer2_1_conv1_weight_ = arena.at<float>(1525504, {128, 128, 3, 3});    // parameter
  float *const layer2_1_bn1_weight_ = arena.at<float>(2115328, {128});                 // parameter
  float *const layer2_1_bn1_bias_ = arena.at<float>(2115840, {128});                   // parameter
  float *const layer2_1_bn1_running_mean_ = arena.at<float>(2116352, {128});           // state
  float *const layer2_1_bn1_running_var_ = arena.at<float>(2116864, {128});            // state
  float *const layer2_1_conv2_weight_ = arena.at<float>(2117376, {128, 128, 3, 3});    // parameter
  float *const layer2_1_bn2_weight_ = arena.at<float>(2707200, {128});                 // parameter
  float *const layer2_1_bn2_bias_ = arena.at<float>(2707712, {128});                   // parameter
  float *const layer2_1_bn2_running_mean_ = arena.at<float>(2708224, {128});           // state
  float *const layer2_1_bn2_running_var_ = arena.at<float>(2708736, {128});            // state
  float *const layer3_0_conv1_weight_ = arena.at<float>(2709248, {256, 128, 3, 3});    // parameter
  float *const layer3_0_bn1_weight_ = arena.at<float>(3888896, {256});                 // parameter
  float *const layer3_0_bn1_bias_ = arena.at<float>(3889920, {256});                   // parameter
  float *const layer3_0_bn1_running_mean_ = arena.at<float>(3890944, {256});           // state
  float *const layer3_0_bn1_running_var_ = arena.at<float>(3891968, {256});            // state
  float *const layer3_0_conv2_weight_ = arena.at<float>(3892992, {256, 256, 3, 3});    // parameter
  float *const layer3_0_bn2_weight_ = arena.at<float>(6252288, {256});                 // parameter
  float *const layer3_0_bn2_bias_ = arena.at<float>(6253312, {256});                   // parameter
  float *const layer3_0_bn2_running_mean_ = arena.at<float>(6254336, {256});           // state
  float *const layer3_0_bn2_running_var_ = arena.at<float>(6255360, {256});            // state
  float *const layer3_0_downsample_0_weight_ = arena.at<float>(6256384, {256, 128, 1, 1}); // parameter
  float *const layer3_0_downsample_1_weight_ = arena.at<float>(6387456, {256});        // parameter
  float *const layer3_0_downsample_1_bias_ = arena.at<float>(6388480, {256});          // parameter
  float *const layer3_0_downsample_1_running_mean_ = arena.at<float>(6389504, {256});  // state
  float *const layer3_0_downsample_1_running_var_ = arena.at<float>(6390528, {256});   // state
  float *const layer3_1_conv1_weight_ = arena.at<float>(6391552, {256, 256, 3, 3});    // parameter
  float *const layer3_1_bn1_weight_ = arena.at<float>(8750848, {256});                 // parameter
  float *const layer3_1_bn1_bias_ = arena.at<float>(8751872, {256});                   // parameter
  float *const layer3_1_bn1_running_mean_ = arena.at<float>(8752896, {256});           // state
  float *const layer3_1_bn1_running_var_ = arena.at<float>(8753920, {256});            // state
  float *const layer3_1_conv2_weight_ = arena.at<float>(8754944, {256, 256, 3, 3});    // parameter
  float *const layer3_1_bn2_weight_ = arena.at<float>(11114240, {256});                // parameter
  float *const layer3_1_bn2_bias_ = arena.at<float>(11115264, {256});                  // parameter
  float *const layer3_1_bn2_running_mean_ = arena.at<float>(11116288, {256});          // state
  float *const layer3_1_bn2_running_var_ = arena.at<float>(11117312, {256});           // state
  float *const layer4_0_conv1_weight_ = arena.at<float>(11118336, {512, 256, 3, 3});   // parameter
  float *const layer4_0_bn1_weight_ = arena.at<float>(15836928, {512});                // parameter
  float *const layer4_0_bn1_bias_ = arena.at<float>(15838976, {512});                  // parameter
  float *const layer4_0_bn1_running_mean_ = arena.at<float>(15841024, {512});          // state
  float *const layer4_0_bn1_running_var_ = arena.at<float>(15843072, {512});           // state
  float *const layer4_0_conv2_weight_ = arena.at<float>(15845120, {512, 512, 3, 3});   // parameter
  float *const layer4_0_bn2_weight_ = arena.at<float>(25282304, {512});                // parameter
  float *const layer4_0_bn2_bias_ = arena.at<float>(25284352, {512});                  // parameter
  float *const layer4_0_bn2_running_mean_ = arena.at<float>(25286400, {512});          // state
  float *const layer4_0_bn2_running_var_ = arena.at<float>(25288448, {512});           // state
  float *const layer4_0_downsample_0_weight_ = arena.at<float>(25290496, {512, 256, 1, 1}); // parameter
  float *const layer4_0_downsample_1_weight_ = arena.at<float>(25814784, {512});       // parameter
  float *const layer4_0_downsample_1_bias_ = arena.at<float>(25816832, {512});         // parameter
  float *const layer4_0_downsample_1_running_mean_ = arena.at<float>(25818880, {512}); // state
  float *const layer4_0_downsample_1_running_var_ = arena.at<float>(25820928, {512});  // state
  float *const layer4_1_conv1_weight_ = arena.at<float>(25822976, {512, 512, 3, 3});   // parameter
  float *const layer4_1_bn1_weight_ = arena.at<float>(35260160, {512});                // parameter
  float *const layer4_1_bn1_bias_ = arena.at<float>(35262208, {512});                  // parameter
  float *const layer4_1_bn1_running_mean_ = arena.at<float>(35264256, {512});          // state
  float *const layer4_1_bn1_running_var_ = arena.at<float>(35266304, {512});           // state
  float *const layer4_1_conv2_weight_ = arena.at<float>(35268352, {512, 512, 3, 3});   // parameter
  float *const layer4_1_bn2_weight_ = arena.at<float>(44705536, {512});                // parameter
  float *const layer4_1_bn2_bias_ = arena.at<float>(44707584, {512});                  // parameter
  float *const layer4_1_bn2_running_mean_ = arena.at<float>(44709632, {512});          // state
  float *const layer4_1_bn2_running_var_ = arena.at<float>(44711680, {512});           // state
  float *const fc_weight_ = arena.at<float>(44713728, {10, 512});                      // parameter
  float *const fc_bias_ = arena.at<float>(44734208, {10});                             // parameter
  float *const fc_bias_momentum_ = arena.at<float>(44734272, {10});                    // slot
  float *const fc_weight_momentum_ = arena.at<float>(44734336, {10, 512});             // slot
  float *const layer4_1_bn2_bias_momentum_ = arena.at<float>(44754816, {512});         // slot
  float *const layer4_1_bn2_weight_momentum_ = arena.at<float>(44756864, {512});       // slot
  float *const layer4_1_conv2_weight_momentum_ = arena.at<float>(44758912, {512, 512, 3, 3}); // slot
  float *const layer4_1_bn1_bias_momentum_ = arena.at<float>(54196096, {512});         // slot
  float *const layer4_1_bn1_weight_momentum_ = arena.at<float>(54198144, {512});       // slot
  float *const layer4_1_conv1_weight_momentum_ = arena.at<float>(54200192, {512, 512, 3, 3}); // slot
  float *const layer4_0_downsample_1_bias_momentum_ = arena.at<float>(63637376, {512}); // slot
  float *const layer4_0_downsample_1_weight_momentum_ = arena.at<float>(63639424, {512}); // slot
  float *const layer4_0_downsample_0_weight_momentum_ = arena.at<float>(63641472, {512, 256, 1, 1}); // slot
  float *const layer4_0_bn2_bias_momentum_ = arena.at<float>(64165760, {512});         // slot
  float *const layer4_0_bn2_weight_momentum_ = arena.at<float>(64167808, {512});       // slot
  float *const layer4_0_conv2_weight_momentum_ = arena.at<float>(64169856, {512, 512, 3, 3}); // slot
  float *const layer4_0_bn1_bias_momentum_ = arena.at<float>(73607040, {512});         // slot
  float *const layer4_0_bn1_weight_momentum_ = arena.at<float>(73609088, {512});       // slot
  float *const layer4_0_conv1_weight_momentum_ = arena.at<float>(73611136, {512, 256, 3, 3}); // slot
  float *const layer3_1_bn2_bias_momentum_ = arena.at<float>(78329728, {256});         // slot
  float *const layer3_1_bn2_weight_momentum_ = arena.at<float>(78330752, {256});       // slot
  float *const layer3_1_conv2_weight_momentum_ = arena.at<float>(78331776, {256, 256, 3, 3}); // slot
  float *const layer3_1_bn1_bias_momentum_ = arena.at<float>(80691072, {256});         // slot
  float *const layer3_1_bn1_weight_momentum_ = arena.at<float>(80692096, {256});       // slot
  float *const layer3_1_conv1_weight_momentum_ = arena.at<float>(80693120, {256, 256, 3, 3}); // slot
  float *const layer3_0_downsample_1_bias_momentum_ = arena.at<float>(83052416, {256}); // slot
  float *const layer3_0_downsample_1_weight_momentum_ = arena.at<float>(83053440, {256}); // slot
  float *const layer3_0_downsample_0_weight_momentum_ = arena.at<float>(83054464, {256, 128, 1, 1}); // slot
  float *const layer3_0_bn2_bias_momentum_ = arena.at<float>(83185536, {256});         // slot
  float *const layer3_0_bn2_weight_momentum_ = arena.at<float>(83186560, {256});       // slot
  float *const layer3_0_conv2_weight_momentum_ = arena.at<float>(83187584, {256, 256, 3, 3}); // slot
  float *const layer3_0_bn1_bias_momentum_ = arena.at<float>(85546880, {256});         // slot
  float *const layer3_0_bn1_weight_momentum_ = arena.at<float>(85547904, {256});       // slot
  float *const layer3_0_conv1_weight_momentum_ = arena.at<float>(85548928, {256, 128, 3, 3}); // slot
  float *const layer2_1_bn2_bias_momentum_ = arena.at<float>(86728576, {128});         // slot
  float *const layer2_1_bn2_weight_momentum_ = arena.at<float>(86729088, {128});       // slot
  float *const layer2_1_conv2_weight_momentum_ = arena.at<float>(86729600, {128, 128, 3, 3}); // slot
  float *const layer2_1_bn1_bias_momentum_ = arena.at<float>(87319424, {128});         // slot
  float *const layer2_1_bn1_weight_momentum_ = arena.at<float>(87319936, {128});       // slot
  float *const layer2_1_conv1_weight_momentum_ = arena.at<float>(87320448, {128, 128, 3, 3}); // slot
  float *const layer2_0_downsample_1_bias_momentum_ = arena.at<float>(87910272, {128}); // slot
  float *const layer2_0_downsample_1_weight_momentum_ = arena.at<float>(87910784, {128}); // slot
  float *const layer2_0_downsample_0_weight_momentum_ = arena.at<float>(87911296, {128, 64, 1, 1}); // slot
  float *const layer2_0_bn2_bias_momentum_ = arena.at<float>(87944064, {128});         // slot
  float *const layer2_0_bn2_weight_momentum_ = arena.at<float>(87944576, {128});       // slot
  float *const layer2_0_conv2_weight_momentum_ = arena.at<float>(87945088, {128, 128, 3, 3}); // slot
  float *const layer2_0_bn1_bias_momentum_ = arena.at<float>(88534912, {128});         // slot
  float *const layer2_0_bn1_weight_momentum_ = arena.at<float>(88535424, {128});       // slot
  float *const layer2_0_conv1_weight_momentum_ = arena.at<float>(88535936, {128, 64, 3, 3}); // slot
  float *const bn1_bias_momentum_ = arena.at<float>(89422720, {64});                   // slot
  float *const bn1_weight_momentum_ = arena.at<float>(89422976, {64});                 // slot
  float *const conv1_weight_momentum_ = arena.at<float>(89423232, {64, 3, 3, 3});      // slot
};

// One step of training: forward, backward, update.
struct Step : Variables {
  // layer1.0 to layer1.1, which are alike.
  struct Layer1Block : Frame {
    Step &step;
    const int64_t layer;
    const std::string name = "layer1." + std::to_string(layer);
    float *const relu_1_before_ = arena.at<float>(109353088 + 4194304 * layer, {4, 32, 32, 64}); // activation, until layer1_[layer - 1].reluGrad_add_grad_; relu_ of layer1.0
    float *const conv1_weight_ = arena.at<float>(7936 + 296960 * layer, {64, 64, 3, 3}); // parameter
    float *const conv1_ = arena.at<float>(110401664 + 4194304 * layer, {4, 32, 32, 64}); // activation, until batchNormGradInput_conv1_grad_
    double *const bn1_stats_ = arena.at<double>(127292544 + 2048 * layer, {2, 64});      // activation, until batchNormGradInput_conv1_grad_
    float *const bn1_running_mean_ = arena.at<float>(155904 + 296960 * layer, {64});     // state
    float *const bn1_running_var_ = arena.at<float>(156160 + 296960 * layer, {64});      // state
    float *const bn1_weight_ = arena.at<float>(155392 + 296960 * layer, {64});           // parameter
    float *const bn1_bias_ = arena.at<float>(155648 + 296960 * layer, {64});             // parameter
    float *const relu_ = arena.at<float>(111450240 + 4194304 * layer, {4, 32, 32, 64});  // activation, until batchNormGradInput_conv1_grad_
    float *const conv2_weight_ = arena.at<float>(156416 + 296960 * layer, {64, 64, 3, 3}); // parameter
    float *const conv2_ = arena.at<float>(112498816 + 4194304 * layer, {4, 32, 32, 64}); // activation, then conv2_grad_ in its place
    double *const bn2_stats_ = arena.at<double>(127293568 + 2048 * layer, {2, 64});      // activation, until batchNormGradInput_conv2_grad_
    float *const bn2_running_mean_ = arena.at<float>(304384 + 296960 * layer, {64});     // state
    float *const bn2_running_var_ = arena.at<float>(304640 + 296960 * layer, {64});      // state
    float *const bn2_weight_ = arena.at<float>(303872 + 296960 * layer, {64});           // parameter
    float *const bn2_bias_ = arena.at<float>(304128 + 296960 * layer, {64});             // parameter
    float *const relu_1_ = arena.at<float>(113547392 + 4194304 * layer, {4, 32, 32, 64}); // activation, until reluGrad_add_grad_
    float *const relu_1_grad_2_ = arena.at<float>(89430144, {4, 32, 32, 64});            // activation, then add_grad_ in its place
    float *const add_grad_ = arena.at<float>(89430144, {4, 32, 32, 64});                 // activation, then layer1_0_relu_1_grad_1_ in its place
    double *const bn2_grad_sums_ = arena.at<double>(90482816, {2, 64});                  // activation, until batchNormGradParameters_bn2_grad_parameters_
    float *const conv2_grad_ = arena.at<float>(112498816 + 4194304 * layer, {4, 32, 32, 64}); // activation, until conv2dWeightGrad_conv2_weight_grad_
    float *const bn2_weight_grad_ = arena.at<float>(90478720, {64});                     // gradient, until sgd_bn2_weight_new_
    float *const bn2_bias_grad_ = arena.at<float>(90478976, {64});                       // gradient, until sgd_bn2_bias_new_
    float *const bn2_bias_momentum_ = arena.at<float>(89126784 - 295936 * layer, {64});  // slot
    float *const bn2_weight_momentum_ = arena.at<float>(89127040 - 295936 * layer, {64}); // slot
    float *const relu_grad_ = arena.at<float>(90478720, {4, 32, 32, 64});                // activation, then conv1_grad_ in its place
    float *const conv2_weight_grad_ = arena.at<float>(91527296, {64, 64, 3, 3});         // gradient, until sgd_conv2_weight_new_
    float *const conv2_weight_momentum_ = arena.at<float>(89127296 - 295936 * layer, {64, 64, 3, 3}); // slot
    double *const bn1_grad_sums_ = arena.at<double>(91531392, {2, 64});                  // activation, until batchNormGradParameters_bn1_grad_parameters_
    float *const conv1_grad_ = arena.at<float>(90478720, {4, 32, 32, 64});               // activation, until conv2dWeightGrad_conv1_weight_grad_
    float *const bn1_weight_grad_ = arena.at<float>(91527296, {64});                     // gradient, until sgd_bn1_weight_new_
    float *const bn1_bias_grad_ = arena.at<float>(91527552, {64});                       // gradient, until sgd_bn1_bias_new_
    float *const bn1_bias_momentum_ = arena.at<float>(89274752 - 295936 * layer, {64});  // slot
    float *const bn1_weight_momentum_ = arena.at<float>(89275008 - 295936 * layer, {64}); // slot
    float *const relu_1_grad_before_ = arena.at<float>(91527296, {4, 32, 32, 64});       // activation, until add_relu_1_grad_1_before_; relu_grad_ of layer1.0
    float *const relu_1_grad_1_before_ = arena.at<float>(89430144, {4, 32, 32, 64});     // activation, then layer1_[layer - 1].add_grad_ in its place; relu_grad_1_ of layer1.0
    float *const conv1_weight_grad_ = arena.at<float>(91527296, {64, 64, 3, 3});         // gradient, until sgd_conv1_weight_new_
    float *const conv1_weight_momentum_ = arena.at<float>(89275264 - 295936 * layer, {64, 64, 3, 3}); // slot
    void *const conv1_workspace_ = arena.slice(89430144, 147456).data();                 // workspace
    void *const bn1_stats_workspace_ = arena.slice(89430144, 4096).data();               // workspace
    void *const conv2_workspace_ = arena.slice(89430144, 147456).data();                 // workspace
    void *const bn2_stats_workspace_ = arena.slice(89430144, 4096).data();               // workspace
    void *const bn2_grad_sums_workspace_ = arena.slice(90478720, 4096).data();           // workspace
    void *const relu_grad_workspace_ = arena.slice(91527296, 147456).data();             // workspace
    void *const conv2_weight_grad_workspace_ = arena.slice(91674752, 147456).data();     // workspace
    void *const bn1_grad_sums_workspace_ = arena.slice(91527296, 4096).data();           // workspace
    void *const relu_1_grad_workspace_before_ = arena.slice(92575872, 147456).data();    // workspace; relu_grad_workspace_ of layer1.0
    void *const conv1_weight_grad_workspace_ = arena.slice(91674752, 147456).data();     // workspace

    const cpu::Conv2dForward conv2dForward_conv1_{{.batch = 4, .height = 32, .width = 32,
        .channels = 64, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
        .padBottom = 1, .padRight = 1}};
    const cpu::BatchNormStats batchNormStats_bn1_stats_{.rows = 4096, .channels = 64};
    const cpu::BatchNormRunning batchNormRunning_bn1_running_{.channels = 64, .count = 4096,
        .momentum = 0.1};
    const cpu::BatchNormApply batchNormApply_relu_{.rows = 4096, .channels = 64, .count = 4096,
        .epsilon = 1.0e-05, .relu = true};
    const cpu::Conv2dForward conv2dForward_conv2_{{.batch = 4, .height = 32, .width = 32,
        .channels = 64, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
        .padBottom = 1, .padRight = 1}};
    const cpu::BatchNormStats batchNormStats_bn2_stats_{.rows = 4096, .channels = 64};
    const cpu::BatchNormRunning batchNormRunning_bn2_running_{.channels = 64, .count = 4096,
        .momentum = 0.1};
    const cpu::BatchNormApply batchNormApply_relu_1_{.rows = 4096, .channels = 64, .count = 4096,
        .epsilon = 1.0e-05, .relu = true};
    const cpu::ReluGrad reluGrad_add_grad_{.count = 262144};
    const cpu::BatchNormGradSums batchNormGradSums_bn2_grad_sums_{.rows = 4096, .channels = 64,
        .count = 4096, .epsilon = 1.0e-05};
    const cpu::BatchNormGradInput batchNormGradInput_conv2_grad_{.rows = 4096, .channels = 64,
        .count = 4096, .epsilon = 1.0e-05};
    const cpu::BatchNormGradParameters batchNormGradParameters_bn2_grad_parameters_{.channels = 64};
    const cpu::Sgd sgd_bn2_bias_new_{.count = 64, .momentum = 0.9, .weightDecay = 0.0001};
    const cpu::Sgd sgd_bn2_weight_new_{.count = 64, .momentum = 0.9, .weightDecay = 0.0001};
    const cpu::Conv2dInputGrad conv2dInputGrad_relu_grad_{{.batch = 4, .height = 32, .width = 32,
        .channels = 64, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
        .padBottom = 1, .padRight = 1}};
    const cpu::Conv2dWeightGrad conv2dWeightGrad_conv2_weight_grad_{{.batch = 4, .height = 32,
        .width = 32, .channels = 64, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1,
        .padLeft = 1, .padBottom = 1, .padRight = 1}};
    const cpu::Sgd sgd_conv2_weight_new_{.count = 36864, .momentum = 0.9, .weightDecay = 0.0001};
    const cpu::BatchNormGradSums batchNormGradSums_bn1_grad_sums_{.rows = 4096, .channels = 64,
        .count = 4096, .epsilon = 1.0e-05};
    const cpu::BatchNormGradInput batchNormGradInput_conv1_grad_{.rows = 4096, .channels = 64,
        .count = 4096, .epsilon = 1.0e-05};
    const cpu::BatchNormGradParameters batchNormGradParameters_bn1_grad_parameters_{.channels = 64};
    const cpu::Sgd sgd_bn1_bias_new_{.count = 64, .momentum = 0.9, .weightDecay = 0.0001};
    const cpu::Sgd sgd_bn1_weight_new_{.count = 64, .momentum = 0.9, .weightDecay = 0.0001};
    const cpu::Conv2dInputGrad conv2dInputGrad_relu_1_grad_before_{{.batch = 4, .height = 32,
        .width = 32, .channels = 64, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1,
        .padLeft = 1, .padBottom = 1, .padRight = 1}};
    const cpu::Add add_relu_1_grad_1_before_{.count = 262144};
    const cpu::Conv2dWeightGrad conv2dWeightGrad_conv1_weight_grad_{{.batch = 4, .height = 32,
        .width = 32, .channels = 64, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1,
        .padLeft = 1, .padBottom = 1, .padRight = 1}};
    const cpu::Sgd sgd_conv1_weight_new_{.count = 36864, .momentum = 0.9, .weightDecay = 0.0001};

    Layer1Block(Step &step, int64_t layer) : Frame(step), step(step), layer(layer) {}
    void setUp();
    void forward();
    void backward();
  };

  float *const images_ = arena.at<float>(127178880, {4, 32, 32, 3});                   // input, until conv2dWeightGrad_conv1_weight_grad_
  int32_t *const labels_ = arena.at<int32_t>(98867328, {4});                           // input, until softmaxCrossEntropyGrad_fc_grad_
  float *const learning_rate_ = arena.at<float>(127296640, {});                        // input, until sgd_conv1_weight_new_
  float *const conv1_ = arena.at<float>(108304512, {4, 32, 32, 64});                   // activation, until batchNormGradInput_conv1_grad_
  double *const bn1_stats_ = arena.at<double>(127291520, {2, 64});                     // activation, until batchNormGradInput_conv1_grad_
  float *const relu_ = arena.at<float>(109353088, {4, 32, 32, 64});                    // activation, until batchNormGradInput_conv1_grad_
  float *const layer2_0_conv1_ = arena.at<float>(118790272, {4, 16, 16, 128});         // activation, until batchNormGradInput_layer2_0_conv1_grad_
  double *const layer2_0_bn1_stats_ = arena.at<double>(127281280, {2, 128});           // activation, until batchNormGradInput_layer2_0_conv1_grad_
  float *const layer2_0_relu_ = arena.at<float>(119314560, {4, 16, 16, 128});          // activation, until batchNormGradInput_layer2_0_conv1_grad_
  float *const layer2_0_conv2_ = arena.at<float>(119838848, {4, 16, 16, 128});         // activation, until batchNormGradInput_layer2_0_conv2_grad_
  double *const layer2_0_bn2_stats_ = arena.at<double>(127283328, {2, 128});           // activation, until batchNormGradInput_layer2_0_conv2_grad_
  float *const layer2_0_downsample_0_ = arena.at<float>(120887424, {4, 16, 16, 128});  // activation, then layer2_0_downsample_0_grad_ in its place
  double *const layer2_0_downsample_1_stats_ = arena.at<double>(127285376, {2, 128});  // activation, until batchNormGradInput_layer2_0_downsample_0_grad_
  float *const layer2_0_downsample_1_ = arena.at<float>(120363136, {4, 16, 16, 128});  // activation, then layer2_0_relu_1_ in its place
  float *const layer2_0_relu_1_ = arena.at<float>(120363136, {4, 16, 16, 128});        // activation, until batchNormGradInput_layer2_0_conv2_grad_
  float *const layer2_1_conv1_ = arena.at<float>(121411712, {4, 16, 16, 128});         // activation, until batchNormGradInput_layer2_1_conv1_grad_
  double *const layer2_1_bn1_stats_ = arena.at<double>(127287424, {2, 128});           // activation, until batchNormGradInput_layer2_1_conv1_grad_
  float *const layer2_1_relu_ = arena.at<float>(121936000, {4, 16, 16, 128});          // activation, until batchNormGradInput_layer2_1_conv1_grad_
  float *const layer2_1_conv2_ = arena.at<float>(122460288, {4, 16, 16, 128});         // activation, then layer2_1_conv2_grad_ in its place
  double *const layer2_1_bn2_stats_ = arena.at<double>(127289472, {2, 128});           // activation, until batchNormGradInput_layer2_1_conv2_grad_
  float *const layer2_1_relu_1_ = arena.at<float>(122984576, {4, 16, 16, 128});        // activation, until reluGrad_layer2_1_add_grad_
  float *const layer3_0_conv1_ = arena.at<float>(123508864, {4, 8, 8, 256});           // activation, until batchNormGradInput_layer3_0_conv1_grad_
  double *const layer3_0_bn1_stats_ = arena.at<double>(127260800, {2, 256});           // activation, until batchNormGradInput_layer3_0_conv1_grad_
  float *const layer3_0_relu_ = arena.at<float>(123771008, {4, 8, 8, 256});            // activation, until batchNormGradInput_layer3_0_conv1_grad_
  float *const layer3_0_conv2_ = arena.at<float>(124033152, {4, 8, 8, 256});           // activation, until batchNormGradInput_layer3_0_conv2_grad_
  double *const layer3_0_bn2_stats_ = arena.at<double>(127264896, {2, 256});           // activation, until batchNormGradInput_layer3_0_conv2_grad_
  float *const layer3_0_downsample_0_ = arena.at<float>(124557440, {4, 8, 8, 256});    // activation, then layer3_0_downsample_0_grad_ in its place
  double *const layer3_0_downsample_1_stats_ = arena.at<double>(127268992, {2, 256});  // activation, until batchNormGradInput_layer3_0_downsample_0_grad_
  float *const layer3_0_downsample_1_ = arena.at<float>(124295296, {4, 8, 8, 256});    // activation, then layer3_0_relu_1_ in its place
  float *const layer3_0_relu_1_ = arena.at<float>(124295296, {4, 8, 8, 256});          // activation, until batchNormGradInput_layer3_0_conv2_grad_
  float *const layer3_1_conv1_ = arena.at<float>(124819584, {4, 8, 8, 256});           // activation, until batchNormGradInput_layer3_1_conv1_grad_
  double *const layer3_1_bn1_stats_ = arena.at<double>(127273088, {2, 256});           // activation, until batchNormGradInput_layer3_1_conv1_grad_
  float *const layer3_1_relu_ = arena.at<float>(125081728, {4, 8, 8, 256});            // activation, until batchNormGradInput_layer3_1_conv1_grad_
  float *const layer3_1_conv2_ = arena.at<float>(125343872, {4, 8, 8, 256});           // activation, then layer3_1_conv2_grad_ in its place
  double *const layer3_1_bn2_stats_ = arena.at<double>(127277184, {2, 256});           // activation, until batchNormGradInput_layer3_1_conv2_grad_
  float *const layer3_1_relu_1_ = arena.at<float>(125606016, {4, 8, 8, 256});          // activation, until reluGrad_layer3_1_add_grad_
  float *const layer4_0_conv1_ = arena.at<float>(126130304, {4, 4, 4, 512});           // activation, until batchNormGradInput_layer4_0_conv1_grad_
  double *const layer4_0_bn1_stats_ = arena.at<double>(127228032, {2, 512});           // activation, until batchNormGradInput_layer4_0_conv1_grad_
  float *const layer4_0_relu_ = arena.at<float>(126261376, {4, 4, 4, 512});            // activation, until batchNormGradInput_layer4_0_conv1_grad_
  float *const layer4_0_conv2_ = arena.at<float>(126392448, {4, 4, 4, 512});           // activation, until batchNormGradInput_layer4_0_conv2_grad_
  double *const layer4_0_bn2_stats_ = arena.at<double>(127236224, {2, 512});           // activation, until batchNormGradInput_layer4_0_conv2_grad_
  float *const layer4_0_downsample_0_ = arena.at<float>(126654592, {4, 4, 4, 512});    // activation, then layer4_0_downsample_0_grad_ in its place
  double *const layer4_0_downsample_1_stats_ = arena.at<double>(127244416, {2, 512});  // activation, until batchNormGradInput_layer4_0_downsample_0_grad_
  float *const layer4_0_downsample_1_ = arena.at<float>(126523520, {4, 4, 4, 512});    // activation, then layer4_0_relu_1_ in its place
  float *const layer4_0_relu_1_ = arena.at<float>(126523520, {4, 4, 4, 512});          // activation, until batchNormGradInput_layer4_0_conv2_grad_
  float *const layer4_1_conv1_ = arena.at<float>(125868160, {4, 4, 4, 512});           // activation, until batchNormGradInput_layer4_1_conv1_grad_
  double *const layer4_1_bn1_stats_ = arena.at<double>(127252608, {2, 512});           // activation, until batchNormGradInput_layer4_1_conv1_grad_
  float *const layer4_1_relu_ = arena.at<float>(125999232, {4, 4, 4, 512});            // activation, until batchNormGradInput_layer4_1_conv1_grad_
  float *const layer4_1_conv2_ = arena.at<float>(126916736, {4, 4, 4, 512});           // activation, then layer4_1_conv2_grad_ in its place
  double *const layer4_1_bn2_stats_ = arena.at<double>(89581696, {2, 512});            // activation, until batchNormGradInput_layer4_1_conv2_grad_
  float *const layer4_1_relu_1_ = arena.at<float>(89430144, {4, 4, 4, 512});           // activation, until reluGrad_layer4_1_add_grad_
  float *const avgpool_ = arena.at<float>(89589888, {4, 512});                         // activation, until linearWeightGrad_fc_weight_grad_
  float *const fc_matmul_ = arena.at<float>(89606272, {4, 10});                        // activation, then fc_ in its place
  float *const fc_ = arena.at<float>(89606272, {4, 10});                               // activation, then fc_grad_ in its place
  float *const loss_ = arena.at<float>(127296704, {});                                 // activation, to the end
  float *const fc_grad_ = arena.at<float>(89606272, {4, 10});                          // activation, until linearWeightGrad_fc_weight_grad_
  float *const fc_bias_grad_ = arena.at<float>(89561344, {10});                        // gradient, until sgd_fc_bias_new_
  float *const avgpool_grad_ = arena.at<float>(89598080, {4, 512});                    // activation, until avgPoolGrad_layer4_1_relu_1_grad_
  float *const fc_weight_grad_ = arena.at<float>(89561216, {10, 512});                 // gradient, until sgd_fc_weight_new_
  float *const layer4_1_relu_1_grad_ = arena.at<float>(126785664, {4, 4, 4, 512});     // activation, then layer4_1_add_grad_ in its place
  float *const layer4_1_add_grad_ = arena.at<float>(126785664, {4, 4, 4, 512});        // activation, then layer4_0_relu_1_grad_1_ in its place
  double *const layer4_1_bn2_grad_sums_ = arena.at<double>(89430144, {2, 512});        // activation, until batchNormGradParameters_layer4_1_bn2_grad_parameters_
  float *const layer4_1_conv2_grad_ = arena.at<float>(126916736, {4, 4, 4, 512});      // activation, until conv2dWeightGrad_layer4_1_conv2_weight_grad_
  float *const layer4_1_bn2_weight_grad_ = arena.at<float>(89438336, {512});           // gradient, until sgd_layer4_1_bn2_weight_new_
  float *const layer4_1_bn2_bias_grad_ = arena.at<float>(89440384, {512});             // gradient, until sgd_layer4_1_bn2_bias_new_
  float *const layer4_1_relu_grad_ = arena.at<float>(127047808, {4, 4, 4, 512});       // activation, then layer4_1_conv1_grad_ in its place
  float *const layer4_1_conv2_weight_grad_ = arena.at<float>(89430144, {512, 512, 3, 3}); // gradient, until sgd_layer4_1_conv2_weight_new_
  double *const layer4_1_bn1_grad_sums_ = arena.at<double>(89430144, {2, 512});        // activation, until batchNormGradParameters_layer4_1_bn1_grad_parameters_
  float *const layer4_1_conv1_grad_ = arena.at<float>(127047808, {4, 4, 4, 512});      // activation, until conv2dWeightGrad_layer4_1_conv1_weight_grad_
  float *const layer4_1_bn1_weight_grad_ = arena.at<float>(89438336, {512});           // gradient, until sgd_layer4_1_bn1_weight_new_
  float *const layer4_1_bn1_bias_grad_ = arena.at<float>(89440384, {512});             // gradient, until sgd_layer4_1_bn1_bias_new_
  float *const layer4_0_relu_1_grad_ = arena.at<float>(98867328, {4, 4, 4, 512});      // activation, until add_layer4_0_relu_1_grad_1_
  float *const layer4_0_relu_1_grad_1_ = arena.at<float>(126785664, {4, 4, 4, 512});   // activation, then layer4_0_conv2_grad_ in its place
  float *const layer4_1_conv1_weight_grad_ = arena.at<float>(89430144, {512, 512, 3, 3}); // gradient, until sgd_layer4_1_conv1_weight_new_
  double *const layer4_0_downsample_1_grad_sums_ = arena.at<double>(89430144, {2, 512}); // activation, until batchNormGradParameters_layer4_0_downsample_1_grad_parameters_
  float *const layer4_0_downsample_0_grad_ = arena.at<float>(126654592, {4, 4, 4, 512}); // activation, until conv2dWeightGrad_layer4_0_downsample_0_weight_grad_
  float *const layer4_0_downsample_1_weight_grad_ = arena.at<float>(89438336, {512});  // gradient, until sgd_layer4_0_downsample_1_weight_new_
  float *const layer4_0_downsample_1_bias_grad_ = arena.at<float>(89440384, {512});    // gradient, until sgd_layer4_0_downsample_1_bias_new_
  float *const layer3_1_relu_1_grad_ = arena.at<float>(125868160, {4, 8, 8, 256});     // activation, then layer3_1_relu_1_grad_2_ in its place
  float *const layer4_0_downsample_0_weight_grad_ = arena.at<float>(89987328, {512, 256, 1, 1}); // gradient, until sgd_layer4_0_downsample_0_weight_new_
  double *const layer4_0_bn2_grad_sums_ = arena.at<double>(89430144, {2, 512});        // activation, until batchNormGradParameters_layer4_0_bn2_grad_parameters_
  float *const layer4_0_conv2_grad_ = arena.at<float>(126785664, {4, 4, 4, 512});      // activation, until conv2dWeightGrad_layer4_0_conv2_weight_grad_
  float *const layer4_0_bn2_weight_grad_ = arena.at<float>(89438336, {512});           // gradient, until sgd_layer4_0_bn2_weight_new_
  float *const layer4_0_bn2_bias_grad_ = arena.at<float>(89440384, {512});             // gradient, until sgd_layer4_0_bn2_bias_new_
  float *const layer4_0_relu_grad_ = arena.at<float>(126392448, {4, 4, 4, 512});       // activation, then layer4_0_conv1_grad_ in its place
  float *const layer4_0_conv2_weight_grad_ = arena.at<float>(89430144, {512, 512, 3, 3}); // gradient, until sgd_layer4_0_conv2_weight_new_
  double *const layer4_0_bn1_grad_sums_ = arena.at<double>(89430144, {2, 512});        // activation, until batchNormGradParameters_layer4_0_bn1_grad_parameters_
  float *const layer4_0_conv1_grad_ = arena.at<float>(126392448, {4, 4, 4, 512});      // activation, until conv2dWeightGrad_layer4_0_conv1_weight_grad_
  float *const layer4_0_bn1_weight_grad_ = arena.at<float>(89438336, {512});           // gradient, until sgd_layer4_0_bn1_weight_new_
  float *const layer4_0_bn1_bias_grad_ = arena.at<float>(89440384, {512});             // gradient, until sgd_layer4_0_bn1_bias_new_
  float *const layer3_1_relu_1_grad_1_ = arena.at<float>(94148736, {4, 8, 8, 256});    // activation, until add_layer3_1_relu_1_grad_2_
  float *const layer3_1_relu_1_grad_2_ = arena.at<float>(125868160, {4, 8, 8, 256});   // activation, then layer3_1_add_grad_ in its place
  float *const layer4_0_conv1_weight_grad_ = arena.at<float>(89430144, {512, 256, 3, 3}); // gradient, until sgd_layer4_0_conv1_weight_new_
  float *const layer3_1_add_grad_ = arena.at<float>(125868160, {4, 8, 8, 256});        // activation, then layer3_0_relu_1_grad_1_ in its place
  double *const layer3_1_bn2_grad_sums_ = arena.at<double>(89430144, {2, 256});        // activation, until batchNormGradParameters_layer3_1_bn2_grad_parameters_
  float *const layer3_1_conv2_grad_ = arena.at<float>(125343872, {4, 8, 8, 256});      // activation, until conv2dWeightGrad_layer3_1_conv2_weight_grad_
  float *const layer3_1_bn2_weight_grad_ = arena.at<float>(89434240, {256});           // gradient, until sgd_layer3_1_bn2_weight_new_
  float *const layer3_1_bn2_bias_grad_ = arena.at<float>(89435264, {256});             // gradient, until sgd_layer3_1_bn2_bias_new_
  float *const layer3_1_relu_grad_ = arena.at<float>(94148736, {4, 8, 8, 256});        // activation, then layer3_1_conv1_grad_ in its place
  float *const layer3_1_conv2_weight_grad_ = arena.at<float>(89430144, {256, 256, 3, 3}); // gradient, until sgd_layer3_1_conv2_weight_new_
  double *const layer3_1_bn1_grad_sums_ = arena.at<double>(89430144, {2, 256});        // activation, until batchNormGradParameters_layer3_1_bn1_grad_parameters_
  float *const layer3_1_conv1_grad_ = arena.at<float>(94148736, {4, 8, 8, 256});       // activation, until conv2dWeightGrad_layer3_1_conv1_weight_grad_
  float *const layer3_1_bn1_weight_grad_ = arena.at<float>(89434240, {256});           // gradient, until sgd_layer3_1_bn1_weight_new_
  float *const layer3_1_bn1_bias_grad_ = arena.at<float>(89435264, {256});             // gradient, until sgd_layer3_1_bn1_bias_new_
  float *const layer3_0_relu_1_grad_ = arena.at<float>(91789440, {4, 8, 8, 256});      // activation, until add_layer3_0_relu_1_grad_1_
  float *const layer3_0_relu_1_grad_1_ = arena.at<float>(125868160, {4, 8, 8, 256});   // activation, then layer3_0_conv2_grad_ in its place
  float *const layer3_1_conv1_weight_grad_ = arena.at<float>(89430144, {256, 256, 3, 3}); // gradient, until sgd_layer3_1_conv1_weight_new_
  double *const layer3_0_downsample_1_grad_sums_ = arena.at<double>(89430144, {2, 256}); // activation, until batchNormGradParameters_layer3_0_downsample_1_grad_parameters_
  float *const layer3_0_downsample_0_grad_ = arena.at<float>(124557440, {4, 8, 8, 256}); // activation, until conv2dWeightGrad_layer3_0_downsample_0_weight_grad_
  float *const layer3_0_downsample_1_weight_grad_ = arena.at<float>(89434240, {256});  // gradient, until sgd_layer3_0_downsample_1_weight_new_
  float *const layer3_0_downsample_1_bias_grad_ = arena.at<float>(89435264, {256});    // gradient, until sgd_layer3_0_downsample_1_bias_new_
  float *const layer2_1_relu_1_grad_ = arena.at<float>(94148736, {4, 16, 16, 128});    // activation, then layer2_1_relu_1_grad_2_ in its place
  float *const layer3_0_downsample_0_weight_grad_ = arena.at<float>(89897344, {256, 128, 1, 1}); // gradient, until sgd_layer3_0_downsample_0_weight_new_
  double *const layer3_0_bn2_grad_sums_ = arena.at<double>(89430144, {2, 256});        // activation, until batchNormGradParameters_layer3_0_bn2_grad_parameters_
  float *const layer3_0_conv2_grad_ = arena.at<float>(125868160, {4, 8, 8, 256});      // activation, until conv2dWeightGrad_layer3_0_conv2_weight_grad_
  float *const layer3_0_bn2_weight_grad_ = arena.at<float>(89434240, {256});           // gradient, until sgd_layer3_0_bn2_weight_new_
  float *const layer3_0_bn2_bias_grad_ = arena.at<float>(89435264, {256});             // gradient, until sgd_layer3_0_bn2_bias_new_
  float *const layer3_0_relu_grad_ = arena.at<float>(94673024, {4, 8, 8, 256});        // activation, then layer3_0_conv1_grad_ in its place
  float *const layer3_0_conv2_weight_grad_ = arena.at<float>(89430144, {256, 256, 3, 3}); // gradient, until sgd_layer3_0_conv2_weight_new_
  double *const layer3_0_bn1_grad_sums_ = arena.at<double>(89430144, {2, 256});        // activation, until batchNormGradParameters_layer3_0_bn1_grad_parameters_
  float *const layer3_0_conv1_grad_ = arena.at<float>(94673024, {4, 8, 8, 256});       // activation, until conv2dWeightGrad_layer3_0_conv1_weight_grad_
  float *const layer3_0_bn1_weight_grad_ = arena.at<float>(89434240, {256});           // gradient, until sgd_layer3_0_bn1_weight_new_
  float *const layer3_0_bn1_bias_grad_ = arena.at<float>(89435264, {256});             // gradient, until sgd_layer3_0_bn1_bias_new_
  float *const layer2_1_relu_1_grad_1_ = arena.at<float>(90609792, {4, 16, 16, 128});  // activation, until add_layer2_1_relu_1_grad_2_
  float *const layer2_1_relu_1_grad_2_ = arena.at<float>(94148736, {4, 16, 16, 128});  // activation, then layer2_1_add_grad_ in its place
  float *const layer3_0_conv1_weight_grad_ = arena.at<float>(89430144, {256, 128, 3, 3}); // gradient, until sgd_layer3_0_conv1_weight_new_
  float *const layer2_1_add_grad_ = arena.at<float>(94148736, {4, 16, 16, 128});       // activation, then layer2_0_relu_1_grad_1_ in its place
  double *const layer2_1_bn2_grad_sums_ = arena.at<double>(89434240, {2, 128});        // activation, until batchNormGradParameters_layer2_1_bn2_grad_parameters_
  float *const layer2_1_conv2_grad_ = arena.at<float>(122460288, {4, 16, 16, 128});    // activation, until conv2dWeightGrad_layer2_1_conv2_weight_grad_
  float *const layer2_1_bn2_weight_grad_ = arena.at<float>(89430144, {128});           // gradient, until sgd_layer2_1_bn2_weight_new_
  float *const layer2_1_bn2_bias_grad_ = arena.at<float>(89430656, {128});             // gradient, until sgd_layer2_1_bn2_bias_new_
  float *const layer2_1_relu_grad_ = arena.at<float>(90609792, {4, 16, 16, 128});      // activation, then layer2_1_conv1_grad_ in its place
  float *const layer2_1_conv2_weight_grad_ = arena.at<float>(89430144, {128, 128, 3, 3}); // gradient, until sgd_layer2_1_conv2_weight_new_
  double *const layer2_1_bn1_grad_sums_ = arena.at<double>(89434240, {2, 128});        // activation, until batchNormGradParameters_layer2_1_bn1_grad_parameters_
  float *const layer2_1_conv1_grad_ = arena.at<float>(90609792, {4, 16, 16, 128});     // activation, until conv2dWeightGrad_layer2_1_conv1_weight_grad_
  float *const layer2_1_bn1_weight_grad_ = arena.at<float>(89430144, {128});           // gradient, until sgd_layer2_1_bn1_weight_new_
  float *const layer2_1_bn1_bias_grad_ = arena.at<float>(89430656, {128});             // gradient, until sgd_layer2_1_bn1_bias_new_
  float *const layer2_0_relu_1_grad_ = arena.at<float>(90019968, {4, 16, 16, 128});    // activation, until add_layer2_0_relu_1_grad_1_
  float *const layer2_0_relu_1_grad_1_ = arena.at<float>(94148736, {4, 16, 16, 128});  // activation, then layer2_0_conv2_grad_ in its place
  float *const layer2_1_conv1_weight_grad_ = arena.at<float>(89430144, {128, 128, 3, 3}); // gradient, until sgd_layer2_1_conv1_weight_new_
  double *const layer2_0_downsample_1_grad_sums_ = arena.at<double>(89434240, {2, 128}); // activation, until batchNormGradParameters_layer2_0_downsample_1_grad_parameters_
  float *const layer2_0_downsample_0_grad_ = arena.at<float>(120887424, {4, 16, 16, 128}); // activation, until conv2dWeightGrad_layer2_0_downsample_0_weight_grad_
  float *const layer2_0_downsample_1_weight_grad_ = arena.at<float>(89430144, {128});  // gradient, until sgd_layer2_0_downsample_1_weight_new_
  float *const layer2_0_downsample_1_bias_grad_ = arena.at<float>(89430656, {128});    // gradient, until sgd_layer2_0_downsample_1_bias_new_
  float *const layer1_1_relu_1_grad_ = arena.at<float>(89430144, {4, 32, 32, 64});     // activation, then layer1_[1].relu_1_grad_2_ in its place
  float *const layer2_0_downsample_0_weight_grad_ = arena.at<float>(90716544, {128, 64, 1, 1}); // gradient, until sgd_layer2_0_downsample_0_weight_new_
  double *const layer2_0_bn2_grad_sums_ = arena.at<double>(90482816, {2, 128});        // activation, until batchNormGradParameters_layer2_0_bn2_grad_parameters_
  float *const layer2_0_conv2_grad_ = arena.at<float>(94148736, {4, 16, 16, 128});     // activation, until conv2dWeightGrad_layer2_0_conv2_weight_grad_
  float *const layer2_0_bn2_weight_grad_ = arena.at<float>(90478720, {128});           // gradient, until sgd_layer2_0_bn2_weight_new_
  float *const layer2_0_bn2_bias_grad_ = arena.at<float>(90479232, {128});             // gradient, until sgd_layer2_0_bn2_bias_new_
  float *const layer2_0_relu_grad_ = arena.at<float>(91658368, {4, 16, 16, 128});      // activation, then layer2_0_conv1_grad_ in its place
  float *const layer2_0_conv2_weight_grad_ = arena.at<float>(90478720, {128, 128, 3, 3}); // gradient, until sgd_layer2_0_conv2_weight_new_
  double *const layer2_0_bn1_grad_sums_ = arena.at<double>(90482816, {2, 128});        // activation, until batchNormGradParameters_layer2_0_bn1_grad_parameters_
  float *const layer2_0_conv1_grad_ = arena.at<float>(91658368, {4, 16, 16, 128});     // activation, until conv2dWeightGrad_layer2_0_conv1_weight_grad_
  float *const layer2_0_bn1_weight_grad_ = arena.at<float>(90478720, {128});           // gradient, until sgd_layer2_0_bn1_weight_new_
  float *const layer2_0_bn1_bias_grad_ = arena.at<float>(90479232, {128});             // gradient, until sgd_layer2_0_bn1_bias_new_
  float *const layer1_1_relu_1_grad_1_ = arena.at<float>(90478720, {4, 32, 32, 64});   // activation, until add_layer1_1_relu_1_grad_2_
  float *const layer2_0_conv1_weight_grad_ = arena.at<float>(90478720, {128, 64, 3, 3}); // gradient, until sgd_layer2_0_conv1_weight_new_
  float *const relu_grad_1_ = arena.at<float>(89430144, {4, 32, 32, 64});              // activation, then conv1_grad_ in its place
  double *const bn1_grad_sums_ = arena.at<double>(90482816, {2, 64});                  // activation, until batchNormGradParameters_bn1_grad_parameters_
  float *const conv1_grad_ = arena.at<float>(89430144, {4, 32, 32, 64});               // activation, until conv2dWeightGrad_conv1_weight_grad_
  float *const bn1_weight_grad_ = arena.at<float>(90478720, {64});                     // gradient, until sgd_bn1_weight_new_
  float *const bn1_bias_grad_ = arena.at<float>(90478976, {64});                       // gradient, until sgd_bn1_bias_new_
  float *const conv1_weight_grad_ = arena.at<float>(90478720, {64, 3, 3, 3});          // gradient, until sgd_conv1_weight_new_
  void *const conv1_workspace_ = arena.slice(89430144, 6912).data();                   // workspace
  void *const bn1_stats_workspace_ = arena.slice(89430144, 4096).data();               // workspace
  void *const layer2_0_conv1_workspace_ = arena.slice(89430144, 294912).data();        // workspace
  void *const layer2_0_bn1_stats_workspace_ = arena.slice(89430144, 4096).data();      // workspace
  void *const layer2_0_conv2_workspace_ = arena.slice(89430144, 589824).data();        // workspace
  void *const layer2_0_bn2_stats_workspace_ = arena.slice(89430144, 4096).data();      // workspace
  void *const layer2_0_downsample_0_workspace_ = arena.slice(89430144, 163968).data(); // workspace
  void *const layer2_0_downsample_1_stats_workspace_ = arena.slice(89430144, 4096).data(); // workspace
  void *const layer2_1_conv1_workspace_ = arena.slice(89430144, 589824).data();        // workspace
  void *const layer2_1_bn1_stats_workspace_ = arena.slice(89430144, 4096).data();      // workspace
  void *const layer2_1_conv2_workspace_ = arena.slice(89430144, 589824).data();        // workspace
  void *const layer2_1_bn2_stats_workspace_ = arena.slice(89430144, 4096).data();      // workspace
  void *const layer3_0_conv1_workspace_ = arena.slice(89430144, 1179648).data();       // workspace
  void *const layer3_0_bn1_stats_workspace_ = arena.slice(89430144, 4096).data();      // workspace
  void *const layer3_0_conv2_workspace_ = arena.slice(89430144, 2359296).data();       // workspace
  void *const layer3_0_bn2_stats_workspace_ = arena.slice(89430144, 4096).data();      // workspace
  void *const layer3_0_downsample_0_workspace_ = arena.slice(89430144, 196736).data(); // workspace
  void *const layer3_0_downsample_1_stats_workspace_ = arena.slice(89430144, 4096).data(); // workspace
  void *const layer3_1_conv1_workspace_ = arena.slice(89430144, 2359296).data();       // workspace
  void *const layer3_1_bn1_stats_workspace_ = arena.slice(89430144, 4096).data();      // workspace
  void *const layer3_1_conv2_workspace_ = arena.slice(89430144, 2359296).data();       // workspace
  void *const layer3_1_bn2_stats_workspace_ = arena.slice(89430144, 4096).data();      // workspace
  void *const layer4_0_conv1_workspace_ = arena.slice(89430144, 4718592).data();       // workspace
  void *const layer4_0_bn1_stats_workspace_ = arena.slice(89430144, 8192).data();      // workspace
  void *const layer4_0_conv2_workspace_ = arena.slice(89430144, 9437184).data();       // workspace
  void *const layer4_0_bn2_stats_workspace_ = arena.slice(89430144, 8192).data();      // workspace
  void *const layer4_0_downsample_0_workspace_ = arena.slice(89430144, 557184).data(); // workspace
  void *const layer4_0_downsample_1_stats_workspace_ = arena.slice(89430144, 8192).data(); // workspace
  void *const layer4_1_conv1_workspace_ = arena.slice(89430144, 9437184).data();       // workspace
  void *const layer4_1_bn1_stats_workspace_ = arena.slice(89430144, 8192).data();      // workspace
  void *const layer4_1_conv2_workspace_ = arena.slice(89430144, 9437184).data();       // workspace
  void *const layer4_1_bn2_stats_workspace_ = arena.slice(89430144, 8192).data();      // workspace
  void *const loss_workspace_ = arena.slice(89561216, 64).data();                      // workspace
  void *const fc_bias_grad_workspace_ = arena.slice(89561216, 128).data();             // workspace
  void *const layer4_1_bn2_grad_sums_workspace_ = arena.slice(89438336, 8192).data();  // workspace
  void *const layer4_1_relu_grad_workspace_ = arena.slice(89430144, 9437184).data();   // workspace
  void *const layer4_1_conv2_weight_grad_workspace_ = arena.slice(98867328, 9437184).data(); // workspace
  void *const layer4_1_bn1_grad_sums_workspace_ = arena.slice(89438336, 8192).data();  // workspace
  void *const layer4_0_relu_1_grad_workspace_ = arena.slice(89430144, 9437184).data(); // workspace
  void *const layer4_1_conv1_weight_grad_workspace_ = arena.slice(98867328, 9437184).data(); // workspace
  void *const layer4_0_downsample_1_grad_sums_workspace_ = arena.slice(89438336, 8192).data(); // workspace
  void *const layer3_1_relu_1_grad_workspace_ = arena.slice(89430144, 557184).data();  // workspace
  void *const layer4_0_downsample_0_weight_grad_workspace_ = arena.slice(89430144, 557184).data(); // workspace
  void *const layer4_0_bn2_grad_sums_workspace_ = arena.slice(89438336, 8192).data();  // workspace
  void *const layer4_0_relu_grad_workspace_ = arena.slice(89430144, 9437184).data();   // workspace
  void *const layer4_0_conv2_weight_grad_workspace_ = arena.slice(98867328, 9437184).data(); // workspace
  void *const layer4_0_bn1_grad_sums_workspace_ = arena.slice(89438336, 8192).data();  // workspace
  void *const layer3_1_relu_1_grad_1_workspace_ = arena.slice(89430144, 4718592).data(); // workspace
  void *const layer4_0_conv1_weight_grad_workspace_ = arena.slice(94148736, 4718592).data(); // workspace
  void *const layer3_1_bn2_grad_sums_workspace_ = arena.slice(89434240, 4096).data();  // workspace
  void *const layer3_1_relu_grad_workspace_ = arena.slice(89430144, 2359296).data();   // workspace
  void *const layer3_1_conv2_weight_grad_workspace_ = arena.slice(91789440, 2359296).data(); // workspace
  void *const layer3_1_bn1_grad_sums_workspace_ = arena.slice(89434240, 4096).data();  // workspace
  void *const layer3_0_relu_1_grad_workspace_ = arena.slice(89430144, 2359296).data(); // workspace
  void *const layer3_1_conv1_weight_grad_workspace_ = arena.slice(91789440, 2359296).data(); // workspace
  void *const layer3_0_downsample_1_grad_sums_workspace_ = arena.slice(89434240, 4096).data(); // workspace
  void *const layer2_1_relu_1_grad_workspace_ = arena.slice(89430144, 196736).data();  // workspace
  void *const layer3_0_downsample_0_weight_grad_workspace_ = arena.slice(89430144, 467200).data(); // workspace
  void *const layer3_0_bn2_grad_sums_workspace_ = arena.slice(89434240, 4096).data();  // workspace
  void *const layer3_0_relu_grad_workspace_ = arena.slice(89430144, 2359296).data();   // workspace
  void *const layer3_0_conv2_weight_grad_workspace_ = arena.slice(91789440, 2359296).data(); // workspace
  void *const layer3_0_bn1_grad_sums_workspace_ = arena.slice(89434240, 4096).data();  // workspace
  void *const layer2_1_relu_1_grad_1_workspace_ = arena.slice(89430144, 1179648).data(); // workspace
  void *const layer3_0_conv1_weight_grad_workspace_ = arena.slice(90609792, 1179648).data(); // workspace
  void *const layer2_1_bn2_grad_sums_workspace_ = arena.slice(89430144, 4096).data();  // workspace
  void *const layer2_1_relu_grad_workspace_ = arena.slice(89430144, 589824).data();    // workspace
  void *const layer2_1_conv2_weight_grad_workspace_ = arena.slice(90019968, 589824).data(); // workspace
  void *const layer2_1_bn1_grad_sums_workspace_ = arena.slice(89430144, 4096).data();  // workspace
  void *const layer2_0_relu_1_grad_workspace_ = arena.slice(89430144, 589824).data();  // workspace
  void *const layer2_1_conv1_weight_grad_workspace_ = arena.slice(90019968, 589824).data(); // workspace
  void *const layer2_0_downsample_1_grad_sums_workspace_ = arena.slice(89430144, 4096).data(); // workspace
  void *const layer1_1_relu_1_grad_workspace_ = arena.slice(90478720, 163968).data();  // workspace
  void *const layer2_0_downsample_0_weight_grad_workspace_ = arena.slice(90478720, 237824).data(); // workspace
  void *const layer2_0_bn2_grad_sums_workspace_ = arena.slice(90478720, 4096).data();  // workspace
  void *const layer2_0_relu_grad_workspace_ = arena.slice(90478720, 589824).data();    // workspace
  void *const layer2_0_conv2_weight_grad_workspace_ = arena.slice(91068544, 589824).data(); // workspace
  void *const layer2_0_bn1_grad_sums_workspace_ = arena.slice(90478720, 4096).data();  // workspace
  void *const layer1_1_relu_1_grad_1_workspace_ = arena.slice(92182656, 294912).data(); // workspace
  void *const layer2_0_conv1_weight_grad_workspace_ = arena.slice(90773632, 294912).data(); // workspace
  void *const bn1_grad_sums_workspace_ = arena.slice(90478720, 4096).data();           // workspace
  void *const conv1_weight_grad_workspace_ = arena.slice(90485632, 6912).data();       // workspace

  Layers<Layer1Block, 0, 1> layer1_{*this};
  const cpu::Conv2dForward conv2dForward_conv1_{{.batch = 4, .height = 32, .width = 32,
      .channels = 3, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_bn1_stats_{.rows = 4096, .channels = 64};
  const cpu::BatchNormRunning batchNormRunning_bn1_running_{.channels = 64, .count = 4096,
      .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_relu_{.rows = 4096, .channels = 64, .count = 4096,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer2_0_conv1_{{.batch = 4, .height = 32, .width = 32,
      .channels = 64, .filters = 128, .kernelH = 3, .kernelW = 3, .strideH = 2, .strideW = 2,
      .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer2_0_bn1_stats_{.rows = 1024, .channels = 128};
  const cpu::BatchNormRunning batchNormRunning_layer2_0_bn1_running_{.channels = 128, .count = 1024,
      .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer2_0_relu_{.rows = 1024, .channels = 128,
      .count = 1024, .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer2_0_conv2_{{.batch = 4, .height = 16, .width = 16,
      .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer2_0_bn2_stats_{.rows = 1024, .channels = 128};
  const cpu::BatchNormRunning batchNormRunning_layer2_0_bn2_running_{.channels = 128, .count = 1024,
      .momentum = 0.1};
  const cpu::Conv2dForward conv2dForward_layer2_0_downsample_0_{{.batch = 4, .height = 32,
      .width = 32, .channels = 64, .filters = 128, .kernelH = 1, .kernelW = 1, .strideH = 2,
      .strideW = 2}};
  const cpu::BatchNormStats batchNormStats_layer2_0_downsample_1_stats_{.rows = 1024,
      .channels = 128};
  const cpu::BatchNormApply batchNormApply_layer2_0_downsample_1_{.rows = 1024, .channels = 128,
      .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormRunning batchNormRunning_layer2_0_downsample_1_running_{.channels = 128,
      .count = 1024, .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer2_0_relu_1_{.rows = 1024, .channels = 128,
      .count = 1024, .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer2_1_conv1_{{.batch = 4, .height = 16, .width = 16,
      .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer2_1_bn1_stats_{.rows = 1024, .channels = 128};
  const cpu::BatchNormRunning batchNormRunning_layer2_1_bn1_running_{.channels = 128, .count = 1024,
      .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer2_1_relu_{.rows = 1024, .channels = 128,
      .count = 1024, .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer2_1_conv2_{{.batch = 4, .height = 16, .width = 16,
      .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer2_1_bn2_stats_{.rows = 1024, .channels = 128};
  const cpu::BatchNormRunning batchNormRunning_layer2_1_bn2_running_{.channels = 128, .count = 1024,
      .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer2_1_relu_1_{.rows = 1024, .channels = 128,
      .count = 1024, .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer3_0_conv1_{{.batch = 4, .height = 16, .width = 16,
      .channels = 128, .filters = 256, .kernelH = 3, .kernelW = 3, .strideH = 2, .strideW = 2,
      .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer3_0_bn1_stats_{.rows = 256, .channels = 256};
  const cpu::BatchNormRunning batchNormRunning_layer3_0_bn1_running_{.channels = 256, .count = 256,
      .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer3_0_relu_{.rows = 256, .channels = 256,
      .count = 256, .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer3_0_conv2_{{.batch = 4, .height = 8, .width = 8,
      .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer3_0_bn2_stats_{.rows = 256, .channels = 256};
  const cpu::BatchNormRunning batchNormRunning_layer3_0_bn2_running_{.channels = 256, .count = 256,
      .momentum = 0.1};
  const cpu::Conv2dForward conv2dForward_layer3_0_downsample_0_{{.batch = 4, .height = 16,
      .width = 16, .channels = 128, .filters = 256, .kernelH = 1, .kernelW = 1, .strideH = 2,
      .strideW = 2}};
  const cpu::BatchNormStats batchNormStats_layer3_0_downsample_1_stats_{.rows = 256,
      .channels = 256};
  const cpu::BatchNormApply batchNormApply_layer3_0_downsample_1_{.rows = 256, .channels = 256,
      .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormRunning batchNormRunning_layer3_0_downsample_1_running_{.channels = 256,
      .count = 256, .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer3_0_relu_1_{.rows = 256, .channels = 256,
      .count = 256, .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer3_1_conv1_{{.batch = 4, .height = 8, .width = 8,
      .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer3_1_bn1_stats_{.rows = 256, .channels = 256};
  const cpu::BatchNormRunning batchNormRunning_layer3_1_bn1_running_{.channels = 256, .count = 256,
      .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer3_1_relu_{.rows = 256, .channels = 256,
      .count = 256, .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer3_1_conv2_{{.batch = 4, .height = 8, .width = 8,
      .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer3_1_bn2_stats_{.rows = 256, .channels = 256};
  const cpu::BatchNormRunning batchNormRunning_layer3_1_bn2_running_{.channels = 256, .count = 256,
      .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer3_1_relu_1_{.rows = 256, .channels = 256,
      .count = 256, .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer4_0_conv1_{{.batch = 4, .height = 8, .width = 8,
      .channels = 256, .filters = 512, .kernelH = 3, .kernelW = 3, .strideH = 2, .strideW = 2,
      .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer4_0_bn1_stats_{.rows = 64, .channels = 512};
  const cpu::BatchNormRunning batchNormRunning_layer4_0_bn1_running_{.channels = 512, .count = 64,
      .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer4_0_relu_{.rows = 64, .channels = 512, .count = 64,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer4_0_conv2_{{.batch = 4, .height = 4, .width = 4,
      .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer4_0_bn2_stats_{.rows = 64, .channels = 512};
  const cpu::BatchNormRunning batchNormRunning_layer4_0_bn2_running_{.channels = 512, .count = 64,
      .momentum = 0.1};
  const cpu::Conv2dForward conv2dForward_layer4_0_downsample_0_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 512, .kernelH = 1, .kernelW = 1, .strideH = 2,
      .strideW = 2}};
  const cpu::BatchNormStats batchNormStats_layer4_0_downsample_1_stats_{.rows = 64,
      .channels = 512};
  const cpu::BatchNormApply batchNormApply_layer4_0_downsample_1_{.rows = 64, .channels = 512,
      .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormRunning batchNormRunning_layer4_0_downsample_1_running_{.channels = 512,
      .count = 64, .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer4_0_relu_1_{.rows = 64, .channels = 512,
      .count = 64, .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer4_1_conv1_{{.batch = 4, .height = 4, .width = 4,
      .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer4_1_bn1_stats_{.rows = 64, .channels = 512};
  const cpu::BatchNormRunning batchNormRunning_layer4_1_bn1_running_{.channels = 512, .count = 64,
      .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer4_1_relu_{.rows = 64, .channels = 512, .count = 64,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer4_1_conv2_{{.batch = 4, .height = 4, .width = 4,
      .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormStats batchNormStats_layer4_1_bn2_stats_{.rows = 64, .channels = 512};
  const cpu::BatchNormRunning batchNormRunning_layer4_1_bn2_running_{.channels = 512, .count = 64,
      .momentum = 0.1};
  const cpu::BatchNormApply batchNormApply_layer4_1_relu_1_{.rows = 64, .channels = 512,
      .count = 64, .epsilon = 1.0e-05, .relu = true};
  const cpu::AvgPool avgPool_{{.batch = 4, .height = 4, .width = 4, .channels = 512, .kernelH = 4,
      .kernelW = 4}};
  const cpu::LinearForward linearForward_fc_matmul_{{.batch = 4, .inputs = 512, .outputs = 10}};
  const cpu::BiasAdd biasAdd_fc_{.rows = 4, .channels = 10};
  const cpu::SoftmaxCrossEntropy softmaxCrossEntropy_loss_{.batch = 4, .classes = 10, .count = 4};
  const cpu::SoftmaxCrossEntropyGrad softmaxCrossEntropyGrad_fc_grad_{.batch = 4, .classes = 10,
      .count = 4};
  const cpu::BiasGrad biasGrad_fc_bias_grad_{.rows = 4, .channels = 10};
  const cpu::Sgd sgd_fc_bias_new_{.count = 10, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::LinearInputGrad linearInputGrad_avgpool_grad_{{.batch = 4, .inputs = 512,
      .outputs = 10}};
  const cpu::LinearWeightGrad linearWeightGrad_fc_weight_grad_{{.batch = 4, .inputs = 512,
      .outputs = 10}};
  const cpu::Sgd sgd_fc_weight_new_{.count = 5120, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::AvgPoolGrad avgPoolGrad_layer4_1_relu_1_grad_{{.batch = 4, .height = 4, .width = 4,
      .channels = 512, .kernelH = 4, .kernelW = 4}};
  const cpu::ReluGrad reluGrad_layer4_1_add_grad_{.count = 32768};
  const cpu::BatchNormGradSums batchNormGradSums_layer4_1_bn2_grad_sums_{.rows = 64,
      .channels = 512, .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer4_1_conv2_grad_{.rows = 64, .channels = 512,
      .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer4_1_bn2_grad_parameters_{.channels = 512};
  const cpu::Sgd sgd_layer4_1_bn2_bias_new_{.count = 512, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer4_1_bn2_weight_new_{.count = 512, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer4_1_relu_grad_{{.batch = 4, .height = 4,
      .width = 4, .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer4_1_conv2_weight_grad_{{.batch = 4, .height = 4,
      .width = 4, .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer4_1_conv2_weight_new_{.count = 2359296, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer4_1_bn1_grad_sums_{.rows = 64,
      .channels = 512, .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer4_1_conv1_grad_{.rows = 64, .channels = 512,
      .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer4_1_bn1_grad_parameters_{.channels = 512};
  const cpu::Sgd sgd_layer4_1_bn1_bias_new_{.count = 512, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer4_1_bn1_weight_new_{.count = 512, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer4_0_relu_1_grad_{{.batch = 4, .height = 4,
      .width = 4, .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Add add_layer4_0_relu_1_grad_1_{.count = 32768};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer4_1_conv1_weight_grad_{{.batch = 4, .height = 4,
      .width = 4, .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer4_1_conv1_weight_new_{.count = 2359296, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer4_0_downsample_1_grad_sums_{.rows = 64,
      .channels = 512, .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer4_0_downsample_0_grad_{.rows = 64,
      .channels = 512, .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer4_0_downsample_1_grad_parameters_{.channels = 512};
  const cpu::Sgd sgd_layer4_0_downsample_1_bias_new_{.count = 512, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer4_0_downsample_1_weight_new_{.count = 512, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer3_1_relu_1_grad_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 512, .kernelH = 1, .kernelW = 1, .strideH = 2,
      .strideW = 2}};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer4_0_downsample_0_weight_grad_{{.batch = 4,
      .height = 8, .width = 8, .channels = 256, .filters = 512, .kernelH = 1, .kernelW = 1,
      .strideH = 2, .strideW = 2}};
  const cpu::Sgd sgd_layer4_0_downsample_0_weight_new_{.count = 131072, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer4_0_bn2_grad_sums_{.rows = 64,
      .channels = 512, .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer4_0_conv2_grad_{.rows = 64, .channels = 512,
      .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer4_0_bn2_grad_parameters_{.channels = 512};
  const cpu::Sgd sgd_layer4_0_bn2_bias_new_{.count = 512, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer4_0_bn2_weight_new_{.count = 512, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer4_0_relu_grad_{{.batch = 4, .height = 4,
      .width = 4, .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer4_0_conv2_weight_grad_{{.batch = 4, .height = 4,
      .width = 4, .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer4_0_conv2_weight_new_{.count = 2359296, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer4_0_bn1_grad_sums_{.rows = 64,
      .channels = 512, .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer4_0_conv1_grad_{.rows = 64, .channels = 512,
      .count = 64, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer4_0_bn1_grad_parameters_{.channels = 512};
  const cpu::Sgd sgd_layer4_0_bn1_bias_new_{.count = 512, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer4_0_bn1_weight_new_{.count = 512, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer3_1_relu_1_grad_1_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 512, .kernelH = 3, .kernelW = 3, .strideH = 2,
      .strideW = 2, .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Add add_layer3_1_relu_1_grad_2_{.count = 65536};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer4_0_conv1_weight_grad_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 512, .kernelH = 3, .kernelW = 3, .strideH = 2,
      .strideW = 2, .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer4_0_conv1_weight_new_{.count = 1179648, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::ReluGrad reluGrad_layer3_1_add_grad_{.count = 65536};
  const cpu::BatchNormGradSums batchNormGradSums_layer3_1_bn2_grad_sums_{.rows = 256,
      .channels = 256, .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer3_1_conv2_grad_{.rows = 256,
      .channels = 256, .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer3_1_bn2_grad_parameters_{.channels = 256};
  const cpu::Sgd sgd_layer3_1_bn2_bias_new_{.count = 256, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer3_1_bn2_weight_new_{.count = 256, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer3_1_relu_grad_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer3_1_conv2_weight_grad_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer3_1_conv2_weight_new_{.count = 589824, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer3_1_bn1_grad_sums_{.rows = 256,
      .channels = 256, .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer3_1_conv1_grad_{.rows = 256,
      .channels = 256, .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer3_1_bn1_grad_parameters_{.channels = 256};
  const cpu::Sgd sgd_layer3_1_bn1_bias_new_{.count = 256, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer3_1_bn1_weight_new_{.count = 256, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer3_0_relu_1_grad_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Add add_layer3_0_relu_1_grad_1_{.count = 65536};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer3_1_conv1_weight_grad_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer3_1_conv1_weight_new_{.count = 589824, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer3_0_downsample_1_grad_sums_{.rows = 256,
      .channels = 256, .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer3_0_downsample_0_grad_{.rows = 256,
      .channels = 256, .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer3_0_downsample_1_grad_parameters_{.channels = 256};
  const cpu::Sgd sgd_layer3_0_downsample_1_bias_new_{.count = 256, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer3_0_downsample_1_weight_new_{.count = 256, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer2_1_relu_1_grad_{{.batch = 4, .height = 16,
      .width = 16, .channels = 128, .filters = 256, .kernelH = 1, .kernelW = 1, .strideH = 2,
      .strideW = 2}};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer3_0_downsample_0_weight_grad_{{.batch = 4,
      .height = 16, .width = 16, .channels = 128, .filters = 256, .kernelH = 1, .kernelW = 1,
      .strideH = 2, .strideW = 2}};
  const cpu::Sgd sgd_layer3_0_downsample_0_weight_new_{.count = 32768, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer3_0_bn2_grad_sums_{.rows = 256,
      .channels = 256, .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer3_0_conv2_grad_{.rows = 256,
      .channels = 256, .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer3_0_bn2_grad_parameters_{.channels = 256};
  const cpu::Sgd sgd_layer3_0_bn2_bias_new_{.count = 256, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer3_0_bn2_weight_new_{.count = 256, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer3_0_relu_grad_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer3_0_conv2_weight_grad_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer3_0_conv2_weight_new_{.count = 589824, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer3_0_bn1_grad_sums_{.rows = 256,
      .channels = 256, .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer3_0_conv1_grad_{.rows = 256,
      .channels = 256, .count = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer3_0_bn1_grad_parameters_{.channels = 256};
  const cpu::Sgd sgd_layer3_0_bn1_bias_new_{.count = 256, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer3_0_bn1_weight_new_{.count = 256, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer2_1_relu_1_grad_1_{{.batch = 4, .height = 16,
      .width = 16, .channels = 128, .filters = 256, .kernelH = 3, .kernelW = 3, .strideH = 2,
      .strideW = 2, .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Add add_layer2_1_relu_1_grad_2_{.count = 131072};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer3_0_conv1_weight_grad_{{.batch = 4,
      .height = 16, .width = 16, .channels = 128, .filters = 256, .kernelH = 3, .kernelW = 3,
      .strideH = 2, .strideW = 2, .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer3_0_conv1_weight_new_{.count = 294912, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::ReluGrad reluGrad_layer2_1_add_grad_{.count = 131072};
  const cpu::BatchNormGradSums batchNormGradSums_layer2_1_bn2_grad_sums_{.rows = 1024,
      .channels = 128, .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer2_1_conv2_grad_{.rows = 1024,
      .channels = 128, .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer2_1_bn2_grad_parameters_{.channels = 128};
  const cpu::Sgd sgd_layer2_1_bn2_bias_new_{.count = 128, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer2_1_bn2_weight_new_{.count = 128, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer2_1_relu_grad_{{.batch = 4, .height = 16,
      .width = 16, .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer2_1_conv2_weight_grad_{{.batch = 4,
      .height = 16, .width = 16, .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3,
      .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer2_1_conv2_weight_new_{.count = 147456, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer2_1_bn1_grad_sums_{.rows = 1024,
      .channels = 128, .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer2_1_conv1_grad_{.rows = 1024,
      .channels = 128, .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer2_1_bn1_grad_parameters_{.channels = 128};
  const cpu::Sgd sgd_layer2_1_bn1_bias_new_{.count = 128, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer2_1_bn1_weight_new_{.count = 128, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer2_0_relu_1_grad_{{.batch = 4, .height = 16,
      .width = 16, .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Add add_layer2_0_relu_1_grad_1_{.count = 131072};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer2_1_conv1_weight_grad_{{.batch = 4,
      .height = 16, .width = 16, .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3,
      .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer2_1_conv1_weight_new_{.count = 147456, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer2_0_downsample_1_grad_sums_{.rows = 1024,
      .channels = 128, .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer2_0_downsample_0_grad_{.rows = 1024,
      .channels = 128, .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer2_0_downsample_1_grad_parameters_{.channels = 128};
  const cpu::Sgd sgd_layer2_0_downsample_1_bias_new_{.count = 128, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer2_0_downsample_1_weight_new_{.count = 128, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer1_1_relu_1_grad_{{.batch = 4, .height = 32,
      .width = 32, .channels = 64, .filters = 128, .kernelH = 1, .kernelW = 1, .strideH = 2,
      .strideW = 2}};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer2_0_downsample_0_weight_grad_{{.batch = 4,
      .height = 32, .width = 32, .channels = 64, .filters = 128, .kernelH = 1, .kernelW = 1,
      .strideH = 2, .strideW = 2}};
  const cpu::Sgd sgd_layer2_0_downsample_0_weight_new_{.count = 8192, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer2_0_bn2_grad_sums_{.rows = 1024,
      .channels = 128, .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer2_0_conv2_grad_{.rows = 1024,
      .channels = 128, .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer2_0_bn2_grad_parameters_{.channels = 128};
  const cpu::Sgd sgd_layer2_0_bn2_bias_new_{.count = 128, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer2_0_bn2_weight_new_{.count = 128, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer2_0_relu_grad_{{.batch = 4, .height = 16,
      .width = 16, .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer2_0_conv2_weight_grad_{{.batch = 4,
      .height = 16, .width = 16, .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3,
      .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer2_0_conv2_weight_new_{.count = 147456, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_layer2_0_bn1_grad_sums_{.rows = 1024,
      .channels = 128, .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_layer2_0_conv1_grad_{.rows = 1024,
      .channels = 128, .count = 1024, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_layer2_0_bn1_grad_parameters_{.channels = 128};
  const cpu::Sgd sgd_layer2_0_bn1_bias_new_{.count = 128, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_layer2_0_bn1_weight_new_{.count = 128, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dInputGrad conv2dInputGrad_layer1_1_relu_1_grad_1_{{.batch = 4, .height = 32,
      .width = 32, .channels = 64, .filters = 128, .kernelH = 3, .kernelW = 3, .strideH = 2,
      .strideW = 2, .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Add add_layer1_1_relu_1_grad_2_{.count = 262144};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_layer2_0_conv1_weight_grad_{{.batch = 4,
      .height = 32, .width = 32, .channels = 64, .filters = 128, .kernelH = 3, .kernelW = 3,
      .strideH = 2, .strideW = 2, .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_layer2_0_conv1_weight_new_{.count = 73728, .momentum = 0.9,
      .weightDecay = 0.0001};
  const cpu::BatchNormGradSums batchNormGradSums_bn1_grad_sums_{.rows = 4096, .channels = 64,
      .count = 4096, .epsilon = 1.0e-05};
  const cpu::BatchNormGradInput batchNormGradInput_conv1_grad_{.rows = 4096, .channels = 64,
      .count = 4096, .epsilon = 1.0e-05};
  const cpu::BatchNormGradParameters batchNormGradParameters_bn1_grad_parameters_{.channels = 64};
  const cpu::Sgd sgd_bn1_bias_new_{.count = 64, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Sgd sgd_bn1_weight_new_{.count = 64, .momentum = 0.9, .weightDecay = 0.0001};
  const cpu::Conv2dWeightGrad conv2dWeightGrad_conv1_weight_grad_{{.batch = 4, .height = 32,
      .width = 32, .channels = 3, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1,
      .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::Sgd sgd_conv1_weight_new_{.count = 1728, .momentum = 0.9, .weightDecay = 0.0001};

  Step(Rank &rank, Arena &arena) : Variables{{rank, arena}} {}
  void setUp();
  void run();
};

// Libraries prepare their kernels, and say whether the planned workspaces do here.
void Step::setUp() {
  for (Layer1Block &block : layer1_)
    block.setUp();
  conv2dForward_conv1_.requireWorkspace(6912);
  batchNormStats_bn1_stats_.requireWorkspace(4096);
  conv2dForward_layer2_0_conv1_.requireWorkspace(294912);
  batchNormStats_layer2_0_bn1_stats_.requireWorkspace(4096);
  conv2dForward_layer2_0_conv2_.requireWorkspace(589824);
  batchNormStats_layer2_0_bn2_stats_.requireWorkspace(4096);
  conv2dForward_layer2_0_downsample_0_.requireWorkspace(163968);
  batchNormStats_layer2_0_downsample_1_stats_.requireWorkspace(4096);
  conv2dForward_layer2_1_conv1_.requireWorkspace(589824);
  batchNormStats_layer2_1_bn1_stats_.requireWorkspace(4096);
  conv2dForward_layer2_1_conv2_.requireWorkspace(589824);
  batchNormStats_layer2_1_bn2_stats_.requireWorkspace(4096);
  conv2dForward_layer3_0_conv1_.requireWorkspace(1179648);
  batchNormStats_layer3_0_bn1_stats_.requireWorkspace(4096);
  conv2dForward_layer3_0_conv2_.requireWorkspace(2359296);
  batchNormStats_layer3_0_bn2_stats_.requireWorkspace(4096);
  conv2dForward_layer3_0_downsample_0_.requireWorkspace(196736);
  batchNormStats_layer3_0_downsample_1_stats_.requireWorkspace(4096);
  conv2dForward_layer3_1_conv1_.requireWorkspace(2359296);
  batchNormStats_layer3_1_bn1_stats_.requireWorkspace(4096);
  conv2dForward_layer3_1_conv2_.requireWorkspace(2359296);
  batchNormStats_layer3_1_bn2_stats_.requireWorkspace(4096);
  conv2dForward_layer4_0_conv1_.requireWorkspace(4718592);
  batchNormStats_layer4_0_bn1_stats_.requireWorkspace(8192);
  conv2dForward_layer4_0_conv2_.requireWorkspace(9437184);
  batchNormStats_layer4_0_bn2_stats_.requireWorkspace(8192);
  conv2dForward_layer4_0_downsample_0_.requireWorkspace(557184);
  batchNormStats_layer4_0_downsample_1_stats_.requireWorkspace(8192);
  conv2dForward_layer4_1_conv1_.requireWorkspace(9437184);
  batchNormStats_layer4_1_bn1_stats_.requireWorkspace(8192);
  conv2dForward_layer4_1_conv2_.requireWorkspace(9437184);
  batchNormStats_layer4_1_bn2_stats_.requireWorkspace(8192);
  avgPool_.requireWorkspace(0);
  linearForward_fc_matmul_.requireWorkspace(0);
  softmaxCrossEntropy_loss_.requireWorkspace(64);
  biasGrad_fc_bias_grad_.requireWorkspace(128);
  linearInputGrad_avgpool_grad_.requireWorkspace(0);
  linearWeightGrad_fc_weight_grad_.requireWorkspace(0);
  avgPoolGrad_layer4_1_relu_1_grad_.requireWorkspace(0);
  batchNormGradSums_layer4_1_bn2_grad_sums_.requireWorkspace(8192);
  conv2dInputGrad_layer4_1_relu_grad_.requireWorkspace(9437184);
  conv2dWeightGrad_layer4_1_conv2_weight_grad_.requireWorkspace(9437184);
  batchNormGradSums_layer4_1_bn1_grad_sums_.requireWorkspace(8192);
  conv2dInputGrad_layer4_0_relu_1_grad_.requireWorkspace(9437184);
  conv2dWeightGrad_layer4_1_conv1_weight_grad_.requireWorkspace(9437184);
  batchNormGradSums_layer4_0_downsample_1_grad_sums_.requireWorkspace(8192);
  conv2dInputGrad_layer3_1_relu_1_grad_.requireWorkspace(557184);
  conv2dWeightGrad_layer4_0_downsample_0_weight_grad_.requireWorkspace(557184);
  batchNormGradSums_layer4_0_bn2_grad_sums_.requireWorkspace(8192);
  conv2dInputGrad_layer4_0_relu_grad_.requireWorkspace(9437184);
  conv2dWeightGrad_layer4_0_conv2_weight_grad_.requireWorkspace(9437184);
  batchNormGradSums_layer4_0_bn1_grad_sums_.requireWorkspace(8192);
  conv2dInputGrad_layer3_1_relu_1_grad_1_.requireWorkspace(4718592);
  conv2dWeightGrad_layer4_0_conv1_weight_grad_.requireWorkspace(4718592);
  batchNormGradSums_layer3_1_bn2_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_layer3_1_relu_grad_.requireWorkspace(2359296);
  conv2dWeightGrad_layer3_1_conv2_weight_grad_.requireWorkspace(2359296);
  batchNormGradSums_layer3_1_bn1_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_layer3_0_relu_1_grad_.requireWorkspace(2359296);
  conv2dWeightGrad_layer3_1_conv1_weight_grad_.requireWorkspace(2359296);
  batchNormGradSums_layer3_0_downsample_1_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_layer2_1_relu_1_grad_.requireWorkspace(196736);
  conv2dWeightGrad_layer3_0_downsample_0_weight_grad_.requireWorkspace(467200);
  batchNormGradSums_layer3_0_bn2_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_layer3_0_relu_grad_.requireWorkspace(2359296);
  conv2dWeightGrad_layer3_0_conv2_weight_grad_.requireWorkspace(2359296);
  batchNormGradSums_layer3_0_bn1_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_layer2_1_relu_1_grad_1_.requireWorkspace(1179648);
  conv2dWeightGrad_layer3_0_conv1_weight_grad_.requireWorkspace(1179648);
  batchNormGradSums_layer2_1_bn2_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_layer2_1_relu_grad_.requireWorkspace(589824);
  conv2dWeightGrad_layer2_1_conv2_weight_grad_.requireWorkspace(589824);
  batchNormGradSums_layer2_1_bn1_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_layer2_0_relu_1_grad_.requireWorkspace(589824);
  conv2dWeightGrad_layer2_1_conv1_weight_grad_.requireWorkspace(589824);
  batchNormGradSums_layer2_0_downsample_1_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_layer1_1_relu_1_grad_.requireWorkspace(163968);
  conv2dWeightGrad_layer2_0_downsample_0_weight_grad_.requireWorkspace(237824);
  batchNormGradSums_layer2_0_bn2_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_layer2_0_relu_grad_.requireWorkspace(589824);
  conv2dWeightGrad_layer2_0_conv2_weight_grad_.requireWorkspace(589824);
  batchNormGradSums_layer2_0_bn1_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_layer1_1_relu_1_grad_1_.requireWorkspace(294912);
  conv2dWeightGrad_layer2_0_conv1_weight_grad_.requireWorkspace(294912);
  batchNormGradSums_bn1_grad_sums_.requireWorkspace(4096);
  conv2dWeightGrad_conv1_weight_grad_.requireWorkspace(6912);
}

void Step::Layer1Block::setUp() {
  conv2dForward_conv1_.requireWorkspace(147456);
  batchNormStats_bn1_stats_.requireWorkspace(4096);
  conv2dForward_conv2_.requireWorkspace(147456);
  batchNormStats_bn2_stats_.requireWorkspace(4096);
  batchNormGradSums_bn2_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_relu_grad_.requireWorkspace(147456);
  conv2dWeightGrad_conv2_weight_grad_.requireWorkspace(147456);
  batchNormGradSums_bn1_grad_sums_.requireWorkspace(4096);
  conv2dInputGrad_relu_1_grad_before_.requireWorkspace(147456);
  conv2dWeightGrad_conv1_weight_grad_.requireWorkspace(147456);
}

void Step::run() {
  timeline.layer("conv1");
  conv2dForward_conv1_(images_, conv1_weight_, conv1_, conv1_workspace_);
  timeline.layer("bn1");
  batchNormStats_bn1_stats_(conv1_, bn1_stats_, bn1_stats_workspace_);
  batchNormRunning_bn1_running_(bn1_stats_, bn1_running_mean_, bn1_running_var_, bn1_running_mean_,
      bn1_running_var_);
  timeline.layer("relu");
  batchNormApply_relu_(conv1_, bn1_stats_, bn1_weight_, bn1_bias_, relu_);
  for (int64_t layer = 0; layer <= 1; ++layer)
    layer1_[layer].forward();
  timeline.layer("layer2.0");
  conv2dForward_layer2_0_conv1_(layer1_[1].relu_1_, layer2_0_conv1_weight_, layer2_0_conv1_,
      layer2_0_conv1_workspace_);
  batchNormStats_layer2_0_bn1_stats_(layer2_0_conv1_, layer2_0_bn1_stats_,
      layer2_0_bn1_stats_workspace_);
  batchNormRunning_layer2_0_bn1_running_(layer2_0_bn1_stats_, layer2_0_bn1_running_mean_,
      layer2_0_bn1_running_var_, layer2_0_bn1_running_mean_, layer2_0_bn1_running_var_);
  batchNormApply_layer2_0_relu_(layer2_0_conv1_, layer2_0_bn1_stats_, layer2_0_bn1_weight_,
      layer2_0_bn1_bias_, layer2_0_relu_);
  conv2dForward_layer2_0_conv2_(layer2_0_relu_, layer2_0_conv2_weight_, layer2_0_conv2_,
      layer2_0_conv2_workspace_);
  batchNormStats_layer2_0_bn2_stats_(layer2_0_conv2_, layer2_0_bn2_stats_,
      layer2_0_bn2_stats_workspace_);
  batchNormRunning_layer2_0_bn2_running_(layer2_0_bn2_stats_, layer2_0_bn2_running_mean_,
      layer2_0_bn2_running_var_, layer2_0_bn2_running_mean_, layer2_0_bn2_running_var_);
  conv2dForward_layer2_0_downsample_0_(layer1_[1].relu_1_, layer2_0_downsample_0_weight_,
      layer2_0_downsample_0_, layer2_0_downsample_0_workspace_);
  batchNormStats_layer2_0_downsample_1_stats_(layer2_0_downsample_0_, layer2_0_downsample_1_stats_,
      layer2_0_downsample_1_stats_workspace_);
  batchNormApply_layer2_0_downsample_1_(layer2_0_downsample_0_, layer2_0_downsample_1_stats_,
      layer2_0_downsample_1_weight_, layer2_0_downsample_1_bias_, layer2_0_downsample_1_);
  batchNormRunning_layer2_0_downsample_1_running_(layer2_0_downsample_1_stats_,
      layer2_0_downsample_1_running_mean_, layer2_0_downsample_1_running_var_,
      layer2_0_downsample_1_running_mean_, layer2_0_downsample_1_running_var_);
  batchNormApply_layer2_0_relu_1_(layer2_0_conv2_, layer2_0_bn2_stats_, layer2_0_bn2_weight_,
      layer2_0_bn2_bias_, layer2_0_downsample_1_, layer2_0_relu_1_);
  timeline.layer("layer2.1");
  conv2dForward_layer2_1_conv1_(layer2_0_relu_1_, layer2_1_conv1_weight_, layer2_1_conv1_,
      layer2_1_conv1_workspace_);
  batchNormStats_layer2_1_bn1_stats_(layer2_1_conv1_, layer2_1_bn1_stats_,
      layer2_1_bn1_stats_workspace_);
  batchNormRunning_layer2_1_bn1_running_(layer2_1_bn1_stats_, layer2_1_bn1_running_mean_,
      layer2_1_bn1_running_var_, layer2_1_bn1_running_mean_, layer2_1_bn1_running_var_);
  batchNormApply_layer2_1_relu_(layer2_1_conv1_, layer2_1_bn1_stats_, layer2_1_bn1_weight_,
      layer2_1_bn1_bias_, layer2_1_relu_);
  conv2dForward_layer2_1_conv2_(layer2_1_relu_, layer2_1_conv2_weight_, layer2_1_conv2_,
      layer2_1_conv2_workspace_);
  batchNormStats_layer2_1_bn2_stats_(layer2_1_conv2_, layer2_1_bn2_stats_,
      layer2_1_bn2_stats_workspace_);
  batchNormRunning_layer2_1_bn2_running_(layer2_1_bn2_stats_, layer2_1_bn2_running_mean_,
      layer2_1_bn2_running_var_, layer2_1_bn2_running_mean_, layer2_1_bn2_running_var_);
  batchNormApply_layer2_1_relu_1_(layer2_1_conv2_, layer2_1_bn2_stats_, layer2_1_bn2_weight_,
      layer2_1_bn2_bias_, layer2_0_relu_1_, layer2_1_relu_1_);
  timeline.layer("layer3.0");
  conv2dForward_layer3_0_conv1_(layer2_1_relu_1_, layer3_0_conv1_weight_, layer3_0_conv1_,
      layer3_0_conv1_workspace_);
  batchNormStats_layer3_0_bn1_stats_(layer3_0_conv1_, layer3_0_bn1_stats_,
      layer3_0_bn1_stats_workspace_);
  batchNormRunning_layer3_0_bn1_running_(layer3_0_bn1_stats_, layer3_0_bn1_running_mean_,
      layer3_0_bn1_running_var_, layer3_0_bn1_running_mean_, layer3_0_bn1_running_var_);
  batchNormApply_layer3_0_relu_(layer3_0_conv1_, layer3_0_bn1_stats_, layer3_0_bn1_weight_,
      layer3_0_bn1_bias_, layer3_0_relu_);
  conv2dForward_layer3_0_conv2_(layer3_0_relu_, layer3_0_conv2_weight_, layer3_0_conv2_,
      layer3_0_conv2_workspace_);
  batchNormStats_layer3_0_bn2_stats_(layer3_0_conv2_, layer3_0_bn2_stats_,
      layer3_0_bn2_stats_workspace_);
  batchNormRunning_layer3_0_bn2_running_(layer3_0_bn2_stats_, layer3_0_bn2_running_mean_,
      layer3_0_bn2_running_var_, layer3_0_bn2_running_mean_, layer3_0_bn2_running_var_);
  conv2dForward_layer3_0_downsample_0_(layer2_1_relu_1_, layer3_0_downsample_0_weight_,
      layer3_0_downsample_0_, layer3_0_downsample_0_workspace_);
  batchNormStats_layer3_0_downsample_1_stats_(layer3_0_downsample_0_, layer3_0_downsample_1_stats_,
      layer3_0_downsample_1_stats_workspace_);
  batchNormApply_layer3_0_downsample_1_(layer3_0_downsample_0_, layer3_0_downsample_1_stats_,
      layer3_0_downsample_1_weight_, layer3_0_downsample_1_bias_, layer3_0_downsample_1_);
  batchNormRunning_layer3_0_downsample_1_running_(layer3_0_downsample_1_stats_,
      layer3_0_downsample_1_running_mean_, layer3_0_downsample_1_running_var_,
      layer3_0_downsample_1_running_mean_, layer3_0_downsample_1_running_var_);
  batchNormApply_layer3_0_relu_1_(layer3_0_conv2_, layer3_0_bn2_stats_, layer3_0_bn2_weight_,
      layer3_0_bn2_bias_, layer3_0_downsample_1_, layer3_0_relu_1_);
  timeline.layer("layer3.1");
  conv2dForward_layer3_1_conv1_(layer3_0_relu_1_, layer3_1_conv1_weight_, layer3_1_conv1_,
      layer3_1_conv1_workspace_);
  batchNormStats_layer3_1_bn1_stats_(layer3_1_conv1_, layer3_1_bn1_stats_,
      layer3_1_bn1_stats_workspace_);
  batchNormRunning_layer3_1_bn1_running_(layer3_1_bn1_stats_, layer3_1_bn1_running_mean_,
      layer3_1_bn1_running_var_, layer3_1_bn1_running_mean_, layer3_1_bn1_running_var_);
  batchNormApply_layer3_1_relu_(layer3_1_conv1_, layer3_1_bn1_stats_, layer3_1_bn1_weight_,
      layer3_1_bn1_bias_, layer3_1_relu_);
  conv2dForward_layer3_1_conv2_(layer3_1_relu_, layer3_1_conv2_weight_, layer3_1_conv2_,
      layer3_1_conv2_workspace_);
  batchNormStats_layer3_1_bn2_stats_(layer3_1_conv2_, layer3_1_bn2_stats_,
      layer3_1_bn2_stats_workspace_);
  batchNormRunning_layer3_1_bn2_running_(layer3_1_bn2_stats_, layer3_1_bn2_running_mean_,
      layer3_1_bn2_running_var_, layer3_1_bn2_running_mean_, layer3_1_bn2_running_var_);
  batchNormApply_layer3_1_relu_1_(layer3_1_conv2_, layer3_1_bn2_stats_, layer3_1_bn2_weight_,
      layer3_1_bn2_bias_, layer3_0_relu_1_, layer3_1_relu_1_);
  timeline.layer("layer4.0");
  conv2dForward_layer4_0_conv1_(layer3_1_relu_1_, layer4_0_conv1_weight_, layer4_0_conv1_,
      layer4_0_conv1_workspace_);
  batchNormStats_layer4_0_bn1_stats_(layer4_0_conv1_, layer4_0_bn1_stats_,
      layer4_0_bn1_stats_workspace_);
  batchNormRunning_layer4_0_bn1_running_(layer4_0_bn1_stats_, layer4_0_bn1_running_mean_,
      layer4_0_bn1_running_var_, layer4_0_bn1_running_mean_, layer4_0_bn1_running_var_);
  batchNormApply_layer4_0_relu_(layer4_0_conv1_, layer4_0_bn1_stats_, layer4_0_bn1_weight_,
      layer4_0_bn1_bias_, layer4_0_relu_);
  conv2dForward_layer4_0_conv2_(layer4_0_relu_, layer4_0_conv2_weight_, layer4_0_conv2_,
      layer4_0_conv2_workspace_);
  batchNormStats_layer4_0_bn2_stats_(layer4_0_conv2_, layer4_0_bn2_stats_,
      layer4_0_bn2_stats_workspace_);
  batchNormRunning_layer4_0_bn2_running_(layer4_0_bn2_stats_, layer4_0_bn2_running_mean_,
      layer4_0_bn2_running_var_, layer4_0_bn2_running_mean_, layer4_0_bn2_running_var_);
  conv2dForward_layer4_0_downsample_0_(layer3_1_relu_1_, layer4_0_downsample_0_weight_,
      layer4_0_downsample_0_, layer4_0_downsample_0_workspace_);
  batchNormStats_layer4_0_downsample_1_stats_(layer4_0_downsample_0_, layer4_0_downsample_1_stats_,
      layer4_0_downsample_1_stats_workspace_);
  batchNormApply_layer4_0_downsample_1_(layer4_0_downsample_0_, layer4_0_downsample_1_stats_,
      layer4_0_downsample_1_weight_, layer4_0_downsample_1_bias_, layer4_0_downsample_1_);
  batchNormRunning_layer4_0_downsample_1_running_(layer4_0_downsample_1_stats_,
      layer4_0_downsample_1_running_mean_, layer4_0_downsample_1_running_var_,
      layer4_0_downsample_1_running_mean_, layer4_0_downsample_1_running_var_);
  batchNormApply_layer4_0_relu_1_(layer4_0_conv2_, layer4_0_bn2_stats_, layer4_0_bn2_weight_,
      layer4_0_bn2_bias_, layer4_0_downsample_1_, layer4_0_relu_1_);
  timeline.layer("layer4.1");
  conv2dForward_layer4_1_conv1_(layer4_0_relu_1_, layer4_1_conv1_weight_, layer4_1_conv1_,
      layer4_1_conv1_workspace_);
  batchNormStats_layer4_1_bn1_stats_(layer4_1_conv1_, layer4_1_bn1_stats_,
      layer4_1_bn1_stats_workspace_);
  batchNormRunning_layer4_1_bn1_running_(layer4_1_bn1_stats_, layer4_1_bn1_running_mean_,
      layer4_1_bn1_running_var_, layer4_1_bn1_running_mean_, layer4_1_bn1_running_var_);
  batchNormApply_layer4_1_relu_(layer4_1_conv1_, layer4_1_bn1_stats_, layer4_1_bn1_weight_,
      layer4_1_bn1_bias_, layer4_1_relu_);
  conv2dForward_layer4_1_conv2_(layer4_1_relu_, layer4_1_conv2_weight_, layer4_1_conv2_,
      layer4_1_conv2_workspace_);
  batchNormStats_layer4_1_bn2_stats_(layer4_1_conv2_, layer4_1_bn2_stats_,
      layer4_1_bn2_stats_workspace_);
  batchNormRunning_layer4_1_bn2_running_(layer4_1_bn2_stats_, layer4_1_bn2_running_mean_,
      layer4_1_bn2_running_var_, layer4_1_bn2_running_mean_, layer4_1_bn2_running_var_);
  batchNormApply_layer4_1_relu_1_(layer4_1_conv2_, layer4_1_bn2_stats_, layer4_1_bn2_weight_,
      layer4_1_bn2_bias_, layer4_0_relu_1_, layer4_1_relu_1_);
  timeline.layer("avgpool");
  avgPool_(layer4_1_relu_1_, avgpool_, nullptr);
  timeline.layer("fc");
  linearForward_fc_matmul_(avgpool_, fc_weight_, fc_matmul_, nullptr);
  biasAdd_fc_(fc_matmul_, fc_bias_, fc_);
  timeline.layer("loss");
  softmaxCrossEntropy_loss_(fc_, labels_, loss_, loss_workspace_);
  timeline.layer("fc");
  softmaxCrossEntropyGrad_fc_grad_(fc_, labels_, fc_grad_);
  biasGrad_fc_bias_grad_(fc_grad_, fc_bias_grad_, fc_bias_grad_workspace_);
  sgd_fc_bias_new_(fc_bias_, fc_bias_grad_, learning_rate_, fc_bias_momentum_, fc_bias_,
      fc_bias_momentum_);
  timeline.layer("avgpool");
  linearInputGrad_avgpool_grad_(fc_grad_, fc_weight_, avgpool_grad_, nullptr);
  timeline.layer("fc");
  linearWeightGrad_fc_weight_grad_(avgpool_, fc_grad_, fc_weight_grad_, nullptr);
  sgd_fc_weight_new_(fc_weight_, fc_weight_grad_, learning_rate_, fc_weight_momentum_, fc_weight_,
      fc_weight_momentum_);
  timeline.layer("layer4.1");
  avgPoolGrad_layer4_1_relu_1_grad_(avgpool_grad_, layer4_1_relu_1_grad_, nullptr);
  reluGrad_layer4_1_add_grad_(layer4_1_relu_1_grad_, layer4_1_relu_1_, layer4_1_add_grad_);
  batchNormGradSums_layer4_1_bn2_grad_sums_(layer4_1_conv2_, layer4_1_bn2_stats_,
      layer4_1_add_grad_, layer4_1_bn2_grad_sums_, layer4_1_bn2_grad_sums_workspace_);
  batchNormGradInput_layer4_1_conv2_grad_(layer4_1_conv2_, layer4_1_bn2_stats_,
      layer4_1_bn2_weight_, layer4_1_bn2_grad_sums_, layer4_1_add_grad_, layer4_1_conv2_grad_);
  batchNormGradParameters_layer4_1_bn2_grad_parameters_(layer4_1_bn2_grad_sums_,
      layer4_1_bn2_weight_grad_, layer4_1_bn2_bias_grad_);
  sgd_layer4_1_bn2_bias_new_(layer4_1_bn2_bias_, layer4_1_bn2_bias_grad_, learning_rate_,
      layer4_1_bn2_bias_momentum_, layer4_1_bn2_bias_, layer4_1_bn2_bias_momentum_);
  sgd_layer4_1_bn2_weight_new_(layer4_1_bn2_weight_, layer4_1_bn2_weight_grad_, learning_rate_,
      layer4_1_bn2_weight_momentum_, layer4_1_bn2_weight_, layer4_1_bn2_weight_momentum_);
  conv2dInputGrad_layer4_1_relu_grad_(layer4_1_conv2_grad_, layer4_1_conv2_weight_,
      layer4_1_relu_grad_, layer4_1_relu_grad_workspace_);
  conv2dWeightGrad_layer4_1_conv2_weight_grad_(layer4_1_relu_, layer4_1_conv2_grad_,
      layer4_1_conv2_weight_grad_, layer4_1_conv2_weight_grad_workspace_);
  sgd_layer4_1_conv2_weight_new_(layer4_1_conv2_weight_, layer4_1_conv2_weight_grad_,
      learning_rate_, layer4_1_conv2_weight_momentum_, layer4_1_conv2_weight_,
      layer4_1_conv2_weight_momentum_);
  batchNormGradSums_layer4_1_bn1_grad_sums_(layer4_1_conv1_, layer4_1_bn1_stats_,
      layer4_1_relu_grad_, layer4_1_relu_, layer4_1_bn1_grad_sums_,
      layer4_1_bn1_grad_sums_workspace_);
  batchNormGradInput_layer4_1_conv1_grad_(layer4_1_conv1_, layer4_1_bn1_stats_,
      layer4_1_bn1_weight_, layer4_1_bn1_grad_sums_, layer4_1_relu_grad_, layer4_1_relu_,
      layer4_1_conv1_grad_);
  batchNormGradParameters_layer4_1_bn1_grad_parameters_(layer4_1_bn1_grad_sums_,
      layer4_1_bn1_weight_grad_, layer4_1_bn1_bias_grad_);
  sgd_layer4_1_bn1_bias_new_(layer4_1_bn1_bias_, layer4_1_bn1_bias_grad_, learning_rate_,
      layer4_1_bn1_bias_momentum_, layer4_1_bn1_bias_, layer4_1_bn1_bias_momentum_);
  sgd_layer4_1_bn1_weight_new_(layer4_1_bn1_weight_, layer4_1_bn1_weight_grad_, learning_rate_,
      layer4_1_bn1_weight_momentum_, layer4_1_bn1_weight_, layer4_1_bn1_weight_momentum_);
  timeline.layer("layer4.0");
  conv2dInputGrad_layer4_0_relu_1_grad_(layer4_1_conv1_grad_, layer4_1_conv1_weight_,
      layer4_0_relu_1_grad_, layer4_0_relu_1_grad_workspace_);
  add_layer4_0_relu_1_grad_1_(layer4_1_add_grad_, layer4_0_relu_1_grad_, layer4_0_relu_1_grad_1_);
  timeline.layer("layer4.1");
  conv2dWeightGrad_layer4_1_conv1_weight_grad_(layer4_0_relu_1_, layer4_1_conv1_grad_,
      layer4_1_conv1_weight_grad_, layer4_1_conv1_weight_grad_workspace_);
  sgd_layer4_1_conv1_weight_new_(layer4_1_conv1_weight_, layer4_1_conv1_weight_grad_,
      learning_rate_, layer4_1_conv1_weight_momentum_, layer4_1_conv1_weight_,
      layer4_1_conv1_weight_momentum_);
  timeline.layer("layer4.0");
  batchNormGradSums_layer4_0_downsample_1_grad_sums_(layer4_0_downsample_0_,
      layer4_0_downsample_1_stats_, layer4_0_relu_1_grad_1_, layer4_0_relu_1_,
      layer4_0_downsample_1_grad_sums_, layer4_0_downsample_1_grad_sums_workspace_);
  batchNormGradInput_layer4_0_downsample_0_grad_(layer4_0_downsample_0_,
      layer4_0_downsample_1_stats_, layer4_0_downsample_1_weight_, layer4_0_downsample_1_grad_sums_,
      layer4_0_relu_1_grad_1_, layer4_0_relu_1_, layer4_0_downsample_0_grad_);
  batchNormGradParameters_layer4_0_downsample_1_grad_parameters_(layer4_0_downsample_1_grad_sums_,
      layer4_0_downsample_1_weight_grad_, layer4_0_downsample_1_bias_grad_);
  sgd_layer4_0_downsample_1_bias_new_(layer4_0_downsample_1_bias_, layer4_0_downsample_1_bias_grad_,
      learning_rate_, layer4_0_downsample_1_bias_momentum_, layer4_0_downsample_1_bias_,
      layer4_0_downsample_1_bias_momentum_);
  sgd_layer4_0_downsample_1_weight_new_(layer4_0_downsample_1_weight_,
      layer4_0_downsample_1_weight_grad_, learning_rate_, layer4_0_downsample_1_weight_momentum_,
      layer4_0_downsample_1_weight_, layer4_0_downsample_1_weight_momentum_);
  timeline.layer("layer3.1");
  conv2dInputGrad_layer3_1_relu_1_grad_(layer4_0_downsample_0_grad_, layer4_0_downsample_0_weight_,
      layer3_1_relu_1_grad_, layer3_1_relu_1_grad_workspace_);
  timeline.layer("layer4.0");
  conv2dWeightGrad_layer4_0_downsample_0_weight_grad_(layer3_1_relu_1_, layer4_0_downsample_0_grad_,
      layer4_0_downsample_0_weight_grad_, layer4_0_downsample_0_weight_grad_workspace_);
  sgd_layer4_0_downsample_0_weight_new_(layer4_0_downsample_0_weight_,
      layer4_0_downsample_0_weight_grad_, learning_rate_, layer4_0_downsample_0_weight_momentum_,
      layer4_0_downsample_0_weight_, layer4_0_downsample_0_weight_momentum_);
  batchNormGradSums_layer4_0_bn2_grad_sums_(layer4_0_conv2_, layer4_0_bn2_stats_,
      layer4_0_relu_1_grad_1_, layer4_0_relu_1_, layer4_0_bn2_grad_sums_,
      layer4_0_bn2_grad_sums_workspace_);
  batchNormGradInput_layer4_0_conv2_grad_(layer4_0_conv2_, layer4_0_bn2_stats_,
      layer4_0_bn2_weight_, layer4_0_bn2_grad_sums_, layer4_0_relu_1_grad_1_, layer4_0_relu_1_,
      layer4_0_conv2_grad_);
  batchNormGradParameters_layer4_0_bn2_grad_parameters_(layer4_0_bn2_grad_sums_,
      layer4_0_bn2_weight_grad_, layer4_0_bn2_bias_grad_);
  sgd_layer4_0_bn2_bias_new_(layer4_0_bn2_bias_, layer4_0_bn2_bias_grad_, learning_rate_,
      layer4_0_bn2_bias_momentum_, layer4_0_bn2_bias_, layer4_0_bn2_bias_momentum_);
  sgd_layer4_0_bn2_weight_new_(layer4_0_bn2_weight_, layer4_0_bn2_weight_grad_, learning_rate_,
      layer4_0_bn2_weight_momentum_, layer4_0_bn2_weight_, layer4_0_bn2_weight_momentum_);
  conv2dInputGrad_layer4_0_relu_grad_(layer4_0_conv2_grad_, layer4_0_conv2_weight_,
      layer4_0_relu_grad_, layer4_0_relu_grad_workspace_);
  conv2dWeightGrad_layer4_0_conv2_weight_grad_(layer4_0_relu_, layer4_0_conv2_grad_,
      layer4_0_conv2_weight_grad_, layer4_0_conv2_weight_grad_workspace_);
  sgd_layer4_0_conv2_weight_new_(layer4_0_conv2_weight_, layer4_0_conv2_weight_grad_,
      learning_rate_, layer4_0_conv2_weight_momentum_, layer4_0_conv2_weight_,
      layer4_0_conv2_weight_momentum_);
  batchNormGradSums_layer4_0_bn1_grad_sums_(layer4_0_conv1_, layer4_0_bn1_stats_,
      layer4_0_relu_grad_, layer4_0_relu_, layer4_0_bn1_grad_sums_,
      layer4_0_bn1_grad_sums_workspace_);
  batchNormGradInput_layer4_0_conv1_grad_(layer4_0_conv1_, layer4_0_bn1_stats_,
      layer4_0_bn1_weight_, layer4_0_bn1_grad_sums_, layer4_0_relu_grad_, layer4_0_relu_,
      layer4_0_conv1_grad_);
  batchNormGradParameters_layer4_0_bn1_grad_parameters_(layer4_0_bn1_grad_sums_,
      layer4_0_bn1_weight_grad_, layer4_0_bn1_bias_grad_);
  sgd_layer4_0_bn1_bias_new_(layer4_0_bn1_bias_, layer4_0_bn1_bias_grad_, learning_rate_,
      layer4_0_bn1_bias_momentum_, layer4_0_bn1_bias_, layer4_0_bn1_bias_momentum_);
  sgd_layer4_0_bn1_weight_new_(layer4_0_bn1_weight_, layer4_0_bn1_weight_grad_, learning_rate_,
      layer4_0_bn1_weight_momentum_, layer4_0_bn1_weight_, layer4_0_bn1_weight_momentum_);
  timeline.layer("layer3.1");
  conv2dInputGrad_layer3_1_relu_1_grad_1_(layer4_0_conv1_grad_, layer4_0_conv1_weight_,
      layer3_1_relu_1_grad_1_, layer3_1_relu_1_grad_1_workspace_);
  add_layer3_1_relu_1_grad_2_(layer3_1_relu_1_grad_, layer3_1_relu_1_grad_1_,
      layer3_1_relu_1_grad_2_);
  timeline.layer("layer4.0");
  conv2dWeightGrad_layer4_0_conv1_weight_grad_(layer3_1_relu_1_, layer4_0_conv1_grad_,
      layer4_0_conv1_weight_grad_, layer4_0_conv1_weight_grad_workspace_);
  sgd_layer4_0_conv1_weight_new_(layer4_0_conv1_weight_, layer4_0_conv1_weight_grad_,
      learning_rate_, layer4_0_conv1_weight_momentum_, layer4_0_conv1_weight_,
      layer4_0_conv1_weight_momentum_);
  timeline.layer("layer3.1");
  reluGrad_layer3_1_add_grad_(layer3_1_relu_1_grad_2_, layer3_1_relu_1_, layer3_1_add_grad_);
  batchNormGradSums_layer3_1_bn2_grad_sums_(layer3_1_conv2_, layer3_1_bn2_stats_,
      layer3_1_add_grad_, layer3_1_bn2_grad_sums_, layer3_1_bn2_grad_sums_workspace_);
  batchNormGradInput_layer3_1_conv2_grad_(layer3_1_conv2_, layer3_1_bn2_stats_,
      layer3_1_bn2_weight_, layer3_1_bn2_grad_sums_, layer3_1_add_grad_, layer3_1_conv2_grad_);
  batchNormGradParameters_layer3_1_bn2_grad_parameters_(layer3_1_bn2_grad_sums_,
      layer3_1_bn2_weight_grad_, layer3_1_bn2_bias_grad_);
  sgd_layer3_1_bn2_bias_new_(layer3_1_bn2_bias_, layer3_1_bn2_bias_grad_, learning_rate_,
      layer3_1_bn2_bias_momentum_, layer3_1_bn2_bias_, layer3_1_bn2_bias_momentum_);
  sgd_layer3_1_bn2_weight_new_(layer3_1_bn2_weight_, layer3_1_bn2_weight_grad_, learning_rate_,
      layer3_1_bn2_weight_momentum_, layer3_1_bn2_weight_, layer3_1_bn2_weight_momentum_);
  conv2dInputGrad_layer3_1_relu_grad_(layer3_1_conv2_grad_, layer3_1_conv2_weight_,
      layer3_1_relu_grad_, layer3_1_relu_grad_workspace_);
  conv2dWeightGrad_layer3_1_conv2_weight_grad_(layer3_1_relu_, layer3_1_conv2_grad_,
      layer3_1_conv2_weight_grad_, layer3_1_conv2_weight_grad_workspace_);
  sgd_layer3_1_conv2_weight_new_(layer3_1_conv2_weight_, layer3_1_conv2_weight_grad_,
      learning_rate_, layer3_1_conv2_weight_momentum_, layer3_1_conv2_weight_,
      layer3_1_conv2_weight_momentum_);
  batchNormGradSums_layer3_1_bn1_grad_sums_(layer3_1_conv1_, layer3_1_bn1_stats_,
      layer3_1_relu_grad_, layer3_1_relu_, layer3_1_bn1_grad_sums_,
      layer3_1_bn1_grad_sums_workspace_);
  batchNormGradInput_layer3_1_conv1_grad_(layer3_1_conv1_, layer3_1_bn1_stats_,
      layer3_1_bn1_weight_, layer3_1_bn1_grad_sums_, layer3_1_relu_grad_, layer3_1_relu_,
      layer3_1_conv1_grad_);
  batchNormGradParameters_layer3_1_bn1_grad_parameters_(layer3_1_bn1_grad_sums_,
      layer3_1_bn1_weight_grad_, layer3_1_bn1_bias_grad_);
  sgd_layer3_1_bn1_bias_new_(layer3_1_bn1_bias_, layer3_1_bn1_bias_grad_, learning_rate_,
      layer3_1_bn1_bias_momentum_, layer3_1_bn1_bias_, layer3_1_bn1_bias_momentum_);
  sgd_layer3_1_bn1_weight_new_(layer3_1_bn1_weight_, layer3_1_bn1_weight_grad_, learning_rate_,
      layer3_1_bn1_weight_momentum_, layer3_1_bn1_weight_, layer3_1_bn1_weight_momentum_);
  timeline.layer("layer3.0");
  conv2dInputGrad_layer3_0_relu_1_grad_(layer3_1_conv1_grad_, layer3_1_conv1_weight_,
      layer3_0_relu_1_grad_, layer3_0_relu_1_grad_workspace_);
  add_layer3_0_relu_1_grad_1_(layer3_1_add_grad_, layer3_0_relu_1_grad_, layer3_0_relu_1_grad_1_);
  timeline.layer("layer3.1");
  conv2dWeightGrad_layer3_1_conv1_weight_grad_(layer3_0_relu_1_, layer3_1_conv1_grad_,
      layer3_1_conv1_weight_grad_, layer3_1_conv1_weight_grad_workspace_);
  sgd_layer3_1_conv1_weight_new_(layer3_1_conv1_weight_, layer3_1_conv1_weight_grad_,
      learning_rate_, layer3_1_conv1_weight_momentum_, layer3_1_conv1_weight_,
      layer3_1_conv1_weight_momentum_);
  timeline.layer("layer3.0");
  batchNormGradSums_layer3_0_downsample_1_grad_sums_(layer3_0_downsample_0_,
      layer3_0_downsample_1_stats_, layer3_0_relu_1_grad_1_, layer3_0_relu_1_,
      layer3_0_downsample_1_grad_sums_, layer3_0_downsample_1_grad_sums_workspace_);
  batchNormGradInput_layer3_0_downsample_0_grad_(layer3_0_downsample_0_,
      layer3_0_downsample_1_stats_, layer3_0_downsample_1_weight_, layer3_0_downsample_1_grad_sums_,
      layer3_0_relu_1_grad_1_, layer3_0_relu_1_, layer3_0_downsample_0_grad_);
  batchNormGradParameters_layer3_0_downsample_1_grad_parameters_(layer3_0_downsample_1_grad_sums_,
      layer3_0_downsample_1_weight_grad_, layer3_0_downsample_1_bias_grad_);
  sgd_layer3_0_downsample_1_bias_new_(layer3_0_downsample_1_bias_, layer3_0_downsample_1_bias_grad_,
      learning_rate_, layer3_0_downsample_1_bias_momentum_, layer3_0_downsample_1_bias_,
      layer3_0_downsample_1_bias_momentum_);
  sgd_layer3_0_downsample_1_weight_new_(layer3_0_downsample_1_weight_,
      layer3_0_downsample_1_weight_grad_, learning_rate_, layer3_0_downsample_1_weight_momentum_,
      layer3_0_downsample_1_weight_, layer3_0_downsample_1_weight_momentum_);
  timeline.layer("layer2.1");
  conv2dInputGrad_layer2_1_relu_1_grad_(layer3_0_downsample_0_grad_, layer3_0_downsample_0_weight_,
      layer2_1_relu_1_grad_, layer2_1_relu_1_grad_workspace_);
  timeline.layer("layer3.0");
  conv2dWeightGrad_layer3_0_downsample_0_weight_grad_(layer2_1_relu_1_, layer3_0_downsample_0_grad_,
      layer3_0_downsample_0_weight_grad_, layer3_0_downsample_0_weight_grad_workspace_);
  sgd_layer3_0_downsample_0_weight_new_(layer3_0_downsample_0_weight_,
      layer3_0_downsample_0_weight_grad_, learning_rate_, layer3_0_downsample_0_weight_momentum_,
      layer3_0_downsample_0_weight_, layer3_0_downsample_0_weight_momentum_);
  batchNormGradSums_layer3_0_bn2_grad_sums_(layer3_0_conv2_, layer3_0_bn2_stats_,
      layer3_0_relu_1_grad_1_, layer3_0_relu_1_, layer3_0_bn2_grad_sums_,
      layer3_0_bn2_grad_sums_workspace_);
  batchNormGradInput_layer3_0_conv2_grad_(layer3_0_conv2_, layer3_0_bn2_stats_,
      layer3_0_bn2_weight_, layer3_0_bn2_grad_sums_, layer3_0_relu_1_grad_1_, layer3_0_relu_1_,
      layer3_0_conv2_grad_);
  batchNormGradParameters_layer3_0_bn2_grad_parameters_(layer3_0_bn2_grad_sums_,
      layer3_0_bn2_weight_grad_, layer3_0_bn2_bias_grad_);
  sgd_layer3_0_bn2_bias_new_(layer3_0_bn2_bias_, layer3_0_bn2_bias_grad_, learning_rate_,
      layer3_0_bn2_bias_momentum_, layer3_0_bn2_bias_, layer3_0_bn2_bias_momentum_);
  sgd_layer3_0_bn2_weight_new_(layer3_0_bn2_weight_, layer3_0_bn2_weight_grad_, learning_rate_,
      layer3_0_bn2_weight_momentum_, layer3_0_bn2_weight_, layer3_0_bn2_weight_momentum_);
  conv2dInputGrad_layer3_0_relu_grad_(layer3_0_conv2_grad_, layer3_0_conv2_weight_,
      layer3_0_relu_grad_, layer3_0_relu_grad_workspace_);
  conv2dWeightGrad_layer3_0_conv2_weight_grad_(layer3_0_relu_, layer3_0_conv2_grad_,
      layer3_0_conv2_weight_grad_, layer3_0_conv2_weight_grad_workspace_);
  sgd_layer3_0_conv2_weight_new_(layer3_0_conv2_weight_, layer3_0_conv2_weight_grad_,
      learning_rate_, layer3_0_conv2_weight_momentum_, layer3_0_conv2_weight_,
      layer3_0_conv2_weight_momentum_);
  batchNormGradSums_layer3_0_bn1_grad_sums_(layer3_0_conv1_, layer3_0_bn1_stats_,
      layer3_0_relu_grad_, layer3_0_relu_, layer3_0_bn1_grad_sums_,
      layer3_0_bn1_grad_sums_workspace_);
  batchNormGradInput_layer3_0_conv1_grad_(layer3_0_conv1_, layer3_0_bn1_stats_,
      layer3_0_bn1_weight_, layer3_0_bn1_grad_sums_, layer3_0_relu_grad_, layer3_0_relu_,
      layer3_0_conv1_grad_);
  batchNormGradParameters_layer3_0_bn1_grad_parameters_(layer3_0_bn1_grad_sums_,
      layer3_0_bn1_weight_grad_, layer3_0_bn1_bias_grad_);
  sgd_layer3_0_bn1_bias_new_(layer3_0_bn1_bias_, layer3_0_bn1_bias_grad_, learning_rate_,
      layer3_0_bn1_bias_momentum_, layer3_0_bn1_bias_, layer3_0_bn1_bias_momentum_);
  sgd_layer3_0_bn1_weight_new_(layer3_0_bn1_weight_, layer3_0_bn1_weight_grad_, learning_rate_,
      layer3_0_bn1_weight_momentum_, layer3_0_bn1_weight_, layer3_0_bn1_weight_momentum_);
  timeline.layer("layer2.1");
  conv2dInputGrad_layer2_1_relu_1_grad_1_(layer3_0_conv1_grad_, layer3_0_conv1_weight_,
      layer2_1_relu_1_grad_1_, layer2_1_relu_1_grad_1_workspace_);
  add_layer2_1_relu_1_grad_2_(layer2_1_relu_1_grad_, layer2_1_relu_1_grad_1_,
      layer2_1_relu_1_grad_2_);
  timeline.layer("layer3.0");
  conv2dWeightGrad_layer3_0_conv1_weight_grad_(layer2_1_relu_1_, layer3_0_conv1_grad_,
      layer3_0_conv1_weight_grad_, layer3_0_conv1_weight_grad_workspace_);
  sgd_layer3_0_conv1_weight_new_(layer3_0_conv1_weight_, layer3_0_conv1_weight_grad_,
      learning_rate_, layer3_0_conv1_weight_momentum_, layer3_0_conv1_weight_,
      layer3_0_conv1_weight_momentum_);
  timeline.layer("layer2.1");
  reluGrad_layer2_1_add_grad_(layer2_1_relu_1_grad_2_, layer2_1_relu_1_, layer2_1_add_grad_);
  batchNormGradSums_layer2_1_bn2_grad_sums_(layer2_1_conv2_, layer2_1_bn2_stats_,
      layer2_1_add_grad_, layer2_1_bn2_grad_sums_, layer2_1_bn2_grad_sums_workspace_);
  batchNormGradInput_layer2_1_conv2_grad_(layer2_1_conv2_, layer2_1_bn2_stats_,
      layer2_1_bn2_weight_, layer2_1_bn2_grad_sums_, layer2_1_add_grad_, layer2_1_conv2_grad_);
  batchNormGradParameters_layer2_1_bn2_grad_parameters_(layer2_1_bn2_grad_sums_,
      layer2_1_bn2_weight_grad_, layer2_1_bn2_bias_grad_);
  sgd_layer2_1_bn2_bias_new_(layer2_1_bn2_bias_, layer2_1_bn2_bias_grad_, learning_rate_,
      layer2_1_bn2_bias_momentum_, layer2_1_bn2_bias_, layer2_1_bn2_bias_momentum_);
  sgd_layer2_1_bn2_weight_new_(layer2_1_bn2_weight_, layer2_1_bn2_weight_grad_, learning_rate_,
      layer2_1_bn2_weight_momentum_, layer2_1_bn2_weight_, layer2_1_bn2_weight_momentum_);
  conv2dInputGrad_layer2_1_relu_grad_(layer2_1_conv2_grad_, layer2_1_conv2_weight_,
      layer2_1_relu_grad_, layer2_1_relu_grad_workspace_);
  conv2dWeightGrad_layer2_1_conv2_weight_grad_(layer2_1_relu_, layer2_1_conv2_grad_,
      layer2_1_conv2_weight_grad_, layer2_1_conv2_weight_grad_workspace_);
  sgd_layer2_1_conv2_weight_new_(layer2_1_conv2_weight_, layer2_1_conv2_weight_grad_,
      learning_rate_, layer2_1_conv2_weight_momentum_, layer2_1_conv2_weight_,
      layer2_1_conv2_weight_momentum_);
  batchNormGradSums_layer2_1_bn1_grad_sums_(layer2_1_conv1_, layer2_1_bn1_stats_,
      layer2_1_relu_grad_, layer2_1_relu_, layer2_1_bn1_grad_sums_,
      layer2_1_bn1_grad_sums_workspace_);
  batchNormGradInput_layer2_1_conv1_grad_(layer2_1_conv1_, layer2_1_bn1_stats_,
      layer2_1_bn1_weight_, layer2_1_bn1_grad_sums_, layer2_1_relu_grad_, layer2_1_relu_,
      layer2_1_conv1_grad_);
  batchNormGradParameters_layer2_1_bn1_grad_parameters_(layer2_1_bn1_grad_sums_,
      layer2_1_bn1_weight_grad_, layer2_1_bn1_bias_grad_);
  sgd_layer2_1_bn1_bias_new_(layer2_1_bn1_bias_, layer2_1_bn1_bias_grad_, learning_rate_,
      layer2_1_bn1_bias_momentum_, layer2_1_bn1_bias_, layer2_1_bn1_bias_momentum_);
  sgd_layer2_1_bn1_weight_new_(layer2_1_bn1_weight_, layer2_1_bn1_weight_grad_, learning_rate_,
      layer2_1_bn1_weight_momentum_, layer2_1_bn1_weight_, layer2_1_bn1_weight_momentum_);
  timeline.layer("layer2.0");
  conv2dInputGrad_layer2_0_relu_1_grad_(layer2_1_conv1_grad_, layer2_1_conv1_weight_,
      layer2_0_relu_1_grad_, layer2_0_relu_1_grad_workspace_);
  add_layer2_0_relu_1_grad_1_(layer2_1_add_grad_, layer2_0_relu_1_grad_, layer2_0_relu_1_grad_1_);
  timeline.layer("layer2.1");
  conv2dWeightGrad_layer2_1_conv1_weight_grad_(layer2_0_relu_1_, layer2_1_conv1_grad_,
      layer2_1_conv1_weight_grad_, layer2_1_conv1_weight_grad_workspace_);
  sgd_layer2_1_conv1_weight_new_(layer2_1_conv1_weight_, layer2_1_conv1_weight_grad_,
      learning_rate_, layer2_1_conv1_weight_momentum_, layer2_1_conv1_weight_,
      layer2_1_conv1_weight_momentum_);
  timeline.layer("layer2.0");
  batchNormGradSums_layer2_0_downsample_1_grad_sums_(layer2_0_downsample_0_,
      layer2_0_downsample_1_stats_, layer2_0_relu_1_grad_1_, layer2_0_relu_1_,
      layer2_0_downsample_1_grad_sums_, layer2_0_downsample_1_grad_sums_workspace_);
  batchNormGradInput_layer2_0_downsample_0_grad_(layer2_0_downsample_0_,
      layer2_0_downsample_1_stats_, layer2_0_downsample_1_weight_, layer2_0_downsample_1_grad_sums_,
      layer2_0_relu_1_grad_1_, layer2_0_relu_1_, layer2_0_downsample_0_grad_);
  batchNormGradParameters_layer2_0_downsample_1_grad_parameters_(layer2_0_downsample_1_grad_sums_,
      layer2_0_downsample_1_weight_grad_, layer2_0_downsample_1_bias_grad_);
  sgd_layer2_0_downsample_1_bias_new_(layer2_0_downsample_1_bias_, layer2_0_downsample_1_bias_grad_,
      learning_rate_, layer2_0_downsample_1_bias_momentum_, layer2_0_downsample_1_bias_,
      layer2_0_downsample_1_bias_momentum_);
  sgd_layer2_0_downsample_1_weight_new_(layer2_0_downsample_1_weight_,
      layer2_0_downsample_1_weight_grad_, learning_rate_, layer2_0_downsample_1_weight_momentum_,
      layer2_0_downsample_1_weight_, layer2_0_downsample_1_weight_momentum_);
  timeline.layer("layer1.1");
  conv2dInputGrad_layer1_1_relu_1_grad_(layer2_0_downsample_0_grad_, layer2_0_downsample_0_weight_,
      layer1_1_relu_1_grad_, layer1_1_relu_1_grad_workspace_);
  timeline.layer("layer2.0");
  conv2dWeightGrad_layer2_0_downsample_0_weight_grad_(layer1_[1].relu_1_,
      layer2_0_downsample_0_grad_, layer2_0_downsample_0_weight_grad_,
      layer2_0_downsample_0_weight_grad_workspace_);
  sgd_layer2_0_downsample_0_weight_new_(layer2_0_downsample_0_weight_,
      layer2_0_downsample_0_weight_grad_, learning_rate_, layer2_0_downsample_0_weight_momentum_,
      layer2_0_downsample_0_weight_, layer2_0_downsample_0_weight_momentum_);
  batchNormGradSums_layer2_0_bn2_grad_sums_(layer2_0_conv2_, layer2_0_bn2_stats_,
      layer2_0_relu_1_grad_1_, layer2_0_relu_1_, layer2_0_bn2_grad_sums_,
      layer2_0_bn2_grad_sums_workspace_);
  batchNormGradInput_layer2_0_conv2_grad_(layer2_0_conv2_, layer2_0_bn2_stats_,
      layer2_0_bn2_weight_, layer2_0_bn2_grad_sums_, layer2_0_relu_1_grad_1_, layer2_0_relu_1_,
      layer2_0_conv2_grad_);
  batchNormGradParameters_layer2_0_bn2_grad_parameters_(layer2_0_bn2_grad_sums_,
      layer2_0_bn2_weight_grad_, layer2_0_bn2_bias_grad_);
  sgd_layer2_0_bn2_bias_new_(layer2_0_bn2_bias_, layer2_0_bn2_bias_grad_, learning_rate_,
      layer2_0_bn2_bias_momentum_, layer2_0_bn2_bias_, layer2_0_bn2_bias_momentum_);
  sgd_layer2_0_bn2_weight_new_(layer2_0_bn2_weight_, layer2_0_bn2_weight_grad_, learning_rate_,
      layer2_0_bn2_weight_momentum_, layer2_0_bn2_weight_, layer2_0_bn2_weight_momentum_);
  conv2dInputGrad_layer2_0_relu_grad_(layer2_0_conv2_grad_, layer2_0_conv2_weight_,
      layer2_0_relu_grad_, layer2_0_relu_grad_workspace_);
  conv2dWeightGrad_layer2_0_conv2_weight_grad_(layer2_0_relu_, layer2_0_conv2_grad_,
      layer2_0_conv2_weight_grad_, layer2_0_conv2_weight_grad_workspace_);
  sgd_layer2_0_conv2_weight_new_(layer2_0_conv2_weight_, layer2_0_conv2_weight_grad_,
      learning_rate_, layer2_0_conv2_weight_momentum_, layer2_0_conv2_weight_,
      layer2_0_conv2_weight_momentum_);
  batchNormGradSums_layer2_0_bn1_grad_sums_(layer2_0_conv1_, layer2_0_bn1_stats_,
      layer2_0_relu_grad_, layer2_0_relu_, layer2_0_bn1_grad_sums_,
      layer2_0_bn1_grad_sums_workspace_);
  batchNormGradInput_layer2_0_conv1_grad_(layer2_0_conv1_, layer2_0_bn1_stats_,
      layer2_0_bn1_weight_, layer2_0_bn1_grad_sums_, layer2_0_relu_grad_, layer2_0_relu_,
      layer2_0_conv1_grad_);
  batchNormGradParameters_layer2_0_bn1_grad_parameters_(layer2_0_bn1_grad_sums_,
      layer2_0_bn1_weight_grad_, layer2_0_bn1_bias_grad_);
  sgd_layer2_0_bn1_bias_new_(layer2_0_bn1_bias_, layer2_0_bn1_bias_grad_, learning_rate_,
      layer2_0_bn1_bias_momentum_, layer2_0_bn1_bias_, layer2_0_bn1_bias_momentum_);
  sgd_layer2_0_bn1_weight_new_(layer2_0_bn1_weight_, layer2_0_bn1_weight_grad_, learning_rate_,
      layer2_0_bn1_weight_momentum_, layer2_0_bn1_weight_, layer2_0_bn1_weight_momentum_);
  timeline.layer("layer1.1");
  conv2dInputGrad_layer1_1_relu_1_grad_1_(layer2_0_conv1_grad_, layer2_0_conv1_weight_,
      layer1_1_relu_1_grad_1_, layer1_1_relu_1_grad_1_workspace_);
  add_layer1_1_relu_1_grad_2_(layer1_1_relu_1_grad_, layer1_1_relu_1_grad_1_,
      layer1_[1].relu_1_grad_2_);
  timeline.layer("layer2.0");
  conv2dWeightGrad_layer2_0_conv1_weight_grad_(layer1_[1].relu_1_, layer2_0_conv1_grad_,
      layer2_0_conv1_weight_grad_, layer2_0_conv1_weight_grad_workspace_);
  sgd_layer2_0_conv1_weight_new_(layer2_0_conv1_weight_, layer2_0_conv1_weight_grad_,
      learning_rate_, layer2_0_conv1_weight_momentum_, layer2_0_conv1_weight_,
      layer2_0_conv1_weight_momentum_);
  for (int64_t layer = 1; layer >= 0; --layer)
    layer1_[layer].backward();
  timeline.layer("bn1");
  batchNormGradSums_bn1_grad_sums_(conv1_, bn1_stats_, relu_grad_1_, relu_, bn1_grad_sums_,
      bn1_grad_sums_workspace_);
  timeline.layer("conv1");
  batchNormGradInput_conv1_grad_(conv1_, bn1_stats_, bn1_weight_, bn1_grad_sums_, relu_grad_1_,
      relu_, conv1_grad_);
  timeline.layer("bn1");
  batchNormGradParameters_bn1_grad_parameters_(bn1_grad_sums_, bn1_weight_grad_, bn1_bias_grad_);
  sgd_bn1_bias_new_(bn1_bias_, bn1_bias_grad_, learning_rate_, bn1_bias_momentum_, bn1_bias_,
      bn1_bias_momentum_);
  sgd_bn1_weight_new_(bn1_weight_, bn1_weight_grad_, learning_rate_, bn1_weight_momentum_,
      bn1_weight_, bn1_weight_momentum_);
  timeline.layer("conv1");
  conv2dWeightGrad_conv1_weight_grad_(images_, conv1_grad_, conv1_weight_grad_,
      conv1_weight_grad_workspace_);
  sgd_conv1_weight_new_(conv1_weight_, conv1_weight_grad_, learning_rate_, conv1_weight_momentum_,
      conv1_weight_, conv1_weight_momentum_);
  timeline.end();
}

void Step::Layer1Block::forward() {
  timeline.layer(name.c_str());
  conv2dForward_conv1_(relu_1_before_, conv1_weight_, conv1_, conv1_workspace_);
  batchNormStats_bn1_stats_(conv1_, bn1_stats_, bn1_stats_workspace_);
  batchNormRunning_bn1_running_(bn1_stats_, bn1_running_mean_, bn1_running_var_, bn1_running_mean_,
      bn1_running_var_);
  batchNormApply_relu_(conv1_, bn1_stats_, bn1_weight_, bn1_bias_, relu_);
  conv2dForward_conv2_(relu_, conv2_weight_, conv2_, conv2_workspace_);
  batchNormStats_bn2_stats_(conv2_, bn2_stats_, bn2_stats_workspace_);
  batchNormRunning_bn2_running_(bn2_stats_, bn2_running_mean_, bn2_running_var_, bn2_running_mean_,
      bn2_running_var_);
  batchNormApply_relu_1_(conv2_, bn2_stats_, bn2_weight_, bn2_bias_, relu_1_before_, relu_1_);
}

void Step::Layer1Block::backward() {
  timeline.layer(name.c_str());
  reluGrad_add_grad_(relu_1_grad_2_, relu_1_, add_grad_);
  batchNormGradSums_bn2_grad_sums_(conv2_, bn2_stats_, add_grad_, bn2_grad_sums_,
      bn2_grad_sums_workspace_);
  batchNormGradInput_conv2_grad_(conv2_, bn2_stats_, bn2_weight_, bn2_grad_sums_, add_grad_,
      conv2_grad_);
  batchNormGradParameters_bn2_grad_parameters_(bn2_grad_sums_, bn2_weight_grad_, bn2_bias_grad_);
  sgd_bn2_bias_new_(bn2_bias_, bn2_bias_grad_, step.learning_rate_, bn2_bias_momentum_, bn2_bias_,
      bn2_bias_momentum_);
  sgd_bn2_weight_new_(bn2_weight_, bn2_weight_grad_, step.learning_rate_, bn2_weight_momentum_,
      bn2_weight_, bn2_weight_momentum_);
  conv2dInputGrad_relu_grad_(conv2_grad_, conv2_weight_, relu_grad_, relu_grad_workspace_);
  conv2dWeightGrad_conv2_weight_grad_(relu_, conv2_grad_, conv2_weight_grad_,
      conv2_weight_grad_workspace_);
  sgd_conv2_weight_new_(conv2_weight_, conv2_weight_grad_, step.learning_rate_,
      conv2_weight_momentum_, conv2_weight_, conv2_weight_momentum_);
  batchNormGradSums_bn1_grad_sums_(conv1_, bn1_stats_, relu_grad_, relu_, bn1_grad_sums_,
      bn1_grad_sums_workspace_);
  batchNormGradInput_conv1_grad_(conv1_, bn1_stats_, bn1_weight_, bn1_grad_sums_, relu_grad_, relu_,
      conv1_grad_);
  batchNormGradParameters_bn1_grad_parameters_(bn1_grad_sums_, bn1_weight_grad_, bn1_bias_grad_);
  sgd_bn1_bias_new_(bn1_bias_, bn1_bias_grad_, step.learning_rate_, bn1_bias_momentum_, bn1_bias_,
      bn1_bias_momentum_);
  sgd_bn1_weight_new_(bn1_weight_, bn1_weight_grad_, step.learning_rate_, bn1_weight_momentum_,
      bn1_weight_, bn1_weight_momentum_);
  conv2dInputGrad_relu_1_grad_before_(conv1_grad_, conv1_weight_, relu_1_grad_before_,
      relu_1_grad_workspace_before_);
  add_relu_1_grad_1_before_(add_grad_, relu_1_grad_before_, relu_1_grad_1_before_);
  conv2dWeightGrad_conv1_weight_grad_(relu_1_before_, conv1_grad_, conv1_weight_grad_,
      conv1_weight_grad_workspace_);
  sgd_conv1_weight_new_(conv1_weight_, conv1_weight_grad_, step.learning_rate_,
      conv1_weight_momentum_, conv1_weight_, conv1_weight_momentum_);
}

// The forward pass with running statistics.
struct Evaluation : Variables {
  // layer1.0 to layer1.1, which are alike.
  struct Layer1Block : Frame {
    Evaluation &step;
    const int64_t layer;
    const std::string name = "layer1." + std::to_string(layer);
    float *const relu_1_before_ = arena.at<float>(89430144 + 1048576 * layer, {4, 32, 32, 64}); // activation, until batchNormInference_relu_1_; relu_ of layer1.0
    float *const conv1_weight_ = arena.at<float>(7936 + 296960 * layer, {64, 64, 3, 3}); // parameter
    float *const conv1_ = arena.at<float>(91527296, {4, 32, 32, 64});                    // activation, then relu_ in its place
    float *const bn1_weight_ = arena.at<float>(155392 + 296960 * layer, {64});           // parameter
    float *const bn1_bias_ = arena.at<float>(155648 + 296960 * layer, {64});             // parameter
    float *const bn1_running_mean_ = arena.at<float>(155904 + 296960 * layer, {64});     // state
    float *const bn1_running_var_ = arena.at<float>(156160 + 296960 * layer, {64});      // state
    float *const relu_ = arena.at<float>(91527296, {4, 32, 32, 64});                     // activation, until conv2dForward_conv2_
    float *const conv2_weight_ = arena.at<float>(156416 + 296960 * layer, {64, 64, 3, 3}); // parameter
    float *const conv2_ = arena.at<float>(90478720 - 1048576 * layer, {4, 32, 32, 64});  // activation, then relu_1_ in its place
    float *const bn2_weight_ = arena.at<float>(303872 + 296960 * layer, {64});           // parameter
    float *const bn2_bias_ = arena.at<float>(304128 + 296960 * layer, {64});             // parameter
    float *const bn2_running_mean_ = arena.at<float>(304384 + 296960 * layer, {64});     // state
    float *const bn2_running_var_ = arena.at<float>(304640 + 296960 * layer, {64});      // state
    float *const relu_1_ = arena.at<float>(90478720 - 1048576 * layer, {4, 32, 32, 64}); // activation, until conv2dForward_layer2_0_downsample_0_
    void *const conv1_workspace_ = arena.slice(90478720 - 1048576 * layer, 147456).data(); // workspace
    void *const conv2_workspace_ = arena.slice(92575872, 147456).data();                 // workspace

    const cpu::Conv2dForward conv2dForward_conv1_{{.batch = 4, .height = 32, .width = 32,
        .channels = 64, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
        .padBottom = 1, .padRight = 1}};
    const cpu::BatchNormInference batchNormInference_relu_{.rows = 4096, .channels = 64,
        .epsilon = 1.0e-05, .relu = true};
    const cpu::Conv2dForward conv2dForward_conv2_{{.batch = 4, .height = 32, .width = 32,
        .channels = 64, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
        .padBottom = 1, .padRight = 1}};
    const cpu::BatchNormInference batchNormInference_relu_1_{.rows = 4096, .channels = 64,
        .epsilon = 1.0e-05, .relu = true};

    Layer1Block(Evaluation &step, int64_t layer) : Frame(step), step(step), layer(layer) {}
    void setUp();
    void forward();
  };

  float *const images_ = arena.at<float>(90478720, {4, 32, 32, 3});                    // input, until conv2dForward_conv1_
  int32_t *const labels_ = arena.at<int32_t>(99391616, {4});                           // input, until countCorrect_correct_
  float *const conv1_ = arena.at<float>(89430144, {4, 32, 32, 64});                    // activation, then relu_ in its place
  float *const relu_ = arena.at<float>(89430144, {4, 32, 32, 64});                     // activation, until layer1_[0].batchNormInference_relu_1_
  float *const layer2_0_conv1_ = arena.at<float>(91592832, {4, 16, 16, 128});          // activation, then layer2_0_relu_ in its place
  float *const layer2_0_relu_ = arena.at<float>(91592832, {4, 16, 16, 128});           // activation, until conv2dForward_layer2_0_conv2_
  float *const layer2_0_conv2_ = arena.at<float>(91068544, {4, 16, 16, 128});          // activation, then layer2_0_relu_1_ in its place
  float *const layer2_0_downsample_0_ = arena.at<float>(90478720, {4, 16, 16, 128});   // activation, then layer2_0_downsample_1_ in its place
  float *const layer2_0_downsample_1_ = arena.at<float>(90478720, {4, 16, 16, 128});   // activation, until batchNormInference_layer2_0_relu_1_
  float *const layer2_0_relu_1_ = arena.at<float>(91068544, {4, 16, 16, 128});         // activation, until batchNormInference_layer2_1_relu_1_
  float *const layer2_1_conv1_ = arena.at<float>(90019968, {4, 16, 16, 128});          // activation, then layer2_1_relu_ in its place
  float *const layer2_1_relu_ = arena.at<float>(90019968, {4, 16, 16, 128});           // activation, until conv2dForward_layer2_1_conv2_
  float *const layer2_1_conv2_ = arena.at<float>(91789440, {4, 16, 16, 128});          // activation, then layer2_1_relu_1_ in its place
  float *const layer2_1_relu_1_ = arena.at<float>(91789440, {4, 16, 16, 128});         // activation, until conv2dForward_layer3_0_downsample_0_
  float *const layer3_0_conv1_ = arena.at<float>(92575872, {4, 8, 8, 256});            // activation, then layer3_0_relu_ in its place
  float *const layer3_0_relu_ = arena.at<float>(92575872, {4, 8, 8, 256});             // activation, until conv2dForward_layer3_0_conv2_
  float *const layer3_0_conv2_ = arena.at<float>(92313728, {4, 8, 8, 256});            // activation, then layer3_0_relu_1_ in its place
  float *const layer3_0_downsample_0_ = arena.at<float>(89430144, {4, 8, 8, 256});     // activation, then layer3_0_downsample_1_ in its place
  float *const layer3_0_downsample_1_ = arena.at<float>(89430144, {4, 8, 8, 256});     // activation, until batchNormInference_layer3_0_relu_1_
  float *const layer3_0_relu_1_ = arena.at<float>(92313728, {4, 8, 8, 256});           // activation, until batchNormInference_layer3_1_relu_1_
  float *const layer3_1_conv1_ = arena.at<float>(91789440, {4, 8, 8, 256});            // activation, then layer3_1_relu_ in its place
  float *const layer3_1_relu_ = arena.at<float>(91789440, {4, 8, 8, 256});             // activation, until conv2dForward_layer3_1_conv2_
  float *const layer3_1_conv2_ = arena.at<float>(98867328, {4, 8, 8, 256});            // activation, then layer3_1_relu_1_ in its place
  float *const layer3_1_relu_1_ = arena.at<float>(98867328, {4, 8, 8, 256});           // activation, until conv2dForward_layer4_0_downsample_0_
  float *const layer4_0_conv1_ = arena.at<float>(99260544, {4, 4, 4, 512});            // activation, then layer4_0_relu_ in its place
  float *const layer4_0_relu_ = arena.at<float>(99260544, {4, 4, 4, 512});             // activation, until conv2dForward_layer4_0_conv2_
  float *const layer4_0_conv2_ = arena.at<float>(99129472, {4, 4, 4, 512});            // activation, then layer4_0_relu_1_ in its place
  float *const layer4_0_downsample_0_ = arena.at<float>(89987328, {4, 4, 4, 512});     // activation, then layer4_0_downsample_1_ in its place
  float *const layer4_0_downsample_1_ = arena.at<float>(89987328, {4, 4, 4, 512});     // activation, until batchNormInference_layer4_0_relu_1_
  float *const layer4_0_relu_1_ = arena.at<float>(99129472, {4, 4, 4, 512});           // activation, until batchNormInference_layer4_1_relu_1_
  float *const layer4_1_conv1_ = arena.at<float>(98867328, {4, 4, 4, 512});            // activation, then layer4_1_relu_ in its place
  float *const layer4_1_relu_ = arena.at<float>(98867328, {4, 4, 4, 512});             // activation, until conv2dForward_layer4_1_conv2_
  float *const layer4_1_conv2_ = arena.at<float>(98998400, {4, 4, 4, 512});            // activation, then layer4_1_relu_1_ in its place
  float *const layer4_1_relu_1_ = arena.at<float>(98998400, {4, 4, 4, 512});           // activation, until avgPool_
  float *const avgpool_ = arena.at<float>(89430144, {4, 512});                         // activation, until linearForward_fc_matmul_
  float *const fc_matmul_ = arena.at<float>(89438336, {4, 10});                        // activation, then fc_ in its place
  float *const fc_ = arena.at<float>(89438336, {4, 10});                               // activation, until countCorrect_correct_
  float *const loss_ = arena.at<float>(89430144, {});                                  // activation, to the end
  float *const correct_ = arena.at<float>(89430208, {});                               // activation, to the end
  void *const conv1_workspace_ = arena.slice(90527872, 6912).data();                   // workspace
  void *const layer2_0_conv1_workspace_ = arena.slice(90478720, 294912).data();        // workspace
  void *const layer2_0_conv2_workspace_ = arena.slice(90478720, 589824).data();        // workspace
  void *const layer2_0_downsample_0_workspace_ = arena.slice(91592832, 163968).data(); // workspace
  void *const layer2_1_conv1_workspace_ = arena.slice(89430144, 589824).data();        // workspace
  void *const layer2_1_conv2_workspace_ = arena.slice(89430144, 589824).data();        // workspace
  void *const layer3_0_conv1_workspace_ = arena.slice(89430144, 1179648).data();       // workspace
  void *const layer3_0_conv2_workspace_ = arena.slice(89430144, 2359296).data();       // workspace
  void *const layer3_0_downsample_0_workspace_ = arena.slice(89692288, 196736).data(); // workspace
  void *const layer3_1_conv1_workspace_ = arena.slice(89430144, 2359296).data();       // workspace
  void *const layer3_1_conv2_workspace_ = arena.slice(89430144, 2359296).data();       // workspace
  void *const layer4_0_conv1_workspace_ = arena.slice(89430144, 4718592).data();       // workspace
  void *const layer4_0_conv2_workspace_ = arena.slice(89430144, 9437184).data();       // workspace
  void *const layer4_0_downsample_0_workspace_ = arena.slice(89430144, 557184).data(); // workspace
  void *const layer4_1_conv1_workspace_ = arena.slice(89430144, 9437184).data();       // workspace
  void *const layer4_1_conv2_workspace_ = arena.slice(89430144, 9437184).data();       // workspace
  void *const loss_workspace_ = arena.slice(89430208, 64).data();                      // workspace

  Layers<Layer1Block, 0, 1> layer1_{*this};
  const cpu::Conv2dForward conv2dForward_conv1_{{.batch = 4, .height = 32, .width = 32,
      .channels = 3, .filters = 64, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormInference batchNormInference_relu_{.rows = 4096, .channels = 64,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer2_0_conv1_{{.batch = 4, .height = 32, .width = 32,
      .channels = 64, .filters = 128, .kernelH = 3, .kernelW = 3, .strideH = 2, .strideW = 2,
      .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormInference batchNormInference_layer2_0_relu_{.rows = 1024, .channels = 128,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer2_0_conv2_{{.batch = 4, .height = 16, .width = 16,
      .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::Conv2dForward conv2dForward_layer2_0_downsample_0_{{.batch = 4, .height = 32,
      .width = 32, .channels = 64, .filters = 128, .kernelH = 1, .kernelW = 1, .strideH = 2,
      .strideW = 2}};
  const cpu::BatchNormInference batchNormInference_layer2_0_downsample_1_{.rows = 1024,
      .channels = 128, .epsilon = 1.0e-05};
  const cpu::BatchNormInference batchNormInference_layer2_0_relu_1_{.rows = 1024, .channels = 128,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer2_1_conv1_{{.batch = 4, .height = 16, .width = 16,
      .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormInference batchNormInference_layer2_1_relu_{.rows = 1024, .channels = 128,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer2_1_conv2_{{.batch = 4, .height = 16, .width = 16,
      .channels = 128, .filters = 128, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormInference batchNormInference_layer2_1_relu_1_{.rows = 1024, .channels = 128,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer3_0_conv1_{{.batch = 4, .height = 16, .width = 16,
      .channels = 128, .filters = 256, .kernelH = 3, .kernelW = 3, .strideH = 2, .strideW = 2,
      .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormInference batchNormInference_layer3_0_relu_{.rows = 256, .channels = 256,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer3_0_conv2_{{.batch = 4, .height = 8, .width = 8,
      .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::Conv2dForward conv2dForward_layer3_0_downsample_0_{{.batch = 4, .height = 16,
      .width = 16, .channels = 128, .filters = 256, .kernelH = 1, .kernelW = 1, .strideH = 2,
      .strideW = 2}};
  const cpu::BatchNormInference batchNormInference_layer3_0_downsample_1_{.rows = 256,
      .channels = 256, .epsilon = 1.0e-05};
  const cpu::BatchNormInference batchNormInference_layer3_0_relu_1_{.rows = 256, .channels = 256,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer3_1_conv1_{{.batch = 4, .height = 8, .width = 8,
      .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormInference batchNormInference_layer3_1_relu_{.rows = 256, .channels = 256,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer3_1_conv2_{{.batch = 4, .height = 8, .width = 8,
      .channels = 256, .filters = 256, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormInference batchNormInference_layer3_1_relu_1_{.rows = 256, .channels = 256,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer4_0_conv1_{{.batch = 4, .height = 8, .width = 8,
      .channels = 256, .filters = 512, .kernelH = 3, .kernelW = 3, .strideH = 2, .strideW = 2,
      .padTop = 1, .padLeft = 1, .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormInference batchNormInference_layer4_0_relu_{.rows = 64, .channels = 512,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer4_0_conv2_{{.batch = 4, .height = 4, .width = 4,
      .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::Conv2dForward conv2dForward_layer4_0_downsample_0_{{.batch = 4, .height = 8,
      .width = 8, .channels = 256, .filters = 512, .kernelH = 1, .kernelW = 1, .strideH = 2,
      .strideW = 2}};
  const cpu::BatchNormInference batchNormInference_layer4_0_downsample_1_{.rows = 64,
      .channels = 512, .epsilon = 1.0e-05};
  const cpu::BatchNormInference batchNormInference_layer4_0_relu_1_{.rows = 64, .channels = 512,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer4_1_conv1_{{.batch = 4, .height = 4, .width = 4,
      .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormInference batchNormInference_layer4_1_relu_{.rows = 64, .channels = 512,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::Conv2dForward conv2dForward_layer4_1_conv2_{{.batch = 4, .height = 4, .width = 4,
      .channels = 512, .filters = 512, .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1,
      .padBottom = 1, .padRight = 1}};
  const cpu::BatchNormInference batchNormInference_layer4_1_relu_1_{.rows = 64, .channels = 512,
      .epsilon = 1.0e-05, .relu = true};
  const cpu::AvgPool avgPool_{{.batch = 4, .height = 4, .width = 4, .channels = 512, .kernelH = 4,
      .kernelW = 4}};
  const cpu::LinearForward linearForward_fc_matmul_{{.batch = 4, .inputs = 512, .outputs = 10}};
  const cpu::BiasAdd biasAdd_fc_{.rows = 4, .channels = 10};
  const cpu::SoftmaxCrossEntropy softmaxCrossEntropy_loss_{.batch = 4, .classes = 10, .count = 4};
  const cpu::CountCorrect countCorrect_correct_{.batch = 4, .classes = 10};

  Evaluation(Rank &rank, Arena &arena) : Variables{{rank, arena}} {}
  void setUp();
  void run();
};

// Libraries prepare their kernels, and say whether the planned workspaces do here.
void Evaluation::setUp() {
  for (Layer1Block &block : layer1_)
    block.setUp();
  conv2dForward_conv1_.requireWorkspace(6912);
  conv2dForward_layer2_0_conv1_.requireWorkspace(294912);
  conv2dForward_layer2_0_conv2_.requireWorkspace(589824);
  conv2dForward_layer2_0_downsample_0_.requireWorkspace(163968);
  conv2dForward_layer2_1_conv1_.requireWorkspace(589824);
  conv2dForward_layer2_1_conv2_.requireWorkspace(589824);
  conv2dForward_layer3_0_conv1_.requireWorkspace(1179648);
  conv2dForward_layer3_0_conv2_.requireWorkspace(2359296);
  conv2dForward_layer3_0_downsample_0_.requireWorkspace(196736);
  conv2dForward_layer3_1_conv1_.requireWorkspace(2359296);
  conv2dForward_layer3_1_conv2_.requireWorkspace(2359296);
  conv2dForward_layer4_0_conv1_.requireWorkspace(4718592);
  conv2dForward_layer4_0_conv2_.requireWorkspace(9437184);
  conv2dForward_layer4_0_downsample_0_.requireWorkspace(557184);
  conv2dForward_layer4_1_conv1_.requireWorkspace(9437184);
  conv2dForward_layer4_1_conv2_.requireWorkspace(9437184);
  avgPool_.requireWorkspace(0);
  linearForward_fc_matmul_.requireWorkspace(0);
  softmaxCrossEntropy_loss_.requireWorkspace(64);
}

void Evaluation::Layer1Block::setUp() {
  conv2dForward_conv1_.requireWorkspace(147456);
  conv2dForward_conv2_.requireWorkspace(147456);
}

void Evaluation::run() {
  timeline.layer("conv1");
  conv2dForward_conv1_(images_, conv1_weight_, conv1_, conv1_workspace_);
  timeline.layer("relu");
  batchNormInference_relu_(conv1_, bn1_weight_, bn1_bias_, bn1_running_mean_, bn1_running_var_,
      relu_);
  for (int64_t layer = 0; layer <= 1; ++layer)
    layer1_[layer].forward();
  timeline.layer("layer2.0");
  conv2dForward_layer2_0_conv1_(layer1_[1].relu_1_, layer2_0_conv1_weight_, layer2_0_conv1_,
      layer2_0_conv1_workspace_);
  batchNormInference_layer2_0_relu_(layer2_0_conv1_, layer2_0_bn1_weight_, layer2_0_bn1_bias_,
      layer2_0_bn1_running_mean_, layer2_0_bn1_running_var_, layer2_0_relu_);
  conv2dForward_layer2_0_conv2_(layer2_0_relu_, layer2_0_conv2_weight_, layer2_0_conv2_,
      layer2_0_conv2_workspace_);
  conv2dForward_layer2_0_downsample_0_(layer1_[1].relu_1_, layer2_0_downsample_0_weight_,
      layer2_0_downsample_0_, layer2_0_downsample_0_workspace_);
  batchNormInference_layer2_0_downsample_1_(layer2_0_downsample_0_, layer2_0_downsample_1_weight_,
      layer2_0_downsample_1_bias_, layer2_0_downsample_1_running_mean_,
      layer2_0_downsample_1_running_var_, layer2_0_downsample_1_);
  batchNormInference_layer2_0_relu_1_(layer2_0_conv2_, layer2_0_bn2_weight_, layer2_0_bn2_bias_,
      layer2_0_bn2_running_mean_, layer2_0_bn2_running_var_, layer2_0_downsample_1_,
      layer2_0_relu_1_);
  timeline.layer("layer2.1");
  conv2dForward_layer2_1_conv1_(layer2_0_relu_1_, layer2_1_conv1_weight_, layer2_1_conv1_,
      layer2_1_conv1_workspace_);
  batchNormInference_layer2_1_relu_(layer2_1_conv1_, layer2_1_bn1_weight_, layer2_1_bn1_bias_,
      layer2_1_bn1_running_mean_, layer2_1_bn1_running_var_, layer2_1_relu_);
  conv2dForward_layer2_1_conv2_(layer2_1_relu_, layer2_1_conv2_weight_, layer2_1_conv2_,
      layer2_1_conv2_workspace_);
  batchNormInference_layer2_1_relu_1_(layer2_1_conv2_, layer2_1_bn2_weight_, layer2_1_bn2_bias_,
      layer2_1_bn2_running_mean_, layer2_1_bn2_running_var_, layer2_0_relu_1_, layer2_1_relu_1_);
  timeline.layer("layer3.0");
  conv2dForward_layer3_0_conv1_(layer2_1_relu_1_, layer3_0_conv1_weight_, layer3_0_conv1_,
      layer3_0_conv1_workspace_);
  batchNormInference_layer3_0_relu_(layer3_0_conv1_, layer3_0_bn1_weight_, layer3_0_bn1_bias_,
      layer3_0_bn1_running_mean_, layer3_0_bn1_running_var_, layer3_0_relu_);
  conv2dForward_layer3_0_conv2_(layer3_0_relu_, layer3_0_conv2_weight_, layer3_0_conv2_,
      layer3_0_conv2_workspace_);
  conv2dForward_layer3_0_downsample_0_(layer2_1_relu_1_, layer3_0_downsample_0_weight_,
      layer3_0_downsample_0_, layer3_0_downsample_0_workspace_);
  batchNormInference_layer3_0_downsample_1_(layer3_0_downsample_0_, layer3_0_downsample_1_weight_,
      layer3_0_downsample_1_bias_, layer3_0_downsample_1_running_mean_,
      layer3_0_downsample_1_running_var_, layer3_0_downsample_1_);
  batchNormInference_layer3_0_relu_1_(layer3_0_conv2_, layer3_0_bn2_weight_, layer3_0_bn2_bias_,
      layer3_0_bn2_running_mean_, layer3_0_bn2_running_var_, layer3_0_downsample_1_,
      layer3_0_relu_1_);
  timeline.layer("layer3.1");
  conv2dForward_layer3_1_conv1_(layer3_0_relu_1_, layer3_1_conv1_weight_, layer3_1_conv1_,
      layer3_1_conv1_workspace_);
  batchNormInference_layer3_1_relu_(layer3_1_conv1_, layer3_1_bn1_weight_, layer3_1_bn1_bias_,
      layer3_1_bn1_running_mean_, layer3_1_bn1_running_var_, layer3_1_relu_);
  conv2dForward_layer3_1_conv2_(layer3_1_relu_, layer3_1_conv2_weight_, layer3_1_conv2_,
      layer3_1_conv2_workspace_);
  batchNormInference_layer3_1_relu_1_(layer3_1_conv2_, layer3_1_bn2_weight_, layer3_1_bn2_bias_,
      layer3_1_bn2_running_mean_, layer3_1_bn2_running_var_, layer3_0_relu_1_, layer3_1_relu_1_);
  timeline.layer("layer4.0");
  conv2dForward_layer4_0_conv1_(layer3_1_relu_1_, layer4_0_conv1_weight_, layer4_0_conv1_,
      layer4_0_conv1_workspace_);
  batchNormInference_layer4_0_relu_(layer4_0_conv1_, layer4_0_bn1_weight_, layer4_0_bn1_bias_,
      layer4_0_bn1_running_mean_, layer4_0_bn1_running_var_, layer4_0_relu_);
  conv2dForward_layer4_0_conv2_(layer4_0_relu_, layer4_0_conv2_weight_, layer4_0_conv2_,
      layer4_0_conv2_workspace_);
  conv2dForward_layer4_0_downsample_0_(layer3_1_relu_1_, layer4_0_downsample_0_weight_,
      layer4_0_downsample_0_, layer4_0_downsample_0_workspace_);
  batchNormInference_layer4_0_downsample_1_(layer4_0_downsample_0_, layer4_0_downsample_1_weight_,
      layer4_0_downsample_1_bias_, layer4_0_downsample_1_running_mean_,
      layer4_0_downsample_1_running_var_, layer4_0_downsample_1_);
  batchNormInference_layer4_0_relu_1_(layer4_0_conv2_, layer4_0_bn2_weight_, layer4_0_bn2_bias_,
      layer4_0_bn2_running_mean_, layer4_0_bn2_running_var_, layer4_0_downsample_1_,
      layer4_0_relu_1_);
  timeline.layer("layer4.1");
  conv2dForward_layer4_1_conv1_(layer4_0_relu_1_, layer4_1_conv1_weight_, layer4_1_conv1_,
      layer4_1_conv1_workspace_);
  batchNormInference_layer4_1_relu_(layer4_1_conv1_, layer4_1_bn1_weight_, layer4_1_bn1_bias_,
      layer4_1_bn1_running_mean_, layer4_1_bn1_running_var_, layer4_1_relu_);
  conv2dForward_layer4_1_conv2_(layer4_1_relu_, layer4_1_conv2_weight_, layer4_1_conv2_,
      layer4_1_conv2_workspace_);
  batchNormInference_layer4_1_relu_1_(layer4_1_conv2_, layer4_1_bn2_weight_, layer4_1_bn2_bias_,
      layer4_1_bn2_running_mean_, layer4_1_bn2_running_var_, layer4_0_relu_1_, layer4_1_relu_1_);
  timeline.layer("avgpool");
  avgPool_(layer4_1_relu_1_, avgpool_, nullptr);
  timeline.layer("fc");
  linearForward_fc_matmul_(avgpool_, fc_weight_, fc_matmul_, nullptr);
  biasAdd_fc_(fc_matmul_, fc_bias_, fc_);
  timeline.layer("loss");
  softmaxCrossEntropy_loss_(fc_, labels_, loss_, loss_workspace_);
  timeline.layer("correct");
  countCorrect_correct_(fc_, labels_, correct_);
  timeline.end();
}

void Evaluation::Layer1Block::forward() {
  timeline.layer(name.c_str());
  conv2dForward_conv1_(relu_1_before_, conv1_weight_, conv1_, conv1_workspace_);
  batchNormInference_relu_(conv1_, bn1_weight_, bn1_bias_, bn1_running_mean_, bn1_running_var_,
      relu_);
  conv2dForward_conv2_(relu_, conv2_weight_, conv2_, conv2_workspace_);
  batchNormInference_relu_1_(conv2_, bn2_weight_, bn2_bias_, bn2_running_mean_, bn2_running_var_,
      relu_1_before_, relu_1_);
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
  table.add({.name = "conv1.weight", .kind = VariableKind::Parameter, .shape = {64, 3, 3, 3},
      .offset = 0, .bytes = 6912, .initialiser = Initialiser::normal(0.05892556509887896)});
  table.add({.name = "bn1.weight", .kind = VariableKind::Parameter, .shape = {64}, .offset = 6912,
      .bytes = 256, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "bn1.bias", .kind = VariableKind::Parameter, .shape = {64}, .offset = 7168,
      .bytes = 256, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "bn1.running_mean", .kind = VariableKind::State, .shape = {64}, .offset = 7424,
      .bytes = 256, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "bn1.running_var", .kind = VariableKind::State, .shape = {64}, .offset = 7680,
      .bytes = 256, .initialiser = Initialiser::constant(1.0)});
  for (int64_t layer = 0; layer <= 1; ++layer) {
    const std::string name = "layer1." + std::to_string(layer);
    table.add({.name = name + ".conv1.weight", .kind = VariableKind::Parameter, .shape = {64, 64, 3,
        3}, .offset = size_t(7936 + 296960 * layer), .bytes = 147456,
        .initialiser = Initialiser::normal(0.05892556509887896)});
    table.add({.name = name + ".bn1.weight", .kind = VariableKind::Parameter, .shape = {64},
        .offset = size_t(155392 + 296960 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(1.0)});
    table.add({.name = name + ".bn1.bias", .kind = VariableKind::Parameter, .shape = {64},
        .offset = size_t(155648 + 296960 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".bn1.running_mean", .kind = VariableKind::State, .shape = {64},
        .offset = size_t(155904 + 296960 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".bn1.running_var", .kind = VariableKind::State, .shape = {64},
        .offset = size_t(156160 + 296960 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(1.0)});
    table.add({.name = name + ".conv2.weight", .kind = VariableKind::Parameter, .shape = {64, 64, 3,
        3}, .offset = size_t(156416 + 296960 * layer), .bytes = 147456,
        .initialiser = Initialiser::normal(0.05892556509887896)});
    table.add({.name = name + ".bn2.weight", .kind = VariableKind::Parameter, .shape = {64},
        .offset = size_t(303872 + 296960 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(1.0)});
    table.add({.name = name + ".bn2.bias", .kind = VariableKind::Parameter, .shape = {64},
        .offset = size_t(304128 + 296960 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".bn2.running_mean", .kind = VariableKind::State, .shape = {64},
        .offset = size_t(304384 + 296960 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".bn2.running_var", .kind = VariableKind::State, .shape = {64},
        .offset = size_t(304640 + 296960 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(1.0)});
  }
  table.add({.name = "layer2.0.conv1.weight", .kind = VariableKind::Parameter, .shape = {128, 64, 3,
      3}, .offset = 601856, .bytes = 294912,
      .initialiser = Initialiser::normal(0.041666666666666664)});
  table.add({.name = "layer2.0.bn1.weight", .kind = VariableKind::Parameter, .shape = {128},
      .offset = 896768, .bytes = 512, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer2.0.bn1.bias", .kind = VariableKind::Parameter, .shape = {128},
      .offset = 897280, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.bn1.running_mean", .kind = VariableKind::State, .shape = {128},
      .offset = 897792, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.bn1.running_var", .kind = VariableKind::State, .shape = {128},
      .offset = 898304, .bytes = 512, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer2.0.conv2.weight", .kind = VariableKind::Parameter, .shape = {128, 128,
      3, 3}, .offset = 898816, .bytes = 589824,
      .initialiser = Initialiser::normal(0.041666666666666664)});
  table.add({.name = "layer2.0.bn2.weight", .kind = VariableKind::Parameter, .shape = {128},
      .offset = 1488640, .bytes = 512, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer2.0.bn2.bias", .kind = VariableKind::Parameter, .shape = {128},
      .offset = 1489152, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.bn2.running_mean", .kind = VariableKind::State, .shape = {128},
      .offset = 1489664, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.bn2.running_var", .kind = VariableKind::State, .shape = {128},
      .offset = 1490176, .bytes = 512, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer2.0.downsample.0.weight", .kind = VariableKind::Parameter, .shape = {128,
      64, 1, 1}, .offset = 1490688, .bytes = 32768, .initialiser = Initialiser::normal(0.125)});
  table.add({.name = "layer2.0.downsample.1.weight", .kind = VariableKind::Parameter,
      .shape = {128}, .offset = 1523456, .bytes = 512, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer2.0.downsample.1.bias", .kind = VariableKind::Parameter, .shape = {128},
      .offset = 1523968, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.downsample.1.running_mean", .kind = VariableKind::State,
      .shape = {128}, .offset = 1524480, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.downsample.1.running_var", .kind = VariableKind::State,
      .shape = {128}, .offset = 1524992, .bytes = 512, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer2.1.conv1.weight", .kind = VariableKind::Parameter, .shape = {128, 128,
      3, 3}, .offset = 1525504, .bytes = 589824,
      .initialiser = Initialiser::normal(0.041666666666666664)});
  table.add({.name = "layer2.1.bn1.weight", .kind = VariableKind::Parameter, .shape = {128},
      .offset = 2115328, .bytes = 512, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer2.1.bn1.bias", .kind = VariableKind::Parameter, .shape = {128},
      .offset = 2115840, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.1.bn1.running_mean", .kind = VariableKind::State, .shape = {128},
      .offset = 2116352, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.1.bn1.running_var", .kind = VariableKind::State, .shape = {128},
      .offset = 2116864, .bytes = 512, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer2.1.conv2.weight", .kind = VariableKind::Parameter, .shape = {128, 128,
      3, 3}, .offset = 2117376, .bytes = 589824,
      .initialiser = Initialiser::normal(0.041666666666666664)});
  table.add({.name = "layer2.1.bn2.weight", .kind = VariableKind::Parameter, .shape = {128},
      .offset = 2707200, .bytes = 512, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer2.1.bn2.bias", .kind = VariableKind::Parameter, .shape = {128},
      .offset = 2707712, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.1.bn2.running_mean", .kind = VariableKind::State, .shape = {128},
      .offset = 2708224, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.1.bn2.running_var", .kind = VariableKind::State, .shape = {128},
      .offset = 2708736, .bytes = 512, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer3.0.conv1.weight", .kind = VariableKind::Parameter, .shape = {256, 128,
      3, 3}, .offset = 2709248, .bytes = 1179648,
      .initialiser = Initialiser::normal(0.02946278254943948)});
  table.add({.name = "layer3.0.bn1.weight", .kind = VariableKind::Parameter, .shape = {256},
      .offset = 3888896, .bytes = 1024, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer3.0.bn1.bias", .kind = VariableKind::Parameter, .shape = {256},
      .offset = 3889920, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.bn1.running_mean", .kind = VariableKind::State, .shape = {256},
      .offset = 3890944, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.bn1.running_var", .kind = VariableKind::State, .shape = {256},
      .offset = 3891968, .bytes = 1024, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer3.0.conv2.weight", .kind = VariableKind::Parameter, .shape = {256, 256,
      3, 3}, .offset = 3892992, .bytes = 2359296,
      .initialiser = Initialiser::normal(0.02946278254943948)});
  table.add({.name = "layer3.0.bn2.weight", .kind = VariableKind::Parameter, .shape = {256},
      .offset = 6252288, .bytes = 1024, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer3.0.bn2.bias", .kind = VariableKind::Parameter, .shape = {256},
      .offset = 6253312, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.bn2.running_mean", .kind = VariableKind::State, .shape = {256},
      .offset = 6254336, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.bn2.running_var", .kind = VariableKind::State, .shape = {256},
      .offset = 6255360, .bytes = 1024, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer3.0.downsample.0.weight", .kind = VariableKind::Parameter, .shape = {256,
      128, 1, 1}, .offset = 6256384, .bytes = 131072,
      .initialiser = Initialiser::normal(0.08838834764831845)});
  table.add({.name = "layer3.0.downsample.1.weight", .kind = VariableKind::Parameter,
      .shape = {256}, .offset = 6387456, .bytes = 1024, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer3.0.downsample.1.bias", .kind = VariableKind::Parameter, .shape = {256},
      .offset = 6388480, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.downsample.1.running_mean", .kind = VariableKind::State,
      .shape = {256}, .offset = 6389504, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.downsample.1.running_var", .kind = VariableKind::State,
      .shape = {256}, .offset = 6390528, .bytes = 1024, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer3.1.conv1.weight", .kind = VariableKind::Parameter, .shape = {256, 256,
      3, 3}, .offset = 6391552, .bytes = 2359296,
      .initialiser = Initialiser::normal(0.02946278254943948)});
  table.add({.name = "layer3.1.bn1.weight", .kind = VariableKind::Parameter, .shape = {256},
      .offset = 8750848, .bytes = 1024, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer3.1.bn1.bias", .kind = VariableKind::Parameter, .shape = {256},
      .offset = 8751872, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.1.bn1.running_mean", .kind = VariableKind::State, .shape = {256},
      .offset = 8752896, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.1.bn1.running_var", .kind = VariableKind::State, .shape = {256},
      .offset = 8753920, .bytes = 1024, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer3.1.conv2.weight", .kind = VariableKind::Parameter, .shape = {256, 256,
      3, 3}, .offset = 8754944, .bytes = 2359296,
      .initialiser = Initialiser::normal(0.02946278254943948)});
  table.add({.name = "layer3.1.bn2.weight", .kind = VariableKind::Parameter, .shape = {256},
      .offset = 11114240, .bytes = 1024, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer3.1.bn2.bias", .kind = VariableKind::Parameter, .shape = {256},
      .offset = 11115264, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.1.bn2.running_mean", .kind = VariableKind::State, .shape = {256},
      .offset = 11116288, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.1.bn2.running_var", .kind = VariableKind::State, .shape = {256},
      .offset = 11117312, .bytes = 1024, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer4.0.conv1.weight", .kind = VariableKind::Parameter, .shape = {512, 256,
      3, 3}, .offset = 11118336, .bytes = 4718592,
      .initialiser = Initialiser::normal(0.020833333333333332)});
  table.add({.name = "layer4.0.bn1.weight", .kind = VariableKind::Parameter, .shape = {512},
      .offset = 15836928, .bytes = 2048, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer4.0.bn1.bias", .kind = VariableKind::Parameter, .shape = {512},
      .offset = 15838976, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.bn1.running_mean", .kind = VariableKind::State, .shape = {512},
      .offset = 15841024, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.bn1.running_var", .kind = VariableKind::State, .shape = {512},
      .offset = 15843072, .bytes = 2048, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer4.0.conv2.weight", .kind = VariableKind::Parameter, .shape = {512, 512,
      3, 3}, .offset = 15845120, .bytes = 9437184,
      .initialiser = Initialiser::normal(0.020833333333333332)});
  table.add({.name = "layer4.0.bn2.weight", .kind = VariableKind::Parameter, .shape = {512},
      .offset = 25282304, .bytes = 2048, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer4.0.bn2.bias", .kind = VariableKind::Parameter, .shape = {512},
      .offset = 25284352, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.bn2.running_mean", .kind = VariableKind::State, .shape = {512},
      .offset = 25286400, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.bn2.running_var", .kind = VariableKind::State, .shape = {512},
      .offset = 25288448, .bytes = 2048, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer4.0.downsample.0.weight", .kind = VariableKind::Parameter, .shape = {512,
      256, 1, 1}, .offset = 25290496, .bytes = 524288, .initialiser = Initialiser::normal(0.0625)});
  table.add({.name = "layer4.0.downsample.1.weight", .kind = VariableKind::Parameter,
      .shape = {512}, .offset = 25814784, .bytes = 2048,
      .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer4.0.downsample.1.bias", .kind = VariableKind::Parameter, .shape = {512},
      .offset = 25816832, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.downsample.1.running_mean", .kind = VariableKind::State,
      .shape = {512}, .offset = 25818880, .bytes = 2048,
      .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.downsample.1.running_var", .kind = VariableKind::State,
      .shape = {512}, .offset = 25820928, .bytes = 2048,
      .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer4.1.conv1.weight", .kind = VariableKind::Parameter, .shape = {512, 512,
      3, 3}, .offset = 25822976, .bytes = 9437184,
      .initialiser = Initialiser::normal(0.020833333333333332)});
  table.add({.name = "layer4.1.bn1.weight", .kind = VariableKind::Parameter, .shape = {512},
      .offset = 35260160, .bytes = 2048, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer4.1.bn1.bias", .kind = VariableKind::Parameter, .shape = {512},
      .offset = 35262208, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.1.bn1.running_mean", .kind = VariableKind::State, .shape = {512},
      .offset = 35264256, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.1.bn1.running_var", .kind = VariableKind::State, .shape = {512},
      .offset = 35266304, .bytes = 2048, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer4.1.conv2.weight", .kind = VariableKind::Parameter, .shape = {512, 512,
      3, 3}, .offset = 35268352, .bytes = 9437184,
      .initialiser = Initialiser::normal(0.020833333333333332)});
  table.add({.name = "layer4.1.bn2.weight", .kind = VariableKind::Parameter, .shape = {512},
      .offset = 44705536, .bytes = 2048, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "layer4.1.bn2.bias", .kind = VariableKind::Parameter, .shape = {512},
      .offset = 44707584, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.1.bn2.running_mean", .kind = VariableKind::State, .shape = {512},
      .offset = 44709632, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.1.bn2.running_var", .kind = VariableKind::State, .shape = {512},
      .offset = 44711680, .bytes = 2048, .initialiser = Initialiser::constant(1.0)});
  table.add({.name = "fc.weight", .kind = VariableKind::Parameter, .shape = {10, 512},
      .offset = 44713728, .bytes = 20480,
      .initialiser = Initialiser::uniform(0.044194173824159216)});
  table.add({.name = "fc.bias", .kind = VariableKind::Parameter, .shape = {10}, .offset = 44734208,
      .bytes = 40, .initialiser = Initialiser::uniform(0.044194173824159216)});
  table.add({.name = "fc.bias.momentum", .kind = VariableKind::Slot, .shape = {10},
      .offset = 44734272, .bytes = 40, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "fc.weight.momentum", .kind = VariableKind::Slot, .shape = {10, 512},
      .offset = 44734336, .bytes = 20480, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.1.bn2.bias.momentum", .kind = VariableKind::Slot, .shape = {512},
      .offset = 44754816, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.1.bn2.weight.momentum", .kind = VariableKind::Slot, .shape = {512},
      .offset = 44756864, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.1.conv2.weight.momentum", .kind = VariableKind::Slot, .shape = {512,
      512, 3, 3}, .offset = 44758912, .bytes = 9437184, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.1.bn1.bias.momentum", .kind = VariableKind::Slot, .shape = {512},
      .offset = 54196096, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.1.bn1.weight.momentum", .kind = VariableKind::Slot, .shape = {512},
      .offset = 54198144, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.1.conv1.weight.momentum", .kind = VariableKind::Slot, .shape = {512,
      512, 3, 3}, .offset = 54200192, .bytes = 9437184, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.downsample.1.bias.momentum", .kind = VariableKind::Slot,
      .shape = {512}, .offset = 63637376, .bytes = 2048,
      .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.downsample.1.weight.momentum", .kind = VariableKind::Slot,
      .shape = {512}, .offset = 63639424, .bytes = 2048,
      .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.downsample.0.weight.momentum", .kind = VariableKind::Slot,
      .shape = {512, 256, 1, 1}, .offset = 63641472, .bytes = 524288,
      .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.bn2.bias.momentum", .kind = VariableKind::Slot, .shape = {512},
      .offset = 64165760, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.bn2.weight.momentum", .kind = VariableKind::Slot, .shape = {512},
      .offset = 64167808, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.conv2.weight.momentum", .kind = VariableKind::Slot, .shape = {512,
      512, 3, 3}, .offset = 64169856, .bytes = 9437184, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.bn1.bias.momentum", .kind = VariableKind::Slot, .shape = {512},
      .offset = 73607040, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.bn1.weight.momentum", .kind = VariableKind::Slot, .shape = {512},
      .offset = 73609088, .bytes = 2048, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer4.0.conv1.weight.momentum", .kind = VariableKind::Slot, .shape = {512,
      256, 3, 3}, .offset = 73611136, .bytes = 4718592, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.1.bn2.bias.momentum", .kind = VariableKind::Slot, .shape = {256},
      .offset = 78329728, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.1.bn2.weight.momentum", .kind = VariableKind::Slot, .shape = {256},
      .offset = 78330752, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.1.conv2.weight.momentum", .kind = VariableKind::Slot, .shape = {256,
      256, 3, 3}, .offset = 78331776, .bytes = 2359296, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.1.bn1.bias.momentum", .kind = VariableKind::Slot, .shape = {256},
      .offset = 80691072, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.1.bn1.weight.momentum", .kind = VariableKind::Slot, .shape = {256},
      .offset = 80692096, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.1.conv1.weight.momentum", .kind = VariableKind::Slot, .shape = {256,
      256, 3, 3}, .offset = 80693120, .bytes = 2359296, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.downsample.1.bias.momentum", .kind = VariableKind::Slot,
      .shape = {256}, .offset = 83052416, .bytes = 1024,
      .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.downsample.1.weight.momentum", .kind = VariableKind::Slot,
      .shape = {256}, .offset = 83053440, .bytes = 1024,
      .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.downsample.0.weight.momentum", .kind = VariableKind::Slot,
      .shape = {256, 128, 1, 1}, .offset = 83054464, .bytes = 131072,
      .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.bn2.bias.momentum", .kind = VariableKind::Slot, .shape = {256},
      .offset = 83185536, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.bn2.weight.momentum", .kind = VariableKind::Slot, .shape = {256},
      .offset = 83186560, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.conv2.weight.momentum", .kind = VariableKind::Slot, .shape = {256,
      256, 3, 3}, .offset = 83187584, .bytes = 2359296, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.bn1.bias.momentum", .kind = VariableKind::Slot, .shape = {256},
      .offset = 85546880, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.bn1.weight.momentum", .kind = VariableKind::Slot, .shape = {256},
      .offset = 85547904, .bytes = 1024, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer3.0.conv1.weight.momentum", .kind = VariableKind::Slot, .shape = {256,
      128, 3, 3}, .offset = 85548928, .bytes = 1179648, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.1.bn2.bias.momentum", .kind = VariableKind::Slot, .shape = {128},
      .offset = 86728576, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.1.bn2.weight.momentum", .kind = VariableKind::Slot, .shape = {128},
      .offset = 86729088, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.1.conv2.weight.momentum", .kind = VariableKind::Slot, .shape = {128,
      128, 3, 3}, .offset = 86729600, .bytes = 589824, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.1.bn1.bias.momentum", .kind = VariableKind::Slot, .shape = {128},
      .offset = 87319424, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.1.bn1.weight.momentum", .kind = VariableKind::Slot, .shape = {128},
      .offset = 87319936, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.1.conv1.weight.momentum", .kind = VariableKind::Slot, .shape = {128,
      128, 3, 3}, .offset = 87320448, .bytes = 589824, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.downsample.1.bias.momentum", .kind = VariableKind::Slot,
      .shape = {128}, .offset = 87910272, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.downsample.1.weight.momentum", .kind = VariableKind::Slot,
      .shape = {128}, .offset = 87910784, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.downsample.0.weight.momentum", .kind = VariableKind::Slot,
      .shape = {128, 64, 1, 1}, .offset = 87911296, .bytes = 32768,
      .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.bn2.bias.momentum", .kind = VariableKind::Slot, .shape = {128},
      .offset = 87944064, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.bn2.weight.momentum", .kind = VariableKind::Slot, .shape = {128},
      .offset = 87944576, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.conv2.weight.momentum", .kind = VariableKind::Slot, .shape = {128,
      128, 3, 3}, .offset = 87945088, .bytes = 589824, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.bn1.bias.momentum", .kind = VariableKind::Slot, .shape = {128},
      .offset = 88534912, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.bn1.weight.momentum", .kind = VariableKind::Slot, .shape = {128},
      .offset = 88535424, .bytes = 512, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "layer2.0.conv1.weight.momentum", .kind = VariableKind::Slot, .shape = {128,
      64, 3, 3}, .offset = 88535936, .bytes = 294912, .initialiser = Initialiser::constant(0.0)});
  for (int64_t layer = 1; layer >= 0; --layer) {
    const std::string name = "layer1." + std::to_string(layer);
    table.add({.name = name + ".bn2.bias.momentum", .kind = VariableKind::Slot, .shape = {64},
        .offset = size_t(89126784 - 295936 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".bn2.weight.momentum", .kind = VariableKind::Slot, .shape = {64},
        .offset = size_t(89127040 - 295936 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".conv2.weight.momentum", .kind = VariableKind::Slot, .shape = {64,
        64, 3, 3}, .offset = size_t(89127296 - 295936 * layer), .bytes = 147456,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".bn1.bias.momentum", .kind = VariableKind::Slot, .shape = {64},
        .offset = size_t(89274752 - 295936 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".bn1.weight.momentum", .kind = VariableKind::Slot, .shape = {64},
        .offset = size_t(89275008 - 295936 * layer), .bytes = 256,
        .initialiser = Initialiser::constant(0.0)});
    table.add({.name = name + ".conv1.weight.momentum", .kind = VariableKind::Slot, .shape = {64,
        64, 3, 3}, .offset = size_t(89275264 - 295936 * layer), .bytes = 147456,
        .initialiser = Initialiser::constant(0.0)});
  }
  table.add({.name = "bn1.bias.momentum", .kind = VariableKind::Slot, .shape = {64},
      .offset = 89422720, .bytes = 256, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "bn1.weight.momentum", .kind = VariableKind::Slot, .shape = {64},
      .offset = 89422976, .bytes = 256, .initialiser = Initialiser::constant(0.0)});
  table.add({.name = "conv1.weight.momentum", .kind = VariableKind::Slot, .shape = {64, 3, 3, 3},
      .offset = 89423232, .bytes = 6912, .initialiser = Initialiser::constant(0.0)});
  return table;
}();

constexpr Port stepInputs[] = {
    {.name = "images", .type = DataType::F32, .shape = {4, 32, 32, 3}, .offset = 127178880},
    {.name = "labels", .type = DataType::I32, .shape = {4}, .offset = 98867328},
    {.name = "learning_rate", .type = DataType::F32, .shape = {}, .offset = 127296640},
};

constexpr Port stepOutputs[] = {
    {.name = "loss", .type = DataType::F32, .shape = {}, .offset = 127296704},
};

constexpr Port evaluateInputs[] = {
    {.name = "images", .type = DataType::F32, .shape = {4, 32, 32, 3}, .offset = 90478720},
    {.name = "labels", .type = DataType::I32, .shape = {4}, .offset = 99391616},
};

constexpr Port evaluateOutputs[] = {
    {.name = "loss", .type = DataType::F32, .shape = {}, .offset = 89430144},
    {.name = "correct", .type = DataType::F32, .shape = {}, .offset = 89430208},
};

const Description description = {
    .model = "resnet18",
    .mesh = {.sizes = {1}, .axes = {"x"}},
    .arenaBytes = 127296708,
    .predicted = {.computeSeconds = 0.1205475331184997, .communicationSeconds = 0.0,
        .budgetBytes = 12000000000, .reserveBytes = 150000000},
    .classes = 10,
    .learningRate = 0.1,
    .variables = variables,
    .step = {.inputs = stepInputs, .outputs = stepOutputs, .peakBytes = 127296708},
    .evaluate = {.inputs = evaluateInputs, .outputs = evaluateOutputs, .peakBytes = 99391632},
};

} // namespace

int main(int argc, char **argv) {
  return trainMain<Train>(argc, argv, description, hostTarget());
}
