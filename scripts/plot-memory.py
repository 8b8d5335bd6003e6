#!/usr/bin/env python3
"""Draws the memory of a training step over time, as SVG.

    autopar-remat-solve GRAPH.json --method none --budget 1.0 --live-out whole.csv
    autopar-remat-solve GRAPH.json --budget 0.3 --live-out third.csv
    scripts/plot-memory.py -o memory.svg "everything held=whole.csv" "within 30 %=third.csv"

Each curve is one file; what runs again is marked below the axis. Time is in
percent of the first file's.
"""

import argparse
import csv
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 16, 64
COLOURS = ["#8a8a8a", "#0b62a4", "#c8501e", "#2f7d32"]


def read(path):
    """The rows of one schedule: (start, end, bytes, runs again)."""
    with open(path, newline="") as file:
        rows = [
            (int(row["start"]), int(row["start"]) + int(row["cost"]), int(row["bytes"]),
             int(row["run"]) > 1)
            for row in csv.DictReader(file)
        ]
    if not rows:
        raise SystemExit(f"error: {path} has no rows; expected what --live-out writes")
    return rows


def ticks(limit, count=7):
    """Round numbers from 0 up to `limit`, about `count` of them."""
    step = 10 ** len(str(int(limit / count))) / 10 if limit >= count else 1
    step = next(step * factor for factor in (1, 2, 5, 10) if limit / (step * factor) <= count)
    return [step * i for i in range(int(limit / step) + 1)]


def draw(curves):
    whole = curves[0][1][-1][1]
    last = max(rows[-1][1] for _, rows in curves) / whole * 100
    most = max(row[2] for _, rows in curves for row in rows) / 2**30
    x = lambda time: LEFT + (WIDTH - LEFT - RIGHT) * (time / whole * 100) / last
    y = lambda size: HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * size / 2**30 / (most * 1.05)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for tick in ticks(most):
        at = y(tick * 2**30)
        out.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        out.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{tick:g}</text>')
    for tick in ticks(last):
        at = x(tick / 100 * whole)
        out.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">'
                   f'{tick:g} %</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    out.append(f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">'
               'GiB alive</text>')
    key = LEFT
    for index, (label, rows) in enumerate(curves):
        colour = COLOURS[index % len(COLOURS)]
        path = [f"M{x(0):.1f} {y(0):.1f}"]
        for start, end, size, _ in rows:
            path.append(f"V{y(size):.1f}")
            if x(end) - x(start) >= 0.05:
                path.append(f"H{x(end):.1f}")
        out.append(f'<path d="{"".join(path)}" fill="none" stroke="{colour}" '
                   'stroke-width="1.2"/>')
        again = "".join(f"M{x(start):.1f} {HEIGHT - BOTTOM + 18 + 6 * index}H{x(end):.1f}"
                        for start, end, _, is_again in rows if is_again)
        if again:
            out.append(f'<path d="{again}" stroke="{colour}" stroke-width="5"/>')
        out.append(f'<path d="M{key} {HEIGHT - 14}h20" stroke="{colour}" stroke-width="3"/>')
        out.append(f'<text x="{key + 26}" y="{HEIGHT - 10}">{escape(label)}</text>')
        key += 50 + 7 * len(label)
    out.append("</svg>")
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("curves", nargs="+", metavar="LABEL=FILE.csv")
    parser.add_argument("-o", "--output", required=True, metavar="FILE.svg")
    arguments = parser.parse_args()
    curves = []
    for text in arguments.curves:
        label, equals, path = text.rpartition("=")
        if not equals:
            parser.error(f"'{text}' is not LABEL=FILE.csv")
        curves.append((label, read(path)))
    with open(arguments.output, "w") as file:
        file.write(draw(curves))


if __name__ == "__main__":
    main()
