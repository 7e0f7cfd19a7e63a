import _ from 'lodash';

/** Orders of a day, by branch, dearest first. */
export function summarise(orders) {
  const dearest = _.sortBy(orders, (order) => -order.total.amount);
  return _.groupBy(dearest, (order) => order.branch.city.toLowerCase());
}

/** Remembers what a rule says. */
export function remembered(rules) {
  const rule = rules.find((candidate) => candidate.active);
  return _.memoize(rule?.apply);
}

/** Saves at most every few milliseconds. */
export function saveLater(draft) {
  const save = _.debounce(() => {
    const names = draft.changes.map((change) => change.field.name);
    console.log(names.join());
  }, 5);
  save();
  save();
}
