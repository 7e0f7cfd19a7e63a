import Handlebars from 'handlebars';

const engine = Handlebars.create();

function money(value) {
  return `${value.toFixed(2)} EUR`;
}

engine.registerHelper('money', money);
engine.registerHelper('shout', (text) => text.toUpperCase());

/** Letter from a template of the customer. */
export function renderLetter({ template, view }) {
  const render = engine.compile(template, { strict: false });
  return render(view);
}

/** Letter in which every name must be known. */
export function renderContract({ template, view }) {
  const render = engine.compile(template, { strict: true });
  return render(view);
}
