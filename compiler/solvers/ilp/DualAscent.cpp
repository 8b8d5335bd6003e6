// Message passing in the form of shifts: each link end holds what its variable
// has moved into the link, so that at any time, whatever the shifts are,
//   bound = sum of variables' least + sum of links' least
// is valid, and can be recomputed in exact integers.

#include "compiler/solvers/ilp/DualAscent.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace autopar::ilp {

static constexpr double minusInfinity = -std::numeric_limits<double>::infinity();

/// out[i] = min over k of cells[k][i] + add[k]; the one loop that takes time.
__attribute__((target_clones("avx2", "default"))) static void
leastSums(const double *__restrict cells, const double *__restrict add, double *__restrict out,
          int size, int count) {
  for (int i = 0; i < size; ++i)
    out[i] = cells[i] + add[0];
  for (int k = 1; k < count; ++k) {
    const double *row = cells + static_cast<size_t>(k) * size;
    double more = add[k];
    for (int i = 0; i < size; ++i) {
      double value = row[i] + more;
      out[i] = value < out[i] ? value : out[i];
    }
  }
}

DualAscent::DualAscent(const Model &model, Aim aim)
    : model(model), aim(aim), times(model.times), position(model.variables.size(), -1),
      bestBound(minusInfinity), choice(model.variables.size(), 0) {
  bool byCost = aim == Aim::Cost;
  for (size_t v = 0; v < model.variables.size(); ++v)
    if (model.variables[v].alive) {
      position[v] = static_cast<int>(order.size());
      order.push_back(static_cast<int>(v));
      at.push_back(base.size());
      ids.push_back(model.variables[v].ids);
      for (Cost c : model.variables[v].costs)
        base.push_back(byCost ? static_cast<double>(c) : 0);
    }
  at.push_back(base.size());
  before.resize(order.size());
  after.resize(order.size());
  least.assign(order.size(), 0);
  // What may never be is given a cost instead: that relaxes the problem, so
  // bounds stay true, and sums stay exact to far below one unit.
  for (const Variable &variable : model.variables)
    for (const Segment &segment : variable.segments)
      if (!byCost)
        impossible =
            std::max(impossible, 1000.0 * static_cast<double>(*std::max_element(
                                              segment.bytes.begin(), segment.bytes.end())));
  for (const Link &link : model.links)
    for (Cost c : link.costs)
      if (byCost && c < never)
        impossible = std::max(impossible, 1000.0 * static_cast<double>(c + 1));
  size_t ends = 0;
  for (size_t l = 0; l < model.links.size(); ++l) {
    const Link &link = model.links[l];
    if (!link.alive)
      continue;
    bool swapped = position[link.a] > position[link.b];
    int first = swapped ? link.b : link.a, second = swapped ? link.a : link.b;
    LinkView view = model.view(static_cast<int>(l), first);
    Pairing pairing{static_cast<int>(l),
                    position[first],
                    position[second],
                    view.rows,
                    view.columns,
                    cost.size(),
                    ends,
                    ends + view.rows};
    ends += view.rows + view.columns;
    for (int s = 0; s < view.rows; ++s)
      for (int t = 0; t < view.columns; ++t)
        cost.push_back(view(s, t) >= never ? impossible
                       : byCost            ? static_cast<double>(view(s, t))
                                           : 0);
    for (int t = 0; t < view.columns; ++t)
      for (int s = 0; s < view.rows; ++s)
        transposed.push_back(cost[pairing.cells + static_cast<size_t>(s) * view.columns + t]);
    after[pairing.first].push_back(static_cast<int>(pairings.size()));
    before[pairing.second].push_back(static_cast<int>(pairings.size()));
    pairings.push_back(pairing);
  }
  shift.assign(ends, 0);
  marginal.assign(ends, 0);
  for (const Pairing &pairing : pairings)
    marginalOfFirst(pairing);
  prices.assign(model.times.size(), 0);
  priceSum.assign(model.times.size() + 1, 0);
  if (!byCost &&
      !prices.empty()) // any will do to begin with; most is held at the end of a rise
    prices[std::max_element(model.held.begin(), model.held.end()) - model.held.begin()] = 1;
  price();
}

void DualAscent::adopt(const DualAscent &earlier) {
  for (size_t t = 0; t < prices.size(); ++t) {
    auto found = std::lower_bound(earlier.times.begin(), earlier.times.end(), times[t]);
    if (found != earlier.times.end() && *found == times[t])
      prices[t] = earlier.prices[found - earlier.times.begin()];
  }
  stepSize = earlier.stepSize;
  rounds = earlier.rounds;
  price();
  adoptShifts(earlier);
}

void DualAscent::adoptShifts(const DualAscent &earlier) {
  auto key = [](int a, int b) {
    return static_cast<uint64_t>(a) << 32 | static_cast<uint32_t>(b);
  };
  std::unordered_map<uint64_t, const Pairing *> known;
  for (const Pairing &p : earlier.pairings)
    known[key(earlier.order[p.first], earlier.order[p.second])] = &p;
  auto copy = [&](size_t to, const std::vector<int> &now, size_t from,
                  const std::vector<int> &then) {
    for (size_t s = 0, t = 0; s < now.size(); ++s) { // both ascend
      while (t < then.size() && then[t] < now[s])
        ++t;
      if (t < then.size() && then[t] == now[s])
        shift[to + s] = earlier.shift[from + t];
    }
  };
  for (const Pairing &p : pairings) {
    auto found = known.find(key(order[p.first], order[p.second]));
    if (found == known.end())
      continue;
    const Pairing &q = *found->second;
    copy(p.firstAt, ids[p.first], q.firstAt, earlier.ids[q.first]);
    copy(p.secondAt, ids[p.second], q.secondAt, earlier.ids[q.second]);
    marginalOfFirst(p);
    marginalOfSecond(p);
  }
}

void DualAscent::marginalOfFirst(const Pairing &p) {
  leastSums(&transposed[p.cells], &shift[p.secondAt], &marginal[p.firstAt], p.rows, p.columns);
}

void DualAscent::marginalOfSecond(const Pairing &p) {
  leastSums(&cost[p.cells], &shift[p.firstAt], &marginal[p.secondAt], p.columns, p.rows);
}

/// Costs of strategies with their memory paid for.
void DualAscent::price() {
  offset = aim == Aim::Cost ? static_cast<double>(model.constant) : 0;
  priced = base;
  for (size_t t = 0; t < prices.size(); ++t) {
    priceSum[t + 1] = priceSum[t] + prices[t];
    offset -= prices[t] * static_cast<double>(model.limit - model.held[t]);
  }
  for (size_t p = 0; p < order.size(); ++p)
    for (const Segment &segment : model.variables[order[p]].segments) {
      double price = priceSum[segment.end] - priceSum[segment.begin];
      if (price > 0)
        for (size_t s = 0; s < segment.bytes.size(); ++s)
          priced[at[p] + s] += price * static_cast<double>(segment.bytes[s]);
    }
}

/// All that the links' shifted costs leave to a variable, on top of its own.
void DualAscent::gather(int p, bool forward) {
  gathered.assign(priced.begin() + at[p], priced.begin() + at[p + 1]);
  for (int l : before[p]) {
    if (forward)
      marginalOfSecond(pairings[l]);
    const double *from = &marginal[pairings[l].secondAt];
    for (size_t s = 0; s < gathered.size(); ++s)
      gathered[s] += from[s];
  }
  for (int l : after[p]) {
    if (!forward)
      marginalOfFirst(pairings[l]);
    const double *from = &marginal[pairings[l].firstAt];
    for (size_t s = 0; s < gathered.size(); ++s)
      gathered[s] += from[s];
  }
}

double DualAscent::pass(bool forward, bool decode) {
  double bound = offset;
  int count = static_cast<int>(order.size());
  std::vector<double> given;
  for (int k = 0; k < count; ++k) {
    int p = forward ? k : count - 1 - k;
    const std::vector<int> &done = forward ? before[p] : after[p];
    const std::vector<int> &ahead = forward ? after[p] : before[p];
    gather(p, forward);
    if (decode) { // the best answer to what is chosen already
      given.assign(priced.begin() + at[p], priced.begin() + at[p + 1]);
      for (int l : done) {
        const Pairing &q = pairings[l];
        int other = choice[order[forward ? q.first : q.second]];
        // Strategies of p are the columns against `first`, the rows against `second`.
        const double *cells = forward
                                  ? &cost[q.cells + static_cast<size_t>(other) * q.columns]
                                  : &transposed[q.cells + static_cast<size_t>(other) * q.rows];
        for (size_t s = 0; s < given.size(); ++s)
          given[s] += cells[s];
      }
      for (int l : ahead) {
        const double *from = &marginal[forward ? pairings[l].firstAt : pairings[l].secondAt];
        for (size_t s = 0; s < given.size(); ++s)
          given[s] += from[s];
      }
      choice[order[p]] =
          static_cast<int>(std::min_element(given.begin(), given.end()) - given.begin());
    }
    double minimum = *std::min_element(gathered.begin(), gathered.end());
    least[p] = minimum;
    bound += minimum;
    double share =
        1.0 / static_cast<double>(std::max<size_t>(1, std::max(done.size(), ahead.size())));
    for (int l : done) {
      size_t end = forward ? pairings[l].secondAt : pairings[l].firstAt;
      for (size_t s = 0; s < gathered.size(); ++s)
        shift[end + s] = -marginal[end + s];
    }
    for (int l : ahead) {
      size_t end = forward ? pairings[l].firstAt : pairings[l].secondAt;
      for (size_t s = 0; s < gathered.size(); ++s)
        shift[end + s] = share * (gathered[s] - minimum) - marginal[end + s];
    }
  }
  return bound;
}

double DualAscent::decodedCost() const {
  double total = static_cast<double>(model.constant);
  for (size_t p = 0; p < order.size(); ++p)
    total += base[at[p] + choice[order[p]]];
  for (const Pairing &q : pairings)
    total += cost[q.cells + static_cast<size_t>(choice[order[q.first]]) * q.columns +
                  choice[order[q.second]]];
  return total;
}

void DualAscent::step() {
  pass(true, false);
  double bound = pass(false, true);
  ++rounds;
  bool better = bound > bestBound;
  if (better) {
    bestBound = bound;
    bestPrices = prices;
    bestShift = shift;
  }
  if (!model.limited || model.times.empty()) {
    excess = 0;
    return;
  }
  usage.assign(model.times.size() + 1, 0);
  for (int v : order)
    for (const Segment &segment : model.variables[v].segments) {
      double bytes = static_cast<double>(segment.bytes[choice[v]]);
      usage[segment.begin] += bytes;
      usage[segment.end] -= bytes;
    }
  usage.pop_back();
  double living = 0;
  excess = minusInfinity;
  double limit = static_cast<double>(model.limit);
  for (size_t t = 0; t < usage.size(); ++t) {
    living += usage[t];
    usage[t] = living + static_cast<double>(model.held[t]);
    excess = std::max(excess, usage[t] - limit);
  }
  if (rounds < 20 && stepSize == 0)
    return; // let the messages settle before prices move
  if (stepSize == 0)
    stepSize = aim == Aim::Cost ? std::abs(bestBound) * 0.02
                                : std::max(1.0, 0.1 * (excess - bestBound));
  else if (better)
    stepSize *= 1.1;
  else
    stepSize = std::max(stepSize * 0.95, std::abs(bestBound) * 1e-9);
  if (bound < bestBound - 20 * stepSize)
    restoreBest();
  updatePrices();
}

void DualAscent::restoreBest() {
  if (bestBound == minusInfinity)
    return;
  prices = bestPrices;
  shift = bestShift;
  price();
  for (const Pairing &pairing : pairings) {
    marginalOfFirst(pairing);
    marginalOfSecond(pairing);
  }
}

/// A subgradient step along the averaged excess. Of each run of moments over
/// the limit only the worst is raised: neighbouring moments hold the same
/// buffers, and a few prices say as much as hundreds.
void DualAscent::updatePrices() {
  double limit = static_cast<double>(model.limit);
  if (average.empty())
    average = usage;
  for (size_t t = 0; t < usage.size(); ++t)
    average[t] += 0.1 * (usage[t] - average[t]);
  std::vector<std::pair<size_t, double>> direction;
  double norm = 0;
  auto add = [&](size_t t) {
    double over = average[t] - limit;
    direction.push_back({t, over});
    norm += over * over;
  };
  for (size_t t = 0; t < average.size();) {
    if (average[t] <= limit) {
      if (prices[t] > 0)
        add(t);
      ++t;
      continue;
    }
    size_t worst = t, end = t;
    for (; end < average.size() && average[end] > limit; ++end)
      if (average[end] > average[worst])
        worst = end;
    for (; t < end; ++t)
      if (t == worst || prices[t] > 0)
        add(t);
  }
  if (norm <= 0)
    return;
  std::vector<double> earlier = aim == Aim::Peak ? prices : std::vector<double>();
  for (auto [t, over] : direction)
    prices[t] = std::max(0.0, prices[t] + stepSize / norm * over);
  if (aim == Aim::Peak) {
    bool none = std::all_of(prices.begin(), prices.end(), [](double p) { return p <= 0; });
    none ? prices.swap(earlier) : scalePrices();
  }
  price();
}

/// The largest excess is at least any average of them: prices add up to one.
void DualAscent::scalePrices() {
  double sum = std::accumulate(prices.begin(), prices.end(), 0.0);
  for (double &price : prices)
    price /= sum;
}

double DualAscent::priceOfMemory() const {
  return std::accumulate(bestPrices.begin(), bestPrices.end(), 0.0);
}

Int128 DualAscent::certifiedBound() const {
  // Everything in units of 2^-40; shifts are first rounded to 2^-20.
  constexpr int fine = 40, coarse = 20;
  auto rounded = [](double value) {
    return static_cast<Int128>(std::ldexp(value, coarse)) << (fine - coarse);
  };
  bool none = bestBound == minusInfinity; // before the first round
  const std::vector<double> &atPrices = none ? prices : bestPrices;
  const std::vector<double> &atShift = none ? shift : bestShift;
  bool byCost = aim == Aim::Cost;
  Int128 total = byCost ? model.constant << fine : 0;
  std::vector<Int128> priceUpTo(1, 0);
  for (size_t t = 0; t < atPrices.size(); ++t) {
    Int128 price = static_cast<Int128>(std::ldexp(atPrices[t], fine));
    priceUpTo.push_back(priceUpTo.back() + price);
    total -= price * ((byCost ? model.limit : 0) - model.held[t]);
  }
  std::vector<Int128> exactShift;
  for (double value : atShift)
    exactShift.push_back(rounded(value));
  std::vector<Int128> left;
  for (size_t p = 0; p < order.size(); ++p) {
    const Variable &variable = model.variables[order[p]];
    left.clear();
    for (Cost c : variable.costs)
      left.push_back(byCost ? static_cast<Int128>(c) << fine : 0);
    for (const Segment &segment : variable.segments)
      for (size_t s = 0; s < left.size(); ++s)
        left[s] += (priceUpTo[segment.end] - priceUpTo[segment.begin]) * segment.bytes[s];
    for (int l : after[p])
      for (size_t s = 0; s < left.size(); ++s)
        left[s] -= exactShift[pairings[l].firstAt + s];
    for (int l : before[p])
      for (size_t s = 0; s < left.size(); ++s)
        left[s] -= exactShift[pairings[l].secondAt + s];
    total += *std::min_element(left.begin(), left.end());
  }
  for (const Pairing &q : pairings) {
    LinkView view = model.view(q.link, order[q.first]);
    Int128 minimum = static_cast<Int128>(never) << fine;
    for (int s = 0; s < q.rows; ++s)
      for (int t = 0; t < q.columns; ++t)
        if (view(s, t) < never)
          minimum =
              std::min(minimum, (static_cast<Int128>(byCost ? view(s, t) : 0) << fine) +
                                    exactShift[q.firstAt + s] + exactShift[q.secondAt + t]);
    total += minimum;
  }
  // Costs are whole, and so are peaks: the bound may be rounded up. An average
  // of usages is taken over prices as they are after rounding.
  Int128 unit = byCost ? Int128(1) << fine : std::max<Int128>(priceUpTo.back(), 1);
  Int128 bound = total >= 0 ? (total + unit - 1) / unit : total / unit;
  return byCost ? bound : bound - model.limit;
}

DualAscent::Prunable DualAscent::prune(double upper) {
  restoreBest();
  pass(true, false);
  // From here on a pass back, with an eye on what each variable leaves.
  double bound = offset;
  for (double minimum : least)
    bound += minimum;
  // Whatever floating point may have added is far below this.
  double limit = upper - 1 + 1e-3 + std::abs(upper) * 1e-10;
  Prunable result;
  strategyExcess.assign(model.variables.size(), {});
  for (int p = static_cast<int>(order.size()) - 1; p >= 0; --p) {
    gather(p, false);
    double minimum = *std::min_element(gathered.begin(), gathered.end());
    bound += minimum - least[p];
    least[p] = minimum;
    int v = order[p];
    std::vector<char> keep;
    bool removed = false;
    for (double &value : gathered) {
      value -= minimum;
      keep.push_back(bound + value <= limit);
      removed |= !keep.back();
    }
    strategyExcess[v] = gathered;
    if (removed)
      result.keep.push_back({v, keep});
    double share = 1.0 / static_cast<double>(
                             std::max<size_t>(1, std::max(before[p].size(), after[p].size())));
    for (int l : after[p]) {
      const Pairing &q = pairings[l];
      for (int s = 0; s < q.rows; ++s)
        shift[q.firstAt + s] = -marginal[q.firstAt + s];
      // With all pulled to p, a pair costs the variable's excess and the link's.
      std::vector<std::pair<int, int>> pairs;
      bool straight = model.links[q.link].a == v;
      for (int s = 0; s < q.rows; ++s)
        for (int t = 0; t < q.columns; ++t) {
          double cell = cost[q.cells + static_cast<size_t>(s) * q.columns + t];
          if (cell < impossible && keep[s] &&
              bound + gathered[s] + cell + shift[q.firstAt + s] + shift[q.secondAt + t] > limit)
            pairs.push_back(straight ? std::pair(s, t) : std::pair(t, s));
        }
      if (!pairs.empty())
        result.pairs.push_back({q.link, std::move(pairs)});
    }
    for (int l : before[p]) {
      size_t end = pairings[l].secondAt;
      for (size_t s = 0; s < gathered.size(); ++s)
        shift[end + s] = share * gathered[s] - marginal[end + s];
    }
  }
  return result;
}

} // namespace autopar::ilp
