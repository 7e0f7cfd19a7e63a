import { makeExecutableSchema } from '@graphql-tools/schema';
import DataLoader from 'dataloader';
import { buildSchema, graphql, parse } from 'graphql';

const SCHEMA =
  'type Query { article(id: ID!): Article, top: Article } type Article { title: String, price: Float }';
const articles = { 1: { title: 'Lamp', price: 4 }, 2: { title: 'Table' } };

const root = {
  article: ({ id }) => ({ title: articles[id].title }),
  top: async () => {
    await null;
    return { title: articles.top.title };
  },
};

/** Answers a query, or fails with its first error. */
export async function answer(source) {
  const result = await graphql({ schema: buildSchema(SCHEMA), source, rootValue: root });
  if (result.errors) throw result.errors[0].originalError ?? result.errors[0];
  return result.data;
}

/** Names of the operations in a text. */
export function operationsIn(source) {
  return parse(source).definitions.map((definition) => definition.name?.value);
}

/** Schema with the types of a tenant. */
export function tenantSchema(types) {
  return buildSchema(`${SCHEMA}\n${types}`);
}

/** Schema with the resolvers of a plugin. */
export function pluginSchema(resolvers) {
  return makeExecutableSchema({ typeDefs: SCHEMA, resolvers });
}

async function loadPrices(ids) {
  const known = ids.map((id) => articles[id].price.toFixed(2));
  return known;
}

/** Price of an article, asked for together with others. */
export function priceOf(id) {
  const prices = new DataLoader(loadPrices);
  return prices.load(id);
}

/** Title of an article; the service leaves out what it does not have. */
export function titleOf(ids) {
  const titles = new DataLoader(async (wanted) => wanted.map((id) => articles[id]).filter(Boolean));
  return titles.loadMany(ids).then((found) => {
    for (const one of found) if (one instanceof Error) throw one;
  });
}
