// A part of the program that is CommonJS still.
const { createClientFromEnv } = require('arzamed-devkit');

createClientFromEnv()
  .listDoctors()
  .then((doctors) => process.stdout.write(`${doctors.length} doctors\n`));
