import type { Table } from '../harness/section.ts';
import { isOwn, quantity } from './format.ts';
import { colours, drawing, line, round, text } from './svg.ts';

const width = 720;
const left = 180;
const right = 120;
const rowHeight = 30;
const top = 34;

/** The medians of a table as bars from 0, each with a line from the smallest to the largest value. */
export function bars({ title, unit, figures }: Table): string {
  // One value far out must not make the bars short: its line is cut at the edge.
  const largest = Math.max(...figures.map(({ median }) => median)) * 1.25;
  const x = (value: number): number => left + (Math.min(value, largest) / largest) * (width - left - right);
  const rows = figures.flatMap((figure, index) => {
    const middle = top + index * rowHeight + rowHeight / 2;
    const colour = isOwn(figure) ? colours[0] : '#8c959f';
    return [
      text(left - 10, middle + 4, figure.who, 'end'),
      `<rect x="${left}" y="${middle - 10}" width="${round(x(figure.median) - left)}" height="20" fill="${colour}"/>`,
      line([x(figure.minimum), middle], [x(figure.maximum), middle], 'range'),
      text(Math.max(x(figure.median), x(figure.maximum)) + 8, middle + 4, quantity(figure.median, unit)),
    ];
  });
  const height = top + figures.length * rowHeight + 24;
  const axis = line([left, top], [left, height - 24], 'axis');
  const legend = text(left, height - 6, 'Bar: median. Line: from the smallest to the largest value.', 'quiet');
  return drawing(width, height, title, [...rows, axis, legend]);
}
