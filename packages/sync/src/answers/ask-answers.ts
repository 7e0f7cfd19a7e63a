/**
 * A site asks its vendor what it may tell the people at programs that have failed. Seldom, and with a tag of what it has:
 * the question is some 90 bytes, which are in the ledger like everything that leaves.
 * @module
 */

import { createHash } from 'node:crypto';
import {
  type AnswersReply,
  type AnswersRequest,
  decodeAnswersReply,
  MEDIA_TYPE,
  PROTOCOL_VERSION,
  ROUTES,
  type SignedVendorAnswer,
} from '@fr/protocol';
import { canonicalJson } from '@fr/protocol/signature';
import { encodeMessage } from '@fr/protocol/wire';
import { networkFailure } from '../destination/network-failure.ts';
import { readProblem, readReply } from '../destination/reply-body.ts';
import { outcomeOf } from '../ledger/outcome.ts';
import { announce } from '../pass/attempt.ts';
import type { PassOptions } from '../pass/pass-options.ts';
import type { SettingsPort } from '../pass/site-store.ts';
import { SyncError } from '../sync-error.ts';
import { trustVendorKey } from '../trust/vendor-trust.ts';
import type { AcceptedAnswers } from './accept-answers.ts';
import type { HeardAnswers } from './heard-answers.ts';

/** What asking works with. */
export interface AskAnswersOptions
  extends Pick<PassOptions, 'ledger' | 'policy' | 'now' | 'signal' | 'pinned' | 'to'> {
  readonly store: { readonly settings: SettingsPort };
  /** The destination's address. */
  readonly url: string;
  readonly token: string;
  readonly originId: string;
  readonly heard: HeardAnswers;
  /** Longest wait for the reply, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
}

/** Stands for a list of answers, whatever their order. */
export function answersTag(answers: readonly SignedVendorAnswer[]): string {
  const versions = answers.map(({ terms }) => `${terms.keyId} ${terms.id} ${terms.version}`).sort();
  return createHash('sha256').update(canonicalJson(versions)).digest('base64url').slice(0, 22);
}

/** Asks once, and takes in what is said. Throws a {@link SyncError} where there is no reply that can be believed. */
export async function askAnswers(options: AskAnswersOptions): Promise<AcceptedAnswers> {
  const { store, to, originId, heard, now } = options;
  const known = (await heard.list()).filter(({ source }) => source === to).map(({ answer }) => answer);
  const request: AnswersRequest = { protocol: PROTOCOL_VERSION, originId, tag: answersTag(known) };
  const body = encodeMessage(request, 'msgpack');
  const { answers = known, ...presented } = await send(options, body);
  const trusted = await trustVendorKey(store.settings, options, presented);
  return await heard.hear({ source: to, answers, ...trusted, now: now() });
}

async function send(options: AskAnswersOptions, body: Uint8Array): Promise<AnswersReply> {
  const { ledger, now, to } = options;
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const bytes = { headerBytes: body.byteLength, payloadBytes: 0 };
  const question = { kind: 'answers', to, ...bytes, demands: [], digest } as const;
  const seq = await announce(options, question);
  const about = { ...question, seq };
  try {
    const reply = await request(options, body);
    await ledger.append(outcomeOf(about, { at: now(), outcome: 'delivered', reason: 'answered' }));
    return reply;
  } catch (error) {
    const failure = networkFailure(error, to, options.signal);
    const left = failure.nothingLeft ? { headerBytes: 0, payloadBytes: 0 } : bytes;
    const outcome = failure.nothingLeft ? 'failed' : 'unknown';
    await ledger.append(outcomeOf(about, { at: now(), outcome, reason: failure.code, left }));
    throw failure;
  }
}

async function request(
  { url, token, to, timeoutMs = 30_000, signal }: AskAnswersOptions,
  body: Uint8Array,
): Promise<AnswersReply> {
  const clock = AbortSignal.timeout(timeoutMs);
  const base = url.endsWith('/') ? url : `${url}/`;
  const response = await fetch(new URL(`.${ROUTES.answers}`, base), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': MEDIA_TYPE.msgpack,
      accept: MEDIA_TYPE.msgpack,
    },
    body: body as Uint8Array<ArrayBuffer>,
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, clock]) : clock,
  });
  if (response.ok) return await readReply(response, decodeAnswersReply);
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw new SyncError('redirected', `${to} answers with a redirect, which is never followed`);
  }
  const problem = await readProblem(response);
  const said = problem ? `${problem.code}: ${problem.detail}` : 'no reason given';
  throw new SyncError('upstream-failed', `${to} answers ${response.status} (${said})`);
}
