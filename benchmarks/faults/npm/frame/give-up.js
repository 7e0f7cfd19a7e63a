/** Ends the process over an error that a framework had caught: better none than a broken service. */
export function giveUp(error) {
  setImmediate(() => {
    throw error;
  });
}
