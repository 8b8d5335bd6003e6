// See SweepFiles.h.
#include "compiler/experiments/SweepFiles.h"

#include "compiler/driver/ByteSize.h"
#include "compiler/experiments/Gnuplot.h"
#include "compiler/files/Files.h"
#include "compiler/json/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using llvm::formatv;

namespace autopar {

/// Also the order of the columns, which the plots' scripts count on.
static const std::vector<std::string> columns = {"budget_bytes",
                                                 "budget_activation_bytes",
                                                 "feasible",
                                                 "least_feasible_bytes",
                                                 "predicted_peak_bytes",
                                                 "predicted_activation_bytes",
                                                 "measured_process_bytes",
                                                 "beside_arena_bytes",
                                                 "predicted_step_seconds",
                                                 "measured_step_seconds",
                                                 "overhead",
                                                 "recomputed_flops_share",
                                                 "recomputation_gap",
                                                 "sharding_gap",
                                                 "solver_status",
                                                 "plan_seconds"};

static std::string columnNamed(llvm::StringRef name) {
  return std::to_string(llvm::find(columns, name) - columns.begin() + 1);
}

static std::string statusOf(const SweepRow &row) {
  const remat::Result &solved = row.plan->program.recomputation;
  return solved.sequence.empty() ? "no recomputation"
                                 : std::string(remat::toString(solved.status));
}

Table tableOf(const Sweep &sweep) {
  Table table{columns, {}};
  for (const SweepRow &row : sweep.rows) {
    bool feasible = row.plan != nullptr, ran = row.measured.has_value();
    auto planned = [&](auto value) { return feasible ? Cell(value(row)) : Cell(); };
    auto measured = [&](auto value) { return ran ? Cell(value(*row.measured)) : Cell(); };
    table.rows.push_back(
        {row.budget, row.budget - sweep.resident, std::string(feasible ? "yes" : "no"),
         sweep.leastFeasible, planned([](auto &row) { return row.peak(); }),
         planned([](auto &row) { return row.activations(); }),
         measured([](auto &run) { return run.processBytes; }),
         measured([](auto &run) { return run.besideArenaBytes; }),
         planned([](auto &row) { return row.seconds(); }),
         measured([](auto &run) { return run.medianSeconds(); }),
         planned([&](auto &row) { return sweep.overhead(row); }),
         planned([](auto &row) { return row.recomputedShare(); }),
         planned([](auto &row) { return row.recomputationGap(); }),
         planned([](auto &row) { return row.shardingGap(); }),
         feasible ? Cell(statusOf(row)) : Cell(std::string("infeasible")), row.planSeconds});
  }
  return table;
}

static std::string percent(double share) { return formatv("{0:f2} %", share * 100); }
static std::string toHundredths(double seconds) { return formatv("{0:f2} ms", seconds * 1e3); }

void printSweep(const Sweep &sweep, llvm::raw_ostream &out) {
  const bool ran = llvm::any_of(sweep.rows, [](auto &row) { return row.measured.has_value(); });
  std::vector<std::vector<std::string>> lines = {
      {"arena budget", "peak", "activations", "step", "overhead", "FLOPs again", "gap",
       "found in"}};
  if (ran)
    llvm::append_values(lines.front(), "measured process", "beside arena", "measured step");
  for (const SweepRow &row : sweep.rows) {
    std::vector<std::string> line = {formatByteSize(double(row.budget))};
    if (row.plan)
      llvm::append_values(line, formatByteSize(double(row.peak())),
                          formatByteSize(double(row.activations())),
                          toHundredths(row.seconds()), percent(sweep.overhead(row)),
                          percent(row.recomputedShare()), percent(row.recomputationGap()));
    else
      llvm::append_values(line, std::string("nothing fits"), std::string(), std::string(),
                          std::string(), std::string(), std::string());
    line.push_back(formatv("{0:f1} s", row.planSeconds));
    if (row.measured)
      llvm::append_values(line, formatByteSize(double(row.measured->processBytes)),
                          formatByteSize(double(row.measured->besideArenaBytes)),
                          toHundredths(row.measured->medianSeconds()));
    lines.push_back(std::move(line));
  }
  printAligned(lines, out);
  out << formatv(
      "mesh {0}, device {1}: {2} without recomputation, {3} a step; of that {4} stay "
      "throughout\n",
      sweep.mesh, sweep.device, formatByteSize(double(sweep.wholePeak)),
      toHundredths(sweep.wholeSeconds), formatByteSize(double(sweep.resident)));
  out << formatv("the least found to be feasible is {0} ({1} for activations)\n",
                 formatByteSize(double(sweep.leastFeasible)),
                 formatByteSize(double(sweep.leastFeasible - sweep.resident)));
  size_t feasible = llvm::count_if(sweep.rows, [](auto &row) { return row.plan != nullptr; });
  out << formatv(
      "{0} of {1} budgets are feasible; peaks over their budget: {2}; step times {3} "
      "as budgets grow\n",
      feasible, sweep.rows.size(), sweep.rowsOverBudget().size(),
      sweep.isMonotone() ? "never rise" : "rise somewhere");
  if (!ran)
    return;
  std::vector<double> errors;
  size_t within = 0;
  int64_t beside = 0, reserve = 0;
  for (const SweepRow &row : sweep.rows)
    if (row.measured) {
      errors.push_back(std::abs(row.seconds() / row.measured->medianSeconds() - 1));
      reserve = row.plan->reserve; // the device's, and so the same in all rows
      within += row.measured->processBytes <= row.budget + reserve;
      beside = std::max(beside, row.measured->besideArenaBytes);
    }
  const Sweep::Order order = sweep.measuredOrder();
  out << formatv("measured: {0} of {1} processes are within the arena's budget and the {2} that "
                 "are reserved; at most {3} of one lie beside its arena\n",
                 within, errors.size(), formatByteSize(double(reserve)),
                 formatByteSize(double(beside)));
  out << formatv("step times are off by {0} in the median; of {1} pairs of budgets that are "
                 "predicted to be {2} apart or more, {3} ran in that order\n",
                 percent(median(errors)), order.pairs, percent(Sweep::apart), order.kept);
}

llvm::Error writeSweep(const Sweep &sweep, llvm::StringRef model, llvm::StringRef folder) {
  if (std::error_code error = llvm::sys::fs::create_directories(folder))
    return llvm::createStringError("cannot make the folder '" + folder +
                                   "': " + error.message());
  Table table = tableOf(sweep);
  auto path = [&](llvm::StringRef name) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    return path;
  };
  if (llvm::Error error = writeFile(
          path("sweep.csv"), [&](llvm::raw_ostream &out) { table.writeCsv(out); }))
    return error;
  return writeFile(path("sweep.json"), [&](llvm::raw_ostream &out) {
    llvm::json::OStream json(out, 2);
    json.object([&] {
      json.attribute("model", model);
      json.attribute("mesh", sweep.mesh);
      json.attribute("device", sweep.device);
      json.attribute("resident_bytes", sweep.resident);
      json.attribute("peak_bytes_without_recomputation", sweep.wholePeak);
      json.attribute("step_seconds_without_recomputation", finiteOrNull(sweep.wholeSeconds));
      json.attribute("least_feasible_bytes", sweep.leastFeasible);
      json.attribute("monotone", sweep.isMonotone());
      json.attributeBegin("rows");
      table.writeJson(json);
      json.attributeEnd();
    });
    out << "\n";
  });
}

llvm::Error plotSweep(const Sweep &sweep, llvm::StringRef model, llvm::StringRef folder) {
  const bool ran = llvm::any_of(sweep.rows, [](auto &row) { return row.measured.has_value(); });
  const bool apart = sweep.activationsApart;
  auto scaled = [](llvm::StringRef column, llvm::StringRef by) {
    return ("($" + columnNamed(column) + by + ")").str();
  };
  const std::string what = apart ? "activations" : "memory of a rank";
  const std::string x = scaled(apart ? "budget_activation_bytes" : "budget_bytes", "/2**30");
  const std::string y =
      scaled(apart ? "predicted_activation_bytes" : "predicted_peak_bytes", "/2**30");
  const std::string where = formatv("{0}, mesh {1}, {2}", model, sweep.mesh, sweep.device);

  std::string peak = formatv(R"(set title {0}
set xlabel "budget for {1} [GiB]"
set ylabel "peak [GiB]"
plot x title "the budget itself" with lines ls 3, \
     "sweep.csv" every ::1 using {2}:{3} title "predicted peak" with linespoints ls 1)",
                             quoted(where + ": peak under each budget"), what, x, y);
  if (ran)
    peak += formatv(", \\\n     \"sweep.csv\" every ::1 using {0}:{1} title \"measured "
                    "process\" with points ls 2",
                    x,
                    scaled("measured_process_bytes",
                           formatv("/2**30-{0}./2**30", apart ? sweep.resident : 0).str()));
  if (llvm::Error error = drawPlot(folder, "peak", peak))
    return error;

  // Next to the least feasible budget steps may be many times as long.
  constexpr double steep = 3;
  const bool isSteep = llvm::any_of(sweep.rows, [&](const SweepRow &row) {
    return row.plan && row.seconds() > steep * sweep.wholeSeconds;
  });
  std::string time =
      formatv(R"(set title {0}
set xlabel "peak of {1} [GiB]"
set ylabel "step time / without recomputation"
set key top right noreverse Right
set yrange [0.98:*]
{4}
plot 1 title "no recomputation" with lines ls 3, \
     "sweep.csv" every ::1 using {2}:{3} title "predicted" with linespoints ls 1)",
              quoted(where + ": what memory costs in time"), what, y,
              scaled("predicted_step_seconds", formatv("/{0:e12}", sweep.wholeSeconds).str()),
              isSteep ? "set logscale y 2" : "");
  // Measured times are relative to the measured step of the largest budget.
  double largest = 0;
  for (const SweepRow &row : sweep.rows)
    if (row.measured)
      largest = row.measured->medianSeconds();
  if (ran)
    time += formatv(", \\\n     \"sweep.csv\" every ::1 using {0}:{1} title \"measured\" with "
                    "points ls 2",
                    y, scaled("measured_step_seconds", formatv("/{0:e12}", largest).str()));
  return drawPlot(folder, "time", time);
}

} // namespace autopar
