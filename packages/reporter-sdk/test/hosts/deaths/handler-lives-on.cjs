process.on('uncaughtException', () => {});
setTimeout(() => {}, 20);
throw new Error('not so bad');
