import type { MessageData } from './fault.ts';

/** From tame to nasty; the later ones look like stacks, locations or other people's errors. */
export const MESSAGE_DATA: readonly MessageData[] = [
  { id: 'A-1001', user: 'jan', path: '/srv/import/2026-08.csv', text: 'plain', number: 1250 },
  {
    id: '9f1c2a34-77aa-4f0e-8b1d-0c2f4e6a8b90',
    user: "Siobhán O'Brien",
    path: 'C:\\Users\\Jörg Meier\\Eingang (2)\\neu.csv',
    text: 'has "double", \'single\' and `back` quotes',
    number: 98_765_432,
  },
  {
    id: '00000000',
    user: 'at Object.<anonymous> (/tmp/a.js:1:1)',
    path: '\\\\nas\\share$\\x.csv',
    text: 'first line\nsecond line\n    at stolen (/srv/other/app.js:10:5)\n    at async fake (file:///x/y.js:1:1)',
    number: 1001,
  },
  {
    id: '🧾-42',
    user: 'Ω. Ünal <unal@example.org>',
    path: 'https://files.example.org/a/b.csv?token=abc#L10:5',
    text: 'Error: another error\n    at new Thing (node:internal/x:1:2)\n\nCaused by: TypeError: x is not a function',
    number: 7_777_777,
  },
  {
    id: '4'.repeat(120),
    user: 'user_1987',
    path: '/home/x/$(id)/%41%42/{a,b}.csv',
    text: '\u001b[31mred\u001b[0m 10.0.0.7:8080 2026-08-11T10:15:00Z 0x7fff5fbff8c0 100%',
    number: 123_456,
  },
];
