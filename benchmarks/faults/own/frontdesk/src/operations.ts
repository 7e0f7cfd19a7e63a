import { request } from 'node:http';
import { Desk, openAt } from './desk.ts';
import { knock, page, pageRaw, post, weather } from './outside.ts';
import { answer } from './rooms.ts';
import visits, { boundary, session, staffOnly } from './steps.ts';

type Input = any;

function newDesk(): Desk {
  return new Desk().use(boundary, session, staffOnly, answer);
}

function visit(input: Input): void {
  newDesk().open((_server, port) => {
    const { path, cookie, body } = input;
    const headers = cookie === undefined ? {} : { cookie };
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      headers,
      method: body === undefined ? 'GET' : 'POST',
    });
    asked.on('error', () => {});
    asked.end(body);
  });
}

const operations: Record<string, (input: Input) => unknown> = {
  help: () => '',
  visit,
  call: (input) => newDesk().dispatch({ url: input.path, headers: { cookie: input.cookie } }, { end() {} }),
  page: (input) => page(input.user),
  pageRaw: (input) => pageRaw(input.user),
  weather: (input) => weather(input.town),
  post: (input) => post(input),
  postAll: (input) => Promise.all(input.map(post)),
  knock: () => knock(),
  openAt: (input) => openAt(input.host),
  count(input) {
    const counter = visits();
    counter.next('');
    return input.users.map((user: string) => counter.next(user).value);
  },
};

/** Does one thing by its name. */
export function perform(operation: string, input: Input): unknown {
  const act = operations[operation];
  if (act === undefined) throw new Error(`no operation ${operation}`);
  return act(input);
}
