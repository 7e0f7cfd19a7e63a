/**
 * Loaded by every page before its program: notes the first uncaught failure as a reporter in the page could read it,
 * posts it, and goes where the server says.
 */
(() => {
  const DEEPEST = 8;
  const PATIENCE_MS = 3000;
  // Out of the address, because some messages repeat that.
  globalThis.SHOP_WISH = location.search;
  const job = new URLSearchParams(location.search).get('job');
  history.replaceState(null, '', '/');
  let done = false;

  function factsOf(thrown, depth) {
    if (thrown === null || (typeof thrown !== 'object' && typeof thrown !== 'function'))
      return { message: String(thrown), thrown: thrown === null ? 'null' : typeof thrown };
    return {
      ...(thrown instanceof Error || 'stack' in thrown ? {} : { thrown: typeof thrown }),
      ...texts(thrown, ['name', 'message', 'stack', 'code', 'syscall']),
      ...(depth < DEEPEST ? inside(thrown, depth + 1) : {}),
    };
  }

  function inside(thrown, depth) {
    return {
      ...(thrown.cause === undefined ? {} : { cause: factsOf(thrown.cause, depth) }),
      ...(Array.isArray(thrown.errors) ? { errors: thrown.errors.map((one) => factsOf(one, depth)) } : {}),
    };
  }

  function texts(thrown, keys) {
    const there = keys.filter((key) => typeof thrown[key] === 'string');
    return Object.fromEntries(there.map((key) => [key, thrown[key]]));
  }

  function report(facts) {
    if (done) return;
    done = true;
    const body = JSON.stringify(facts);
    fetch(`/__report?job=${job}`, { method: 'POST', body })
      .then((answer) => answer.text())
      .then((url) => location.replace(url))
      .catch(() => undefined);
  }

  addEventListener('error', (event) => report(factsOf(event.error, 0)));
  addEventListener('unhandledrejection', (event) => report(factsOf(event.reason, 0)));
  setTimeout(() => report(null), PATIENCE_MS);
})();
