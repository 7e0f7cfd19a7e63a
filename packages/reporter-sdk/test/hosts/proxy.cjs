const trap = () => {
  throw new Error('a trap was sprung');
};
const handler = new Proxy({}, { get: () => trap });
throw new Proxy(new Error('inside'), handler);
