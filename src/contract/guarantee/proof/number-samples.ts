import { boundOf, type Branch } from '../../../verify/guarantee/proof/branches.ts';

/** Numbers at the bounds of a branch and between. */
export function numbersNear(branch: Branch): number[] {
  const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].flatMap(
    (keyword) => boundOf(branch, keyword, Math.max) ?? [],
  );
  const step = boundOf(branch, 'multipleOf', Math.max) ?? 1;
  const [one = 0, other = one] = bounds;
  const found = [
    0,
    1,
    -1,
    7,
    2.5,
    -0.5,
    1e6,
    (one + other) / 2,
    step,
    step * 3,
    ...bounds.flatMap((bound) => [
      bound,
      bound - 1,
      bound + 1,
      bound - 0.5,
      bound + 0.5,
      Math.ceil(bound / step) * step,
    ]),
  ];
  return [...new Set(found)].filter((value) => fitsBounds(branch, value));
}

function fitsBounds(branch: Branch, value: number): boolean {
  return (
    value >= (boundOf(branch, 'minimum', Math.max) ?? -Infinity) &&
    value <= (boundOf(branch, 'maximum', Math.min) ?? Infinity) &&
    value > (boundOf(branch, 'exclusiveMinimum', Math.max) ?? -Infinity) &&
    value < (boundOf(branch, 'exclusiveMaximum', Math.min) ?? Infinity)
  );
}
