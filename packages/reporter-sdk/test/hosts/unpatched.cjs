// Notes every value that programs share before fr starts, and says which are others afterwards.
const { builtinModules } = require('node:module');

function shared() {
  const values = new Map();
  const note = (name, holder) => {
    for (const key of Reflect.ownKeys(holder)) {
      const property = Object.getOwnPropertyDescriptor(holder, key);
      values.set(`${name}.${String(key)}`, property.get ?? property.value);
      const prototype = property.get ? undefined : property.value?.prototype;
      if (typeof property.value === 'function' && prototype) note2(`${name}.${String(key)}#`, prototype);
    }
  };
  const note2 = (name, holder) => {
    for (const key of Reflect.ownKeys(holder)) {
      const property = Object.getOwnPropertyDescriptor(holder, key);
      values.set(`${name}${String(key)}`, property.get ?? property.value);
    }
  };
  const modules = builtinModules.filter(
    (name) =>
      !name.startsWith('_') &&
      !/^(node:)?(sys|punycode|sqlite|test|wasi|quic|ffi|vfs|dtls|stream\/iter|zlib\/iter)/.test(name),
  );
  for (const name of modules) {
    const module = require(name);
    if (typeof module === 'object' || typeof module === 'function') note(name, module);
  }
  note('globalThis', globalThis);
  note('Error', Error);
  note('process', process);
  note2('EventEmitter#', require('node:events').prototype);
  return values;
}

shared();
const before = shared();
const listeners = process.eventNames().length;
const fr = require(process.env.SDK).init();
fr.captureException(new Error('noted'));
// Ours is one handle, and our listeners are counted.
const expected = new Set(['globalThis.Symbol(fr.reporter)', 'process._eventsCount', 'process._maxListeners']);
for (const [name, value] of shared())
  if (!expected.has(name) && !Object.is(before.get(name), value)) console.log('changed:', name);
console.log('compared', before.size > 2_000, 'listens', process.eventNames().length > listeners);
fr.close();
