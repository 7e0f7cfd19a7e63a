type Schema = Readonly<Record<string, unknown>>;

/** Whether a value obeys a schema, as far as policies' schema goes: a word it does not know is an error. */
export function obeysSchema(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([word, said]) => {
    const check = Object.hasOwn(CHECKS, word) ? CHECKS[word] : undefined;
    if (!check) throw new Error(`the test knows no "${word}" of JSON Schema`);
    return check(said as never, value, schema);
  });
}

const always = (): boolean => true;

const CHECKS: Readonly<Record<string, (said: never, value: unknown, schema: Schema) => boolean>> = {
  $schema: always,
  title: always,
  description: always,
  type: (said: string | readonly string[], value) => [said].flat().some((name) => isOf(name, value)),
  enum: (said: readonly unknown[], value) => said.includes(value),
  const: (said: unknown, value) => said === value,
  pattern: (said: string, value) => typeof value !== 'string' || new RegExp(said).test(value),
  minimum: (said: number, value) => typeof value !== 'number' || value >= said,
  maximum: (said: number, value) => typeof value !== 'number' || value <= said,
  minItems: (said: number, value) => !Array.isArray(value) || value.length >= said,
  items: (said: Schema, value) => !Array.isArray(value) || value.every((item) => obeysSchema(said, item)),
  anyOf: (said: readonly Schema[], value) => said.some((each) => obeysSchema(each, value)),
  required: (said: readonly string[], value) =>
    !isMap(value) || said.every((name) => Object.hasOwn(value, name)),
  properties: (said: Readonly<Record<string, Schema>>, value) =>
    !isMap(value) ||
    Object.entries(value).every(([name, member]) => !said[name] || obeysSchema(said[name], member)),
  additionalProperties: (_said: false, value, { properties }) =>
    !isMap(value) || Object.keys(value).every((name) => Object.hasOwn(properties as object, name)),
};

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOf(name: string, value: unknown): boolean {
  if (name === 'array') return Array.isArray(value);
  if (name === 'object') return isMap(value);
  if (name === 'null') return value === null;
  return name === 'integer' ? Number.isInteger(value) : typeof value === name;
}
