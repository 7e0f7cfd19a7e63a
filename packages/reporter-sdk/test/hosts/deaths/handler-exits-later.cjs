process.on('uncaughtException', () => setTimeout(() => process.exit(9), 20));
throw new Error('with a last breath');
