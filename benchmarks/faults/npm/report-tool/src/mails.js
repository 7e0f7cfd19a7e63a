import ejs from 'ejs';
import _ from 'lodash';

function lineOf(item) {
  return `${item.count} x ${item.article.title}`;
}

/** Mail with the confirmation of an order. */
export function renderMail({ template, order }) {
  return ejs.render(template, { order, lineOf });
}

/** Short message. */
export function renderSms({ template, order }) {
  const fill = _.template(template);
  return fill({ order });
}
