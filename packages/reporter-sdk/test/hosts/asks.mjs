import { appendFileSync } from 'node:fs';
import { init } from '@fr/reporter-sdk';

const { ANSWER, ASKED, WAITING } = process.env;
function crash() {
  null.crash;
}
init({
  consent: 'ask',
  async onAsk(question) {
    appendFileSync(ASKED, `${JSON.stringify(question)}\n`);
    await new Promise((resolve) => setImmediate(resolve));
    setTimeout(crash);
    if (ANSWER === 'throws') throw new Error('the window was closed');
    return ANSWER;
  },
});
if (!WAITING) setTimeout(crash);
