process.on('uncaughtException', (error) => {
  console.error(`handled at home: ${error.message}`);
  process.exit(3);
});
throw new TypeError('not for the SDK to decide');
