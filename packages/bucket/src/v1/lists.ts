/**
 * Names that mark a frame as the messenger of a failure, not its place. Each list says what earns a place on it;
 * names are those people write in many code bases, never those of one product.
 */
import { words } from '../total.ts';

/** Functions whose purpose is to throw when their caller is wrong. */
export const ASSERTIONS: ReadonlySet<string> = words(
  'assert invariant ok strictEqual deepStrictEqual equal fail panic unreachable assertNever expect ensure',
);

/** Functions that make or throw an error for their caller: `createError`, `throwIfMissing`, `raise`. */
export const ERROR_MAKER: RegExp =
  /^(?:assert[A-Z_]\w*|(?:create|make|new|build|generate|to|wrap|throw|raise|get)\w*(?:Error|Exception)|throw(?:If\w*|Err)?|raise|reject|bail|rethrow)$/;

/** Constructors of error classes, with or without `new` in the stack. */
export const ERROR_CLASS: RegExp = /^(?:[A-Z_$][\w$]*)?(?:Error|Exception)$/;

/** Functions that compilers and bundlers write into the program to run somebody else's code. */
export const GENERATED: ReadonlySet<string> = words(
  '__awaiter __async __generator __asyncGenerator __asyncValues __decorate __commonJS __commonJSMin __esm __init ' +
    '__require __toESM __webpack_require__ __webpack_exec__ asyncGeneratorStep _asyncToGenerator tryCatch ' +
    '_next _throw fulfilled rejected step adopt __TURBOPACK__module__evaluation__ instantiateModule',
);

/** Modules that only carry code or errors of others: compiler run-times, polyfills, assert and error kits. */
export const CARRIER_MODULES: ReadonlySet<string> = words(
  'tslib core-js regenerator-runtime @babel/runtime @swc/helpers invariant tiny-invariant ts-invariant http-errors ' +
    '@hapi/boom @hapi/hoek depd graceful-fs universalify bluebird p-limit p-queue p-retry async-retry promise-retry ' +
    'once wrappy dezalgo zone.js source-map-support verror ono',
);

/** Built-in functions that call their argument at once, so that the frame below is the one around it. */
export const CALLS_AT_ONCE: RegExp =
  /^(?:new )?(?:Array|Map|Set|String|JSON|Promise|Object|Reflect|Function|Iterator|\w*Array)\b/;
