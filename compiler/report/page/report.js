// Shows a plan.json. Everything is drawn here, from the plan in the page; nothing is fetched.
"use strict";

const plan = JSON.parse(document.getElementById("plan-data").textContent);

// Okabe and Ito's colours, in the order in which kinds are stacked.
const memoryColours = {
  parameter: "#0072b2", state: "#56b4e9", slot: "#009e73", input: "#999999",
  activation: "#e69f00", gradient: "#d55e00", communication: "#cc79a7", workspace: "#555555",
};
const timeColours = { forward: "#56b4e9", again: "#e69f00", backward: "#0072b2", move: "#cc79a7" };
const timeNames = {
  forward: "forward", again: "computed again", backward: "backward and update",
  move: "communication and slices",
};

// --- Text -----------------------------------------------------------------------------------

function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (value >= 1024 && unit + 1 < units.length) { value /= 1024; ++unit; }
  return value.toFixed(unit ? 2 : 0) + " " + units[unit];
}
const micros = seconds => (seconds * 1e6).toFixed(1);
function time(seconds) {
  if (seconds === null) return "unknown"; // JSON has no infinity
  if (seconds === 0) return "0";
  if (seconds >= 1) return seconds.toFixed(3) + " s";
  return seconds >= 1e-3 ? (seconds * 1e3).toFixed(2) + " ms" : micros(seconds) + " us";
}
const leastExtra = extra => extra.extra_seconds_bound === null
  ? "the least that it can be is not known" : `at least +${time(extra.extra_seconds_bound)}`;
const percent = share => (share * 100).toFixed(2) + " %";
function count(value) {
  const units = ["", "k", "M", "G", "T", "P"];
  let unit = 0;
  while (value >= 1000 && unit + 1 < units.length) { value /= 1000; ++unit; }
  return value ? value.toFixed(unit ? 2 : 0) + units[unit] : "";
}

// --- Elements -------------------------------------------------------------------------------

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
const html = (tag, attributes, ...children) =>
  fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
const at = id => document.getElementById(id);

const tip = html("div", { id: "tip" });
document.body.append(tip);
function showTip(event, text) {
  tip.textContent = text;
  tip.style.display = "block";
  const right = event.clientX + tip.offsetWidth + 20 > window.innerWidth;
  tip.style.left = event.clientX + (right ? -tip.offsetWidth - 12 : 12) + "px";
  tip.style.top = event.clientY + 12 + "px";
}
const hideTip = () => { tip.style.display = "none"; };

function legend(place, colours, names) {
  for (const [key, colour] of Object.entries(colours))
    place.append(html("span", {}, html("i", { style: `background:${colour}` }), names[key]));
}

// Horizontal bars: [{name, parts: [[colour, value]], text}].
function bars(place, rows) {
  const most = Math.max(...rows.map(row => row.parts.reduce((sum, part) => sum + part[1], 0)));
  const grid = html("div", { class: "bars" });
  for (const row of rows) {
    const bar = html("div", { class: "bar" });
    for (const [colour, value] of row.parts)
      bar.append(html("div", { style: `background:${colour};width:${100 * value / most}%` }));
    grid.append(html("div", {}, row.name), bar, html("div", { class: "value" }, row.text));
  }
  place.append(grid);
}

// A table that sorts by any column. columns: [{name, of, text, number, spec}].
function table(place, rows, columns, options) {
  const shown = 400;
  const body = html("tbody"), note = html("div", { class: "note" });
  let order = rows.slice(), sorted = null, falling = true, wanted = "";
  function draw() {
    const found = order.filter(row => !wanted || columns.some(
      column => String(column.text(row)).toLowerCase().includes(wanted)));
    body.replaceChildren(...found.slice(0, shown).map(row => html("tr", {}, ...columns.map(
      column => html("td", { class: column.number ? "number" : column.spec ? "spec" : "" },
                     column.text(row))))));
    note.textContent = found.length > shown
      ? `${shown} of ${found.length} rows; search or sort for the others`
      : `${found.length} ${found.length === 1 ? "row" : "rows"}`;
  }
  const heads = columns.map(column => {
    const head = html("th", { class: column.number ? "number" : "" }, column.name);
    head.onclick = () => {
      falling = sorted === column ? !falling : Boolean(column.number);
      sorted = column;
      order = rows.slice().sort((a, b) => {
        const x = column.of(a), y = column.of(b);
        return (x < y ? -1 : x > y ? 1 : 0) * (falling ? -1 : 1);
      });
      heads.forEach((other, i) => {
        other.textContent = columns[i].name + (columns[i] === column ? (falling ? " v" : " ^") : "");
      });
      draw();
    };
    return head;
  });
  if (options && options.search) {
    const box = html("input", { type: "search", placeholder: "Search: a name, a kind, a spec" });
    box.oninput = () => { wanted = box.value.toLowerCase(); draw(); };
    place.append(box);
  }
  place.append(html("div", { class: "table" },
                    html("table", {}, html("thead", {}, html("tr", {}, ...heads)), body)), note);
  draw();
}
const word = (name, of) => ({ name, of, text: of });
const number = (name, of, text) => ({ name, of, text: row => text(of(row)), number: true });

// --- What the plan says ---------------------------------------------------------------------

const moves = op => "axes" in op;
const firstBackward = plan.operations.findIndex(op => /cross_entropy|loss/.test(op.kind));
plan.operations.forEach((op, i) => {
  op.phase = moves(op) ? "move" : op.name.includes(".again") ? "again"
    : firstBackward < 0 || i <= firstBackward ? "forward" : "backward";
});

// `layer1.0.conv1.weight.grad` belongs to layer1.0, `conv1.grad` to conv1.
function layerOf(name) {
  const parts = name.split(".");
  const numbered = parts.findIndex(part => /^[0-9]+$/.test(part));
  return parts.slice(0, Math.max(numbered, 0) + 1).join(".").replace(/_[0-9]+$/, "");
}

function header() {
  at("model").textContent = plan.model;
  at("subject").textContent = `mesh ${plan.mesh}, device ${plan.device}, ` +
    `${bytes(plan.budget_bytes)} a rank: arena ${bytes(plan.arena_budget_bytes)}, ` +
    `reserve ${bytes(plan.reserve_bytes)}`;
  at("command").textContent = plan.command;
  const step = plan.step_seconds, extra = plan.recomputation;
  const figures = [
    [time(step.total), "predicted step"],
    [percent(step.communication / step.total), "communication, " + time(step.communication) +
     (step.hidden > 0 ? `, ${time(step.hidden)} of it beside computation` : "")],
    [bytes(plan.memory.arena_bytes),
     `peak, ${percent(plan.memory.arena_bytes / plan.arena_budget_bytes)} of the budget`],
    [extra ? "+" + time(extra.extra_seconds) : "none",
     extra ? `recomputation; ${leastExtra(extra)}` : "recomputation"],
    [percent(plan.functions[0].gap), `sharding's gap, ${plan.functions[0].status}`],
  ];
  for (const [value, what] of figures)
    at("figures").append(html("div", { class: "figure" }, html("b", {}, value),
                              html("span", {}, what)));
}

// --- Memory ---------------------------------------------------------------------------------

// Bytes by kind before each call; call i (from 1) runs with what is alive at i.
function memoryOverTime() {
  const kinds = Object.keys(memoryColours), moments = plan.calls.length + 1;
  const change = kinds.map(() => new Float64Array(moments + 1));
  for (const buffer of plan.buffers) {
    const of = change[kinds.indexOf(buffer.kind)];
    of[Math.min(buffer.begin, moments)] += buffer.bytes;
    of[Math.min(buffer.end, moments)] -= buffer.bytes;
  }
  for (const of of change)
    for (let i = 1; i <= moments; ++i) of[i] += of[i - 1];
  return { kinds, moments, alive: change };
}

function niceStep(most, parts) {
  const rough = most / parts, power = Math.pow(2, Math.floor(Math.log2(rough)));
  return rough / power > 1.5 ? power * 2 : power;
}

function memoryPicture() {
  const { kinds, moments, alive } = memoryOverTime();
  const width = 1130, height = 340, left = 74, bottom = 28, top = 10;
  const totals = Array.from({ length: moments },
                            (_, i) => alive.reduce((sum, of) => sum + of[i], 0));
  const peak = totals.indexOf(Math.max(...totals));
  const budget = plan.arena_budget_bytes;
  const budgetShown = budget < totals[peak] * 1.6; // else it would flatten the rest
  const most = Math.max(totals[peak], budgetShown ? budget : 0) * 1.1;
  const x = i => left + (width - left - 8) * i / moments;
  const y = value => height - bottom - (height - bottom - top) * value / most;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, id: "memory-picture" });

  const step = niceStep(most, 5);
  for (let value = 0; value < most; value += step)
    picture.append(svg("line", { class: "axis", x1: left, x2: width - 8, y1: y(value), y2: y(value) }),
                   svg("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, bytes(value)));
  const base = new Float64Array(moments);
  kinds.forEach((kind, k) => {
    const above = [], below = [];
    for (let i = 0; i < moments; ++i) {
      below.push(`${x(i).toFixed(1)},${y(base[i]).toFixed(1)}`,
                 `${x(i + 1).toFixed(1)},${y(base[i]).toFixed(1)}`);
      base[i] += alive[k][i];
      above.push(`${x(i).toFixed(1)},${y(base[i]).toFixed(1)}`,
                 `${x(i + 1).toFixed(1)},${y(base[i]).toFixed(1)}`);
    }
    picture.append(svg("polygon", {
      points: above.concat(below.reverse()).join(" "), fill: memoryColours[kind] }));
  });
  if (budgetShown)
    picture.append(
      svg("line", { x1: left, x2: width - 8, y1: y(budget), y2: y(budget),
                    stroke: "#c1121f", "stroke-dasharray": "6 4" }),
      svg("text", { x: width - 12, y: y(budget) - 5, "text-anchor": "end" }, "budget"));
  picture.append(
    svg("line", { class: "guide", x1: x(peak + 0.5), x2: x(peak + 0.5), y1: y(totals[peak]),
                  y2: height - bottom }),
    svg("text", { x: Math.min(x(peak + 0.5), width - 150), y: y(totals[peak]) - 7,
                  "text-anchor": "middle", style: "fill:#1c2733" },
        `peak: ${bytes(totals[peak])} at ${peak ? plan.calls[peak - 1] : "the start"}`),
    svg("text", { x: (left + width) / 2, y: height - 6, "text-anchor": "middle" },
        `calls of the step, 1 to ${plan.calls.length}`));
  const guide = svg("line", { class: "guide", y1: top, y2: height - bottom, visibility: "hidden" });
  picture.append(guide);
  picture.onmousemove = event => {
    const box = picture.getBoundingClientRect();
    const i = Math.floor(((event.clientX - box.left) * width / box.width - left) /
                         (width - left - 8) * moments);
    if (i < 0 || i >= moments) return;
    guide.setAttribute("x1", x(i + 0.5));
    guide.setAttribute("x2", x(i + 0.5));
    guide.setAttribute("visibility", "visible");
    showTip(event, [`${i ? plan.calls[i - 1] : "start"}: ${bytes(totals[i])}`].concat(
      kinds.map((kind, k) => [kind, alive[k][i]]).filter(entry => entry[1])
        .map(([kind, value]) => `  ${kind} ${bytes(value)}`)).join("\n"));
  };
  picture.onmouseleave = () => { hideTip(); guide.setAttribute("visibility", "hidden"); };
  at("memory").append(picture);
  legend(at("memory-legend"), memoryColours, Object.fromEntries(kinds.map(kind => [kind, kind])));

  const memory = plan.memory, named = 14;
  at("peak-title").textContent = `Largest of ${memory.peak_buffers.length} buffers at the peak ` +
    `of ${bytes(memory.largest_live_set_bytes)}, in ${memory.peak_call} of @${memory.peak_function}`;
  bars(at("peak"), memory.peak_buffers.slice(0, named).map(buffer => ({
    name: buffer.name, parts: [[memoryColours[buffer.kind], buffer.bytes]],
    text: bytes(buffer.bytes) })));
}

// --- Time -----------------------------------------------------------------------------------

function timelinePicture() {
  const place = at("timeline"), total = plan.step_seconds.total, lane = 46, left = 108;
  legend(at("timeline-legend"), timeColours, timeNames);
  function draw(zoom) {
    const width = left + 970 * zoom, height = 2 * lane + 44;
    const picture = svg("svg", { width, height, id: "timeline-picture" });
    const x = seconds => left + (width - left - 12) * seconds / total;
    picture.append(svg("text", { x: 4, y: lane / 2 + 8 }, "computation"),
                   svg("text", { x: 4, y: lane * 1.5 + 14 }, "communication"));
    const ticks = 8 * zoom;
    for (let i = 0; i <= ticks; ++i) {
      const seconds = total * i / ticks;
      picture.append(
        svg("line", { class: "axis", x1: x(seconds), x2: x(seconds), y1: 0, y2: 2 * lane + 18 }),
        svg("text", { x: x(seconds), y: height - 8,
                      "text-anchor": i === ticks ? "end" : "middle" }, time(seconds)));
    }
    for (const op of plan.operations) {
      const end = op.begin + op.seconds;
      const block = svg("rect", {
        x: x(op.begin).toFixed(2), width: Math.max(x(end) - x(op.begin), 0.25).toFixed(2),
        y: moves(op) ? lane + 12 : 4, height: lane - 4, fill: timeColours[op.phase] });
      block.onmousemove = event => showTip(event,
        `${op.name}\n${op.kind}${op.axes ? " over " + op.axes : ""}\n${time(op.seconds)} from ` +
        `${time(op.begin)}\n${bytes(op.bytes)}${op.flops ? ", " + count(op.flops) + "FLOP" : ""}`);
      block.onmouseleave = hideTip;
      picture.append(block);
    }
    place.replaceChildren(picture);
  }
  const buttons = [1, 4, 16, 64].map(zoom => {
    const button = html("button", {}, zoom === 1 ? "whole step" : `${zoom} times`);
    button.onclick = () => {
      buttons.forEach(other => other.classList.toggle("on", other === button));
      draw(zoom);
    };
    return button;
  });
  at("zoom").append(...buttons);
  buttons[0].click();
}

function layersPicture() {
  const layers = new Map(), shown = 30;
  for (const op of plan.operations) {
    const name = layerOf(op.name);
    if (!layers.has(name)) layers.set(name, Object.fromEntries(
      Object.keys(timeColours).map(phase => [phase, 0])));
    layers.get(name)[op.phase] += op.seconds;
  }
  const sum = phases => Object.values(phases).reduce((a, b) => a + b, 0);
  const rows = [...layers].sort((a, b) => sum(b[1]) - sum(a[1]));
  bars(at("layers"), rows.slice(0, shown).map(([name, phases]) => ({
    name, parts: Object.entries(phases).map(([phase, value]) => [timeColours[phase], value]),
    text: `${time(sum(phases))}  ${percent(sum(phases) / plan.step_seconds.total)}` })));
  if (rows.length > shown)
    at("layers").append(html("div", { class: "note" },
                             `and ${rows.length - shown} layers with less`));
}

// --- Tables ---------------------------------------------------------------------------------

function planTable() {
  const ops = new Map(plan.operations.map(op => [op.name, op]));
  const rows = Object.entries(plan.functions[0].plan).map(([name, strategy]) => ({
    name, strategy, op: ops.get(name) || { kind: "", flops: 0, bytes: 0, seconds: 0 } }));
  table(at("plan"), rows, [
    word("value", row => row.name),
    word("kind", row => row.op.kind),
    { ...word("strategy", row => row.strategy), spec: true },
    number("FLOP", row => row.op.flops || 0, count),
    number("bytes", row => row.op.bytes, value => value ? bytes(value) : ""),
    number("us", row => row.op.seconds, value => value ? micros(value) : ""),
    number("share", row => row.op.seconds / plan.step_seconds.total,
           value => value ? percent(value) : ""),
  ], { search: true });
}

function movesTable() {
  const rows = plan.operations.filter(moves).sort((a, b) => b.seconds - a.seconds);
  if (!rows.length) {
    at("moves").append(html("p", {}, "No data moves between ranks."));
    return;
  }
  table(at("moves"), rows, [
    word("value", op => op.name), word("kind", op => op.kind), word("over", op => op.axes),
    number("bytes", op => op.bytes, bytes), number("us", op => op.seconds, micros),
    number("share", op => op.seconds / plan.step_seconds.total, percent),
  ], { search: true });
}

function solverTables() {
  table(at("solver"), plan.functions, [
    word("function", row => "@" + row.function), word("status", row => row.status),
    number("objective", row => row.objective_seconds, time),
    number("bound", row => row.lower_bound_seconds, time),
    number("gap", row => row.gap, percent), number("solver", row => row.solver_seconds, time),
    number("nodes", row => row.nodes, String), number("strategies", row => row.strategies, String),
    number("edges", row => row.edges, String),
    number("left by presolve", row => row.nodes_after_presolve, String),
  ]);
  const extra = plan.recomputation;
  at("recomputation").append(html("p", {}, extra
    ? `Recomputation (${extra.status}, found by ${extra.found_by}): +${time(extra.extra_seconds)}, ` +
      `${leastExtra(extra)}; ${time(extra.solver_seconds)}.`
    : "Nothing is computed again."));
  const all = value => value ? bytes(value) : "all it wants";
  table(at("attempts"), plan.attempts, [
    number("for the sharding", row => row.sharding_limit_bytes, all),
    number("for activations", row => row.activation_bytes, all),
    number("arena", row => row.arena_bytes, bytes), number("step", row => row.step_seconds, time),
    word("", row => row.arena_bytes > plan.arena_budget_bytes ? "too large"
                    : row.kept ? "kept" : ""),
  ]);
  at("attempts").append(html("div", { class: "note" }, `all passes: ${time(plan.pass_seconds)}`));
}

header();
memoryPicture();
timelinePicture();
layersPicture();
planTable();
movesTable();
solverTables();
document.body.dataset.ready = "yes";
