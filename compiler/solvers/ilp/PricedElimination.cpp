// A Lagrangian dual by subgradients, its inner problem solved in exact integers:
// prices are rounded first, so that every bound is one for the prices as used.

#include "compiler/solvers/ilp/PricedElimination.h"

#include <algorithm>
#include <cmath>

namespace autopar::ilp {

PricedElimination::PricedElimination(const Model &model, const Elimination &elimination,
                                     std::vector<double> prices)
    : model(model), elimination(elimination), prices(std::move(prices)) {
  // As fine as leaves room for the sum of all costs and as much again for memory.
  Int128 most = 1;
  auto add = [&](const std::vector<Cost> &costs) {
    Cost largest = 0;
    for (Cost cost : costs)
      if (cost < never)
        largest = std::max(largest, std::abs(cost));
    most += largest;
  };
  for (const Variable &variable : model.variables)
    add(variable.costs);
  for (const Link &link : model.links)
    add(link.costs);
  while (scale < Cost(1) << 40 && most * scale * 64 < never)
    scale *= 2;
}

std::optional<PricedElimination::Round>
PricedElimination::step(Int128 upper, Clock &clock) {
  std::vector<Int128> priceUpTo{0};
  Int128 budget = 0; // what the limit itself is worth
  for (size_t t = 0; t < prices.size(); ++t) {
    auto price = static_cast<Int128>(prices[t] * static_cast<double>(scale));
    priceUpTo.push_back(priceUpTo.back() + price);
    budget += price * (model.limit - model.held[t]);
  }
  std::vector<std::vector<Cost>> unary;
  Int128 most = 0; // that is paid for memory
  for (const Variable &variable : model.variables) {
    std::vector<Cost> &costs = unary.emplace_back();
    for (Cost cost : variable.costs)
      costs.push_back(cost * scale);
    Int128 dearest = 0;
    for (const Segment &segment : variable.segments) {
      Int128 price = priceUpTo[segment.end] - priceUpTo[segment.begin];
      for (size_t s = 0; s < costs.size(); ++s) {
        Int128 pay = std::min<Int128>(price * segment.bytes[s], never / 4);
        dearest = std::max(dearest, pay);
        costs[s] += static_cast<Cost>(pay);
      }
    }
    most += dearest * static_cast<Int128>(variable.segments.size());
  }
  if (most > never / 4) { // prices too high for exact sums: begin again, lower
    for (double &price : prices)
      price /= 1024;
    return step(upper, clock);
  }

  std::optional<Elimination::Answer> answer = elimination.solve(unary, scale, clock);
  if (!answer)
    return std::nullopt;
  Round round;
  round.infeasible = answer->cost >= never;
  if (round.infeasible)
    return round;
  round.choice = answer->choice;
  Int128 value = answer->cost - budget; // in units of 1/scale; costs are whole: round up
  round.bound = model.constant + (value >= 0 ? (value + scale - 1) / scale : value / scale);

  std::vector<Int128> usage = model.held;
  for (size_t v = 0; v < model.variables.size(); ++v)
    for (const Segment &segment : model.variables[v].segments)
      for (int t = segment.begin; t < segment.end; ++t)
        usage[t] += segment.bytes[round.choice[v]];
  move(usage, static_cast<double>(upper - round.bound));
  return round;
}

/// Polyak's step along the excess, of each run of moments over the limit only at
/// the worst: its neighbours hold the same buffers.
void PricedElimination::move(const std::vector<Int128> &usage, double shortfall) {
  std::vector<std::pair<size_t, double>> direction;
  double norm = 0;
  auto add = [&](size_t t) {
    double excess = static_cast<double>(usage[t] - model.limit);
    direction.push_back({t, excess});
    norm += excess * excess;
  };
  for (size_t t = 0; t < usage.size();) {
    if (usage[t] <= model.limit) {
      if (prices[t] > 0)
        add(t);
      ++t;
      continue;
    }
    size_t worst = t, end = t;
    for (; end < usage.size() && usage[end] > model.limit; ++end)
      if (usage[end] > usage[worst])
        worst = end;
    for (; t < end; ++t)
      if (t == worst || prices[t] > 0)
        add(t);
  }
  if (norm <= 0)
    return;
  for (auto [t, excess] : direction)
    prices[t] = std::max(0.0, prices[t] + std::max(1.0, shortfall) / norm * excess);
}

} // namespace autopar::ilp
