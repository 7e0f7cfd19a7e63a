Error.prepareStackTrace = () => {
  throw new Error('no stacks here');
};
throw new Error('the real one');
