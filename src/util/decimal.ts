/** A number as the decimal that its JSON text is: 19.99 is 1999 and -2. */
interface Decimal {
  digits: bigint;
  exponent: number;
}

function decimalOf(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** Whether a number is a multiple of another as decimals, as 19.99 is of 0.01, which floating point does not tell. */
export function isMultipleOf(value: number, step: number): boolean {
  if (!Number.isFinite(value) || !Number.isFinite(step) || step === 0) return false;
  const [one, other] = [decimalOf(value), decimalOf(step)];
  const least = Math.min(one.exponent, other.exponent);
  const scaled = ({ digits, exponent }: Decimal): bigint => digits * 10n ** BigInt(exponent - least);
  return scaled(one) % scaled(other) === 0n;
}

/** The product of an integer and a number as decimals: 3 times 0.1 is 0.3. */
export function times(count: number, step: number): number {
  if (!Number.isSafeInteger(count) || !Number.isFinite(step)) return count * step;
  const { digits, exponent } = decimalOf(step);
  return Number(`${digits * BigInt(count)}e${exponent}`);
}
