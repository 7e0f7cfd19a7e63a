process.on('exit', () => process.abort());
throw new Error('first');
