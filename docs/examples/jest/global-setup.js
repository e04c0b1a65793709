const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { createInterface } = require('node:readline');

/** Starts one mock for all workers, which inherit the variable, unless one is running. */
module.exports = async () => {
  if (process.env.ARZAMED_MOCK_URL) return;
  const mock = spawn('arzamed', ['mock', '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await Promise.race([once(createInterface(mock.stdout), 'line'), once(mock, 'exit')]);
  process.env.ARZAMED_MOCK_URL = JSON.parse(line).url;
  globalThis.arzamedMock = mock;
};
