/**
 * A decision of the policy, rule by rule, for people: by the same judgement that decides.
 * @module
 */

import { printBytes } from './byte-size.ts';
import { listing, type Policy, type PolicyAction, sendingSwitchedOff } from './policy.ts';
import { redactionsAbout } from './redaction/redaction.ts';
import { judgeRule } from './rule-fit.ts';
import { describeRule, type PolicyQuestion, policyRule, subjectOf } from './ruling.ts';
import { describeWindow } from './send-window.ts';

/** One thing that was looked at on the way to the answer. */
export interface PolicyStep {
  /** As it stands in the policy, with its line. */
  readonly what: string;
  /** `decides`: here the answer fell. `passed`: it says nothing against it, or does not fit. `not reached`: never looked at. */
  readonly result: 'decides' | 'passed' | 'not reached';
  readonly because: string;
}

/** What the policy says to one type of information of one bucket, and on which way it came there. */
export interface PolicyExplanation {
  readonly type: string;
  /** `leaves`: at once where it is asked for. `asks`: after an administrator approved the demand. `stays`: never. */
  readonly verdict: 'leaves' | 'asks' | 'stays';
  readonly because: string;
  readonly steps: readonly PolicyStep[];
  /** What is still done with it on its way out: redactions, a look at the entry, caps. Empty where it stays. */
  readonly onItsWay: readonly string[];
}

const VERDICTS = { allow: 'leaves', ask: 'asks', deny: 'stays' } as const satisfies Record<
  PolicyAction,
  PolicyExplanation['verdict']
>;

/** Explains a question. `programs`: those listed on the command line, besides the policy's. */
export function explainPolicy(
  policy: Policy,
  question: PolicyQuestion & { readonly destination: string },
  programs: readonly string[],
): PolicyExplanation {
  const gates = [switchStep(policy), offerStep(policy, question, programs)];
  const rules = ruleSteps(policy, question);
  const cap = capStep(policy, question);
  const steps: PolicyStep[] = [];
  let decided: PolicyStep | undefined;
  for (const step of [...gates, ...cap, ...rules]) {
    steps.push(decided ? { ...step, result: 'not reached', because: '' } : step);
    if (step.result === 'decides') decided ??= step;
  }
  const ruling = policyRule(policy, question);
  const byRule = decided !== undefined && rules.includes(decided);
  const verdict = byRule ? VERDICTS[ruling.action] : 'stays';
  return {
    type: question.type,
    verdict,
    because: byRule ? ruling.rule : `${decided?.what}: ${decided?.because}`,
    steps,
    onItsWay: verdict === 'stays' ? [] : [...redactions(policy, question), ...holds(policy)],
  };
}

function redactions(
  policy: Policy,
  { bucket, type, destination: to }: PolicyQuestion & { readonly destination: string },
): readonly string[] {
  return redactionsAbout(policy, { program: bucket.program, type, to }).map(({ number, redaction }) => {
    const { keys, texts, line } = redaction;
    const what = Object.entries({ keys, texts }).flatMap(([name, patterns]) =>
      patterns === undefined ? [] : [`${name} ${[patterns].flat().join(', ')}`],
    );
    return `redaction ${number}${line === undefined ? '' : ` (line ${line})`} removes ${what.join(' and ')}`;
  });
}

function holds({ review, caps = {}, schedule = [] }: Policy): readonly string[] {
  const { bytesPerDay, entriesPerBucket } = caps;
  return [
    ...(review === 'entry' ? ['somebody looks at each entry (review: entry)'] : []),
    ...(bytesPerDay === undefined ? [] : [`at most ${printBytes(bytesPerDay)} leave in 24 hours`]),
    ...(entriesPerBucket === undefined ? [] : [`at most ${entriesPerBucket} entries of its bucket leave`]),
    ...(schedule.length === 0 ? [] : [`only ${schedule.map(describeWindow).join(', or ')}`]),
  ];
}

function switchStep(policy: Policy): PolicyStep {
  const off = sendingSwitchedOff(policy);
  return off === undefined
    ? { what: 'switches', result: 'passed', because: 'sending is on' }
    : { what: off, result: 'decides', because: 'nothing leaves while it is off' };
}

function offerStep(
  policy: Policy,
  { bucket, destination }: PolicyQuestion & { readonly destination: string },
  programs: readonly string[],
): PolicyStep {
  const listed = listing(policy, bucket.program, destination, programs);
  const towards = destination === '' ? 'any destination: there is none' : destination;
  return listed === undefined
    ? { what: 'offer', result: 'decides', because: `"${bucket.program}" is not listed for ${towards}` }
    : { what: listed, result: 'passed', because: `"${bucket.program}" may be named to ${towards}` };
}

function capStep({ caps }: Policy, { bytes }: PolicyQuestion): readonly PolicyStep[] {
  if (caps?.entryBytes === undefined || bytes === undefined) return [];
  const what = `cap on one entry: ${printBytes(caps.entryBytes)}`;
  return [
    bytes > caps.entryBytes
      ? { what, result: 'decides', because: `it alone has ${printBytes(bytes)}` }
      : { what, result: 'passed', because: `it has ${printBytes(bytes)}` },
  ];
}

function ruleSteps(policy: Policy, question: PolicyQuestion): readonly PolicyStep[] {
  const subject = subjectOf(question);
  const steps = policy.rules.map((rule, index): PolicyStep => {
    const { fit, conditions } = judgeRule(rule, subject);
    const telling = fit === 'yes' ? conditions : conditions.filter((each) => each.fit === 'no');
    const because = telling.map((each) => each.because).join('; ') || 'it is about everything';
    const result = fit === 'yes' ? 'decides' : 'passed';
    return {
      what: describeRule(rule, index),
      result,
      because: fit === 'yes' ? because : `does not fit: ${because}`,
    };
  });
  const { action, rule } = policyRule({ ...policy, rules: [] }, question);
  const last = { what: `${rule}: ${action}`, result: 'decides', because: 'no rule fits' } as const;
  return [...steps, last];
}
