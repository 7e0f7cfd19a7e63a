import type { LeafForm, ListForm, ManyForm, MapForm, MemberForm, SchemaPiece } from './form.ts';
import { POLICY_FORM } from './policy-form.ts';

/**
 * The JSON Schema of a policy file, for editors: printed from the form the parser reads by. Begin the file with
 * `# yaml-language-server: $schema=…/policy.schema.json`.
 */
export function policySchema(): SchemaPiece {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Policy of an fr site',
    ...schemaOf(POLICY_FORM),
  };
}

function schemaOf(form: LeafForm | ManyForm | ListForm | MapForm): SchemaPiece {
  if (form.kind === 'leaf') return form.schema;
  if (form.kind === 'list') return { type: ['array', 'null'], items: schemaOf(form.of) };
  if (form.kind === 'many') {
    const one = form.of.schema;
    return { anyOf: [one, { type: 'array', items: one, minItems: 1 }] };
  }
  const members = Object.entries(form.members);
  const needed = members.filter(([, member]) => member.needed !== undefined).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(members.map(([name, member]) => [name, describe(member)])),
    additionalProperties: false,
    ...(needed.length > 0 ? { required: needed } : {}),
    ...(form.oneOf ? { anyOf: form.oneOf.map((name) => ({ required: [name] })) } : {}),
  };
}

function describe({ form, about }: MemberForm): SchemaPiece {
  return { description: about, ...schemaOf(form) };
}
