import { titleOf, type Growth, type Point } from '../harness/section.ts';
import { number } from './format.ts';
import { colours, drawing, line, round, text } from './svg.ts';

const width = 720;
const height = 300;
const box = { left: 70, right: 560, top: 40, bottom: 250 };

/** Medians above what grows, on a logarithmic axis, each with a line from the smallest to the largest value. */
export function lines(growth: Growth): string {
  const { of, unit, lines: all } = growth;
  const points = all.flatMap((each) => each.points);
  const sizes = [...new Set(points.map(({ at }) => at))].toSorted((a, b) => a - b);
  const [first = 1, last = 1] = [sizes[0], sizes.at(-1)];
  const step = niceStep(Math.max(...points.map(({ maximum }) => maximum)) / 4);
  const largest = Math.max(step, Math.ceil(Math.max(...points.map(({ maximum }) => maximum)) / step) * step);
  const x = (at: number): number =>
    box.left + 20 + (Math.log(at / first) / Math.max(Math.log(last / first), 1e-9)) * (box.right - box.left - 40);
  const y = (value: number): number => box.bottom - (value / largest) * (box.bottom - box.top);
  const ticks = Array.from({ length: Math.round(largest / step) + 1 }, (_, index) => index * step);
  return drawing(width, height, unit === 'per second' ? titleOf(growth) : `${titleOf(growth)}, ${unit}`, [
    ...ticks.flatMap((tick) => [
      line([box.left, y(tick)], [box.right, y(tick)], tick === 0 ? 'axis' : 'grid'),
      text(box.left - 8, y(tick) + 4, number(tick), 'end quiet'),
    ]),
    ...sizes.map((size) => text(x(size), box.bottom + 18, number(size), 'middle quiet')),
    text((box.left + box.right) / 2, box.bottom + 38, `${of} (logarithmic)`, 'middle quiet'),
    ...all.flatMap((each, index) => one(each, index, (point) => [x(point.at), y(point.median)], y)),
    // Of many lines, the beginnings are too close to be told apart.
    ...(all.length > 2 ? [] : labels(all.map((each) => each.points[0]))),
    ...labels(all.map((each) => each.points.at(-1))),
  ]);

  /** The medians beside points of one size, none over another. */
  function labels(ends: (Point | undefined)[]): string[] {
    let free = -Infinity;
    return ends
      .flatMap((end) => end ?? [])
      .toSorted((a, b) => b.median - a.median)
      .map((end) => {
        const at = Math.max(y(end.median) - 6, free);
        free = at + 13;
        return text(x(end.at) + 6, at, number(end.median));
      });
  }
}

function one(
  { who, points }: Growth['lines'][number],
  index: number,
  place: (point: Point) => [number, number],
  y: (value: number) => number,
): string[] {
  const colour = colours[index % colours.length] ?? colours[0];
  const places = points.map((point) => ({ point, at: place(point) }));
  const path = places.map(({ at }) => at.map(round).join(',')).join(' ');
  const legend = box.top + 10 + index * 20;
  return [
    `<g stroke="${colour}" fill="${colour}">`,
    `<polyline points="${path}" fill="none" stroke-width="2"/>`,
    ...places.map(({ at: [px, py] }) => `<circle cx="${round(px)}" cy="${round(py)}" r="3"/>`),
    ...places.map(
      ({ point, at: [px] }) =>
        `<line x1="${round(px)}" x2="${round(px)}" y1="${round(y(point.minimum))}" y2="${round(y(point.maximum))}"/>`,
    ),
    `<line x1="${box.right + 15}" x2="${box.right + 35}" y1="${legend}" y2="${legend}" stroke-width="2"/>`,
    '</g>',
    text(box.right + 42, legend + 4, who),
  ];
}

/** 1, 2 or 5 times a power of ten, no smaller than asked. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}
