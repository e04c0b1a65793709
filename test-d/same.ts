/** True where two types are one and the same to the compiler: `any`, `readonly` and `?` count. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where two types are one and the same. Nothing here is ever run. */
export declare function same<A, B>(
  ...difference: Same<A, B> extends true ? [] : [theTypesDiffer: { a: A; b: B }]
): void;

/** The names of what an object must have. */
export type RequiredKeys<T> = { [Name in keyof T]-?: object extends Pick<T, Name> ? never : Name }[keyof T];
