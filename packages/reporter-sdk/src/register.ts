/**
 * For `node --import @fr/reporter-sdk/register app.js` (or `--require`): starts fr with the settings in the environment
 * and leaves the program's own code untouched.
 * @module
 */
import { init } from './host/handle.ts';

init();
