process.on('exit', () => {
  null.gone();
});
throw new Error('first');
