import yaml from 'js-yaml';

const DEFAULTS = { currency: 'EUR', pageSize: 50 };

/** What the user chose, over the defaults. */
export function readSettings(text) {
  const chosen = yaml.load(text, { filename: 'settings.yaml' });
  return { ...DEFAULTS, ...chosen };
}

/** Page layout, which may nest as deep as the designer likes. */
export function readLayout(text) {
  return yaml.load(text, { json: true });
}
