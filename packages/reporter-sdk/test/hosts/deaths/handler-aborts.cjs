process.on('uncaughtException', () => process.abort());
throw new Error('that bad');
