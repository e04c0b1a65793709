/** Prints that everything is as it was at the start, so that the lines above are not taken for what the journal has. */
export function printReset(sandbox: string | undefined): void {
  const whose = sandbox === undefined ? 'reset' : `reset of /s/${sandbox}`;
  process.stdout.write(`  ${whose}: as it was at the start; journal and findings are empty\n`);
}
