import { ALNUM, type Chance, chance, DIGITS, HEX, LOWER, UPPER_BASE32 } from './seed.ts';

/** A text with a secret in it: scrubbed well, the secret is nowhere in the result. */
export interface Planted {
  readonly kind: string;
  readonly text: string;
  readonly secret: string;
}

type Plant = (random: Chance) => { readonly secret: string; readonly written: string };

const WORDS = [
  'winter',
  'Summer',
  'dragon',
  'Password',
  'letmein',
  'tiger',
  'qwerty',
  'hunter',
  'monkey',
  'Blue',
];
const PASSWORD_SIGNS = '!$%^*_-+.~@#&,;/?';

function password(random: Chance): string {
  const word = random.pick(WORDS) + random.text(DIGITS, 1 + random.below(4));
  return random.below(2) === 0 ? word : word + random.text(PASSWORD_SIGNS, 1) + random.text(ALNUM, 3);
}

const KEYS = [
  'password',
  'PASSWORD',
  'db_password',
  'DB_PASSWORD',
  'userPassword',
  'passwd',
  'pwd',
  'client_secret',
  'clientSecret',
  'apiKey',
  'api_key',
  'API-KEY',
  'x-api-key',
  'accessToken',
  'access_token',
  'refresh_token',
  'auth_token',
  'secretKey',
  'SECRET_ACCESS_KEY',
  'private_key',
  'sessionId',
  'PHPSESSID',
  'connect.sid',
  'credentials',
  'smtp_pass',
  'encryption-key',
  'passcode',
  'jwt',
];

function pair(write: (key: string, value: string) => string): Plant {
  return (random) => {
    const secret = password(random);
    return { secret, written: write(random.pick(KEYS), secret) };
  };
}

function token(make: (random: Chance) => string): Plant {
  return (random) => {
    const secret = make(random);
    return {
      secret,
      written: random.pick([secret, `"${secret}"`, `(${secret})`, `x ${secret},`, `k: ${secret}`]),
    };
  };
}

function luhn(digits: string): string {
  for (let check = 0; check < 10; check += 1) {
    let sum = 0;
    const all = digits + check;
    for (let index = 0; index < all.length; index += 1) {
      const digit = Number(all[all.length - 1 - index]) * (index % 2 === 1 ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    if (sum % 10 === 0) return all;
  }
  return digits;
}

const LINE = 64;

/** One example of each further product whose tokens have a published beginning: prefix, alphabet, length behind it. */
const PRODUCTS: readonly (readonly [string, string, number])[] = [
  ['ABIA', UPPER_BASE32, 16],
  ['glrt-', ALNUM, 20],
  ['gldt-', ALNUM, 20],
  ['xoxp-', ALNUM, 40],
  ['xapp-1-', ALNUM, 40],
  ['whsec_', ALNUM, 32],
  ['GOCSPX-', ALNUM, 28],
  ['ya29.', ALNUM, 60],
  ['hf_', ALNUM, 34],
  ['pypi-', ALNUM, 60],
  ['rubygems_', HEX, 48],
  ['dop_v1_', HEX, 64],
  ['shpat_', HEX, 32],
  ['dckr_pat_', ALNUM, 27],
  ['dapi', HEX, 32],
  ['glsa_', ALNUM, 41],
  ['NRAK-', ALNUM, 27],
  ['lin_api_', ALNUM, 40],
  ['ntn_', ALNUM, 46],
  ['figd_', ALNUM, 40],
  ['sq0atp-', ALNUM, 22],
  ['sbp_', HEX, 40],
  ['nfp_', ALNUM, 36],
  ['pscale_tkn_', ALNUM, 43],
  ['dp.pt.', ALNUM, 43],
  ['PMAK-', HEX, 59],
  ['pul-', HEX, 40],
  ['sntrys_', ALNUM, 60],
  ['tskey-auth-', ALNUM, 30],
  ['HRKU-', ALNUM, 36],
  ['CCIPAT_', ALNUM, 50],
  ['PRIVATE-TOKEN: ', ALNUM, 20],
  ['key-', HEX, 32],
  ['xkeysib-', HEX, 64],
  ['frk_', ALNUM, 43],
  ['frs_', ALNUM, 43],
];

function iban(random: Chance): string {
  const account = `37040044${random.text(DIGITS, 10)}`;
  const rest = [...`${account}131400`].reduce((sum, digit) => (sum * 10 + Number(digit)) % 97, 0);
  return `DE${String(98 - rest).padStart(2, '0')}${account}`;
}

/** Every kind of secret, and how programs write it. */
const PLANTS: Readonly<Record<string, Plant>> = {
  'key=value': pair((key, value) => `${key}=${value}`),
  'key: value': pair((key, value) => `${key}: ${value}`),
  json: pair((key, value) => JSON.stringify({ [key]: value, n: 1 })),
  'json in json': pair((key, value) => JSON.stringify({ body: JSON.stringify({ a: 1, [key]: value }) })),
  inspected: pair((key, value) => `{ '${key}': '${value}', n: 1 }`),
  query: (random) => {
    const secret = random.text(ALNUM, 8 + random.below(20));
    return {
      secret,
      written: `https://x.test/a?b=1&${random.pick(['access_token', 'api_key', 'token', 'sig'])}=${secret}&c=2`,
    };
  },
  flag: pair((key, value) => `tool --${key.replaceAll('.', '-')} ${value} --verbose`),
  'url credentials': (random) => {
    const secret = random.text(ALNUM, 12);
    return {
      secret,
      written: `${random.pick(['postgres', 'mongodb+srv', 'https', 'amqp'])}://app:${secret}@db.test:5432/x`,
    };
  },
  bearer: (random) => {
    const secret = random.text(ALNUM, 40);
    return { secret, written: random.pick([`Authorization: Bearer ${secret}`, `got 'Bearer ${secret}'`]) };
  },
  basic: (random) => {
    const secret = Buffer.from(`user:${random.text(ALNUM, 10)}`).toString('base64');
    return { secret, written: random.pick([`authorization: Basic ${secret}`, `[ 'Basic ${secret}' ]`]) };
  },
  cookie: (random) => {
    const secret = random.text(ALNUM, 24);
    return {
      secret,
      written: random.pick([
        `Cookie: a=1; s=${secret}`,
        `{ cookie: 's=${secret}' }`,
        `Set-Cookie: s=${secret}; Path=/`,
      ]),
    };
  },
  github: token((random) => random.pick(['ghp_', 'gho_', 'ghs_', 'ghu_', 'ghr_']) + random.text(ALNUM, 36)),
  'github fine': token((random) => `github_pat_${random.text(ALNUM, 22)}_${random.text(ALNUM, 59)}`),
  gitlab: token((random) => `glpat-${random.text(`${ALNUM}-_`, 19)}x`),
  aws: token((random) => random.pick(['AKIA', 'ASIA']) + random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)),
  slack: token(
    (random) => `xoxb-${random.text(DIGITS, 12)}-${random.text(DIGITS, 12)}-${random.text(ALNUM, 24)}`,
  ),
  stripe: token((random) => random.pick(['sk_live_', 'sk_test_', 'rk_live_']) + random.text(ALNUM, 24)),
  npm: token((random) => `npm_${random.text(ALNUM, 36)}`),
  google: token((random) => `AIza${random.text(`${ALNUM}-_`, 34)}a`),
  model: token((random) => random.pick(['sk-ant-api03-', 'sk-proj-', 'sk-or-v1-']) + random.text(ALNUM, 48)),
  sendgrid: token((random) => `SG.${random.text(ALNUM, 22)}.${random.text(ALNUM, 43)}`),
  twilio: token((random) => `SK${random.text(HEX, 32)}`),
  vault: token((random) => `hvs.${random.text(ALNUM, 90)}`),
  jwt: token(
    (random) =>
      `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from(`{"sub":"${random.text(DIGITS, 8)}"}`).toString('base64url')}.${random.text(`${ALNUM}-_`, 42)}a`,
  ),
  'private key': (random) => {
    const body = Array.from({ length: 6 }, () => random.text(`${ALNUM}+/`, LINE)).join('\n');
    const name = random.pick(['RSA PRIVATE KEY', 'PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'EC PRIVATE KEY']);
    const block = `-----BEGIN ${name}-----\n${body}\n-----END ${name}-----`;
    return {
      secret: body.slice(0, LINE),
      written: random.pick([block, JSON.stringify({ pem: block }), block.slice(0, 200)]),
    };
  },
  entropy: (random) => {
    const secret = random.text(ALNUM, 32);
    return { secret, written: random.pick([`value=${secret}`, `"data": "${secret}"`, `thing: ${secret}`]) };
  },
  email: token(
    (random) =>
      `${random.text(LOWER, 6)}.${random.text(LOWER, 5)}@${random.text(LOWER, 7)}.${random.pick(['com', 'de', 'co.uk'])}`,
  ),
  card: token((random) => {
    const digits = luhn(random.pick(['4', '51', '55', '2221']).padEnd(4, '1') + random.text(DIGITS, 11));
    const gap = random.pick(['', ' ', '-']);
    return digits.replace(/(.{4})(?=.)/g, `$1${gap}`);
  }),
  ipv4: token((random) =>
    [10 + random.below(80), random.below(256), random.below(256), 1 + random.below(254)].join('.'),
  ),
  ipv6: token((random) => `2001:db8:${random.text(HEX.slice(1), 4)}::${random.text(HEX.slice(1), 4)}`),
  home: (random) => {
    const secret = random.text(LOWER, 8);
    return {
      secret,
      written: random.pick([
        `/home/${secret}/app/x.js:1:2`,
        `file:///Users/${secret}/app/x.js`,
        `C:\\Users\\${secret}\\app\\x.js:3:4`,
        JSON.stringify({ at: `C:\\Users\\${secret}\\x.js` }),
      ]),
    };
  },
  product: token((random) => {
    const [prefix, alphabet, length] = random.pick(PRODUCTS);
    return prefix + random.text(alphabet, length);
  }),
  yaml: pair((key, value) => `db:\n  ${key}: "${value}"\n  port: 5432`),
  env: pair((key, value) => `export ${key.toUpperCase().replaceAll(/[-.]/g, '_')}='${value}'`),
  'connection string': (random) => {
    const secret = password(random).replaceAll(/[;,&]/g, 'x');
    return {
      secret,
      written: random.pick([
        `Server=tcp:db.test,1433;User ID=app;Password=${secret};Encrypt=true`,
        `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${secret};EndpointSuffix=core.test`,
        `host=db.test user=app password=${secret} dbname=x`,
        `Endpoint=sb://bus.test/;SharedAccessKeyName=Root;SharedAccessKey=${secret}`,
      ]),
    };
  },
  'aws pair': (random) => {
    const secret = random.text(`${ALNUM}+/`, 40);
    return {
      secret,
      written: random.pick([`aws_secret_access_key = ${secret}`, `"SecretAccessKey": "${secret}"`]),
    };
  },
  'azure query': (random) => {
    const secret = `${random.text(ALNUM, 43)}%3D`;
    return { secret, written: `https://a.blob.test/c?sv=2024-01-01&sig=${secret}&se=2026` };
  },
  'header in data': (random) => {
    const secret = random.text(ALNUM, 32);
    return {
      secret,
      written: random.pick([
        `{"headers":{"x-api-key":"${secret}"}}`,
        `x-auth-token: ${secret}`,
        `-H 'X-Api-Key: ${secret}'`,
        `"rawHeaders":["Authorization","Bearer ${secret}"]`,
        `proxy-authorization: Basic ${Buffer.from(`u:${secret}`).toString('base64')}`,
      ]),
    };
  },
  'token in url': (random) => {
    const secret = random.text(ALNUM, 40);
    return {
      secret,
      written: random.pick([
        `https://${secret}@git.test/a/b.git`,
        `https://x-token:${secret}@git.test/a.git`,
      ]),
    };
  },
  'slack hook': (random) => {
    const secret = random.text(ALNUM, 24);
    return { secret, written: `https://hooks.slack.com/services/T0${random.text(DIGITS, 8)}/B01/${secret}` };
  },
  'pgp block': (random) => {
    const body = Array.from({ length: 3 }, () => random.text(`${ALNUM}+/`, LINE)).join('\n');
    return {
      secret: body.slice(0, LINE),
      written: `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${body}\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----`,
    };
  },
  xml: pair(
    (key, value) =>
      `<${key.replaceAll('.', '-')}>${value.replaceAll(/[&<]/g, 'x')}</${key.replaceAll('.', '-')}>`,
  ),
  'google service account': (random) => {
    const key = `-----BEGIN PRIVATE KEY-----\n${random.text(`${ALNUM}+/`, LINE)}\n${random.text(`${ALNUM}+/`, 40)}\n-----END PRIVATE KEY-----\n`;
    return {
      secret: key.slice(28, 28 + LINE),
      written: JSON.stringify({ type: 'service_account', private_key: key, client_email: 'x' }),
    };
  },
  'azure storage': (random) => {
    const secret = `${random.text(`${ALNUM}+/`, 86)}==`;
    return {
      secret: secret.slice(0, 60),
      written: `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${secret};EndpointSuffix=core.windows.net`,
    };
  },
  'azure client secret': (random) => {
    const secret = `${random.text(ALNUM, 3)}8Q~${random.text(ALNUM, 34)}`;
    return { secret, written: random.pick([`AZURE_CLIENT_SECRET=${secret}`, `"clientSecret": "${secret}"`]) };
  },
  'signed address': (random) => {
    const secret = random.text(HEX, 64);
    return {
      secret,
      written: random.pick([
        `https://b.s3.amazonaws.com/k?X-Amz-Credential=x&X-Amz-Signature=${secret}`,
        `https://storage.googleapis.com/b/k?X-Goog-Signature=${secret}&x=1`,
      ]),
    };
  },
  'connection address': (random) => {
    const secret = `${random.text(ALNUM, 9)}${random.pick(['', '!', '%40', '$x'])}`;
    const scheme = random.pick([
      'mysql',
      'redis',
      'rediss',
      'postgresql',
      'mongodb',
      'sqlserver',
      'nats',
      'ftp',
    ]);
    return {
      secret,
      written: `${scheme}://${random.pick(['root', 'app-rw', ''])}:${secret}@db-1.internal:6379/0`,
    };
  },
  netrc: (random) => {
    const secret = random.text(ALNUM, 20);
    return { secret, written: `//registry.npmjs.org/:_authToken=${secret}` };
  },
  'cookie of a response': (random) => {
    const secret = random.text(`${ALNUM}-_`, 43);
    return {
      secret,
      written: random.pick([
        `{ 'set-cookie': [ 'sid=${secret}; Path=/; HttpOnly' ] }`,
        `set-cookie: connect.sid=s%3A${secret}; Path=/`,
      ]),
    };
  },
  'home elsewhere': (random) => {
    const secret = random.text(LOWER, 8);
    return {
      secret,
      written: random.pick([
        `/mnt/c/Users/${secret}/src/x.js`,
        `c:/users/${secret}/app/x.js`,
        `at f (/Users/${secret}/Library/Caches/x.js:1:2)`,
        `file:///C:/Users/${secret}/app/x.js`,
        `/export/home/${secret}/x.js`,
        `D:\\Documents and Settings\\${secret}\\x.js`,
      ]),
    };
  },
  'ipv6 whole': token((random) =>
    ['2a02', ...Array.from({ length: 7 }, () => random.text(HEX.slice(1), 4))].join(':'),
  ),
  'email abroad': token(
    (random) =>
      `${random.pick(['jürgen', '山田', 'иван', 'zoë'])}.${random.text(LOWER, 5)}@${random.pick(['münchen.de', 'пример.рф', 'xn--mnchen-3ya.de', '例え.jp'])}`,
  ),
  'email in query': (random) => {
    const name = random.text(LOWER, 9);
    return { secret: name, written: `/login?user=${name}%40example.com&x=1` };
  },
  iban: token((random) => {
    const whole = iban(random);
    return random.below(2) === 0 ? whole : whole.replace(/(.{4})(?=.)/g, '$1 ');
  }),
  phone: token((random) =>
    random.pick([
      `+49 30 ${random.text('123456789', 7)}`,
      `+1 (555) ${random.text('123456789', 3)}-${random.text(DIGITS, 4)}`,
      `+44${random.text('123456789', 10)}`,
      `+33.1.${random.text('123456789', 2)}.${random.text('123456789', 2)}.${random.text('123456789', 2)}.${random.text('123456789', 2)}`,
    ]),
  ),
};

const AROUND: readonly ((inner: string) => string)[] = [
  (inner) => inner,
  (inner) => `Error: request failed ${inner}\n    at run (/app/index.js:10:5)`,
  (inner) => `2026-01-02T03:04:05.678Z error: ${inner}`,
  (inner) => `[worker 3] ${inner} (retry 2 of 5)`,
  (inner) => `first line\n${inner}\nlast line`,
];

/** The same list for the same seed: `each` texts of every kind. */
export function plantedSecrets(seed: number, each: number): readonly Planted[] {
  const random = chance(seed);
  return Object.entries(PLANTS).flatMap(([kind, plant]) =>
    Array.from({ length: each }, () => {
      const { secret, written } = plant(random);
      return { kind, secret, text: random.pick(AROUND)(written) };
    }),
  );
}
