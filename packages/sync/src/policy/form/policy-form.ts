import { INFORMATION_TYPES } from '@fr/protocol';
import { POLICY_ACTIONS } from '../policy.ts';
import { WEEKDAYS } from '../send-window.ts';
import type { ListForm, ManyForm, MapForm, MemberForm } from './form.ts';
import {
  BUCKET,
  BYTES,
  COUNT,
  choice,
  DESTINATION,
  GLOB,
  KEY,
  PROBLEM,
  REMOVED_TEXT,
  SWITCH,
  TIME,
  TYPE,
  VERSION_1,
  VERSIONS,
} from './leaves.ts';

function many(of: ManyForm['of']): ManyForm {
  return { kind: 'many', of };
}

function list(of: MapForm): ListForm {
  return { kind: 'list', of };
}

const PROGRAM: MemberForm = { form: many(GLOB), about: 'Name of the program; * for any run of characters.' };
const TO: MemberForm = {
  form: many(DESTINATION),
  about:
    "The destination's origin, as in https://vendor.example. A rule with it says nothing about collecting for the site itself.",
};

const OFFER: MapForm = {
  kind: 'map',
  what: 'an offer',
  withLine: true,
  members: {
    program: { ...PROGRAM, needed: 'an offer names a "program"' },
    to: { form: many(DESTINATION), about: 'The only destination it may be named to; without it, every one.' },
  },
};

const RULE: MapForm = {
  kind: 'map',
  what: 'a rule',
  withLine: true,
  members: {
    program: PROGRAM,
    programVersion: {
      form: many(VERSIONS),
      about: 'Its version: a glob (1.4.*), or comparisons (">=1.2 <2", "<1 || >=3").',
    },
    module: { form: many(GLOB), about: 'The module in which it failed; * for any run of characters.' },
    bucket: { form: many(BUCKET), about: 'Id of the bucket, as `fr-admin buckets` lists it.' },
    problem: { form: many(PROBLEM), about: 'Id of the problem, as `fr-admin problems` lists it.' },
    type: { form: many(TYPE), about: 'Information type, or a glob over them (attachment:*).' },
    to: TO,
    largerThan: { form: BYTES, about: 'Fits only information known to be larger (64 KiB, 3 MB).' },
    action: {
      form: choice(POLICY_ACTIONS, 'an action'),
      about:
        'allow: at once. ask: after an administrator has approved the demand. deny: never, whoever approves.',
      needed: 'a rule has an "action": allow, deny or ask',
    },
  },
};

const REDACTION: MapForm = {
  kind: 'map',
  what: 'a redaction',
  withLine: true,
  oneOf: ['keys', 'texts'],
  members: {
    program: PROGRAM,
    type: { form: many(TYPE), about: 'Only in parts of this information type; without it, in every part.' },
    to: { form: many(DESTINATION), about: 'Only towards this destination; without it, towards every one.' },
    keys: {
      form: many(KEY),
      about: 'Values of these keys go, at any depth: a name in whatever case, outer.inner, or a glob.',
    },
    texts: {
      form: many(REMOVED_TEXT),
      about:
        'These texts go wherever they stand; a * at either end takes the rest of the word along (INV-*).',
    },
  },
};

const STANDING: MapForm = {
  kind: 'map',
  what: 'a standing demand',
  withLine: true,
  members: {
    program: { ...PROGRAM, needed: 'a standing demand names a "program"' },
    type: {
      form: many(choice(INFORMATION_TYPES, 'an information type')),
      about: 'Information types, by name.',
      needed: 'a standing demand names a "type"',
    },
    count: { form: COUNT, about: 'Samples of each type from each bucket; without it, 1.' },
    to: { form: many(DESTINATION), about: 'Only towards this destination; without it, towards every one.' },
    reason: { form: GLOB, about: 'Why, for the record.' },
  },
};

const WINDOW: MapForm = {
  kind: 'map',
  what: 'a window',
  withLine: true,
  members: {
    days: { form: many(choice(WEEKDAYS, 'a day')), about: 'Days on which it begins; without it, every day.' },
    from: {
      form: TIME,
      about: 'When it opens, as in 22:00.',
      needed: 'a window says "from" when it is open',
    },
    to: {
      form: TIME,
      about: 'When it closes, as in 05:00; on the next day where that is not later than "from".',
      needed: 'a window says until when ("to") it is open',
    },
    bytes: { form: BYTES, about: 'Bytes that may leave in one such window, headers and offers included.' },
  },
};

const CAPS: MapForm = {
  kind: 'map',
  what: 'caps',
  members: {
    bytesPerDay: { form: BYTES, about: 'Bytes that may leave in any 24 hours, headers and offers included.' },
    entriesPerBucket: { form: COUNT, about: 'Entries of one bucket that may ever leave.' },
    entryBytes: { form: BYTES, about: 'Bytes of what leaves of one entry.' },
  },
};

/** The form of a policy file. */
export const POLICY_FORM: MapForm = {
  kind: 'map',
  what: 'a policy',
  members: {
    version: {
      form: VERSION_1,
      about: 'Version of this form.',
      needed: 'a policy begins with "version: 1"',
    },
    everything: {
      form: SWITCH,
      about: 'off: nothing is collected and nothing leaves. Hits are still counted here.',
    },
    collect: {
      form: SWITCH,
      about: 'off: reporters are asked for nothing but hits. What is held may still leave.',
    },
    send: { form: SWITCH, about: 'off: not a byte leaves, not even an offer. Collecting goes on.' },
    review: {
      form: choice(['none', 'entry'], 'a kind of review'),
      about:
        'entry: each entry waits until somebody has looked at what would leave of it (`fr-admin review`).',
    },
    answers: {
      form: SWITCH,
      about: "off: vendors' answers are not passed on to the people at their programs.",
    },
    offer: {
      form: list(OFFER),
      about: 'Programs that may be spoken of. Nothing about any other leaves, not even its name.',
    },
    rules: {
      form: list(RULE),
      about: 'The first that fits decides. Where none fits: stack and environment leave, all else asks.',
    },
    redact: {
      form: list(REDACTION),
      about: 'What is removed from parts before they leave, besides what reporters have scrubbed already.',
    },
    standing: {
      form: list(STANDING),
      about: 'What exported bundles carry although nobody asks, where no word ever comes back.',
    },
    schedule: {
      form: list(WINDOW),
      about: 'When bytes may leave, by the clock of this machine; without it, at any time.',
    },
    caps: { form: CAPS, about: 'How much may leave at the most.' },
  },
};
