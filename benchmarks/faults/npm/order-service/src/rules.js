import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import Joi from 'joi';

const address = Joi.object({ street: Joi.string().required(), zip: Joi.string().length(5) });

/** An address that can be printed. */
export function checkAddress(input) {
  return Joi.attempt(input, address);
}

/** Rules which a tenant wrote. */
export function tenantRule({ shortest }) {
  return Joi.object({ name: Joi.string().min(shortest), age: Joi.number() });
}

/** A check made from a schema that a tenant uploaded. */
export function compileCheck(schema) {
  const ajv = new Ajv({ strict: true, logger: false });
  return ajv.compile(schema);
}

/** A check of dates. */
export function checkDates({ schema, data }) {
  const ajv = new Ajv({ strict: true });
  addFormats(ajv, schema.formats);
  return ajv.validate(schema.rule, data);
}

/** Opening hours, with a keyword of our own. */
export function checkHours(data) {
  const ajv = new Ajv();
  ajv.addKeyword({
    keyword: 'before',
    validate: (other, value, _schema, context) => value < context.parentData[other].trim(),
  });
  const check = ajv.compile({
    type: 'array',
    items: { type: 'object', properties: { from: { type: 'string', before: 'to' } } },
  });
  return check(data);
}
