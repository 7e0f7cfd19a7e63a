import {
  ALNUM,
  BASE64_SIGN,
  DASH,
  DIGIT,
  DOT,
  HEX,
  LOWER,
  UNDERSCORE,
  UPPER,
} from '../scanning/character.ts';

/** A token with a published, distinctive beginning. */
export interface TokenForm {
  readonly rule: string;
  readonly prefix: string;
  /** Classes of the characters behind the prefix. */
  readonly alphabet: number;
  /** Fewest characters behind the prefix. */
  readonly least: number;
  /** Most characters behind the prefix; a longer run is something else. Default: no limit. */
  readonly most?: number;
  /** True where the prefix is also an ordinary word: a digit and a capital must follow. */
  readonly mixed?: boolean;
}

const NAME: number = ALNUM | UNDERSCORE | DASH;
const DOTTED: number = NAME | DOT;

function forms(
  rule: string,
  prefixes: string,
  alphabet: number,
  least: number,
  more: Partial<TokenForm> = {},
): TokenForm[] {
  return prefixes.split(' ').map((prefix) => ({ rule, prefix, alphabet, least, ...more }));
}

function vendors(
  prefixes: string,
  alphabet: number,
  least: number,
  more: Partial<TokenForm> = {},
): TokenForm[] {
  return forms('vendor-token', prefixes, alphabet, least, more);
}

/** The forms, from the vendors' own documentation; for one prefix the first that fits wins. */
export const TOKEN_FORMS: readonly TokenForm[] = [
  ...forms('fr-token', 'frk_ frs_', NAME, 16),
  ...forms('aws-key', 'AKIA ASIA ABIA ACCA', UPPER | DIGIT, 16, { most: 16 }),
  ...forms('github-token', 'ghp_ gho_ ghu_ ghr_', ALNUM, 30),
  ...forms('github-token', 'ghs_', DOTTED, 30),
  ...forms('github-token', 'github_pat_', ALNUM | UNDERSCORE, 30),
  ...forms(
    'gitlab-token',
    'glpat- gldt- glrt- glptt- glft- glimt- glagent- gloas- glcbt- glsoat- glffct- glrtr- GR1348941',
    DOTTED,
    18,
  ),
  ...forms(
    'slack-token',
    'xoxb- xoxp- xoxa- xoxo- xoxs- xoxr- xoxe- xoxc- xoxd- xapp- xwfp- xoxe.xox',
    DOTTED,
    10,
  ),
  ...forms('slack-token', 'hooks.slack.com/services/', ALNUM | BASE64_SIGN, 20),
  ...forms('stripe-key', 'sk_live_ sk_test_ rk_live_ rk_test_ sk_org_ whsec_', ALNUM | UNDERSCORE, 16),
  ...forms('npm-token', 'npm_', ALNUM, 36, { most: 40 }),
  ...forms('google-key', 'AIza', NAME, 35, { most: 36 }),
  ...forms('google-key', 'GOCSPX-', NAME, 20),
  ...forms('google-key', 'ya29.', DOTTED, 20),
  ...forms('google-key', '1//0', NAME, 30),
  ...forms('model-api-key', 'sk-ant- sk-proj- sk-svcacct- sk-admin- sk-or-v1- sk-None-', NAME, 20),
  ...forms('model-api-key', 'sk-', NAME, 20, { mixed: true }),
  ...forms('model-api-key', 'hf_ api_org_', ALNUM, 30),
  ...forms('model-api-key', 'gsk_ r8_ pplx- xai- tgp_v1_ fw_ nvapi-', NAME, 30, { mixed: true }),
  ...forms('jwt', 'eyJ', NAME, 8),
  ...vendors('discord.com/api/webhooks/ discordapp.com/api/webhooks/', NAME | BASE64_SIGN, 40),
  ...vendors('AC SK', HEX, 32, { most: 32 }),
  ...vendors('SG.', DOTTED, 40),
  ...vendors('key-', HEX, 32, { most: 32 }),
  ...vendors('xkeysib- xsmtpsib-', NAME, 40),
  ...vendors('re_', ALNUM | UNDERSCORE, 24, { mixed: true }),
  ...vendors('dop_v1_ doo_v1_ dor_v1_', HEX, 40),
  ...vendors('shpat_ shpca_ shppa_ shpss_ shpua_ shptka_', HEX, 30),
  ...vendors('pypi-', NAME, 40),
  ...vendors('rubygems_', HEX, 40),
  ...vendors('cio', ALNUM, 32, { most: 32, mixed: true }),
  ...vendors('oy2', LOWER | DIGIT, 43, { most: 43 }),
  ...vendors('dckr_pat_ dckr_oat_', NAME, 20),
  ...vendors('hvs. hvb. hvr.', NAME, 24),
  ...vendors('dapi', HEX, 32, { most: 34 }),
  ...vendors('glsa_ glc_', ALNUM | UNDERSCORE | DASH, 30),
  ...vendors('NRAK- NRII- NRJS- NRRA- NRAA-', NAME, 16),
  ...vendors('lin_api_ lin_oauth_', ALNUM, 32),
  ...vendors('secret_ ntn_', ALNUM, 40),
  ...vendors('figd_ figu_', NAME, 30),
  ...vendors('ATATT3 ATCTT3 ATBB ATOA', NAME, 28, { mixed: true }),
  ...vendors('sq0atp- sq0csp-', NAME, 20),
  ...vendors('EAAA', NAME, 50, { mixed: true }),
  ...vendors('EAA', ALNUM, 80, { mixed: true }),
  ...vendors('access_token$production$ access_token$sandbox$', ALNUM, 10),
  ...vendors('sbp_ sb_secret_', ALNUM | UNDERSCORE | DASH, 24),
  ...vendors('nfp_', ALNUM, 30),
  ...vendors('fo1_ fm1r_ fm2_', NAME, 30, { mixed: true }),
  ...vendors('pscale_tkn_ pscale_pw_ pscale_oauth_', DOTTED, 30),
  ...vendors('dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.', DOTTED, 30),
  ...vendors('PMAK-', NAME, 40),
  ...vendors('pul-', HEX, 40),
  ...vendors('sntrys_ sntryu_', ALNUM | UNDERSCORE | DASH, 40),
  ...vendors('AGE-SECRET-KEY-1', UPPER | DIGIT, 40),
  ...vendors('tskey-', NAME, 20),
  ...vendors('HRKU-', NAME, 30),
  ...vendors('bkua_', HEX, 40),
  ...vendors('CCIPAT_ CCIPRJ_', ALNUM | UNDERSCORE, 30),
  ...vendors('ops_eyJ', NAME, 40),
  ...vendors('AKCp', ALNUM, 50, { mixed: true }),
  ...vendors('CLOJARS_', ALNUM, 40),
  ...vendors('CFPAT-', NAME, 40),
  ...vendors('tfp_', DOTTED, 40),
  ...vendors('EZAK EZTK', ALNUM, 50),
  ...vendors('duffel_test_ duffel_live_', NAME, 30),
  ...vendors('FLWSECK_TEST- FLWSECK-', NAME, 12),
  ...vendors('fio-u-', NAME, 40),
  ...vendors('shippo_live_ shippo_test_', HEX, 30),
  ...vendors('pnu_', ALNUM, 36),
  ...vendors('rdme_', ALNUM, 40),
  ...vendors('dt0c01. dt0s01. dt0s16.', DOTTED, 40),
  ...vendors('LTAI', ALNUM, 16, { most: 26, mixed: true }),
  ...vendors('sk.eyJ', DOTTED, 40),
  ...vendors('vercel_ vcp_', NAME, 24, { mixed: true }),
  ...vendors('phc_ phx_', ALNUM, 40),
];
