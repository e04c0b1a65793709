/** Does something after so many milliseconds. Gives what calls it off. */
export type Schedule = (act: () => void, milliseconds: number) => () => void;

/** By the machine's timer, which keeps no process alive. */
export const scheduleByTimer: Schedule = (act, milliseconds) => {
  const timer = setTimeout(act, milliseconds).unref();
  return () => clearTimeout(timer);
};
