const error = new Error('as first said');
for (const name of ['name', 'message', 'code', 'cause', 'errors', 'stack', 'toJSON', 'toString'])
  Object.defineProperty(error, name, {
    get() {
      require('node:fs').writeSync(1, `${name} was read\n`);
      throw new Error(`do not read ${name}`);
    },
  });
throw error;
