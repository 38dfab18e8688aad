import { crowdAround, noCrowd, type Level } from './crowd.ts';
import { DEFECTS, type Defect } from './defects.ts';
import { capital, type wordSource } from './words.ts';

/** The names and values of one space: what its schema is made of and its questions speak of. */
export type WorldNames = ReturnType<typeof worldNames>;

/** Draws the names of a space, always in this order: the same seed gives the same space. */
export function worldNames(made: ReturnType<typeof wordSource>, level: Level) {
  const { random, word } = made;
  const [catalog, schema] = [word(), word()];
  const prefix = `${catalog}.${schema}.`;
  const [fact, side, view, fn] = [word(), word(), word(), word()];
  const [factKey, sideKey, title, category] = [word(), word(), word(), word()];
  const [day, group, other] = [word(), word(), word()];
  const plain = word();
  const figures = Array.from({ length: 5 }, word) as [string, string, string, string, string];
  const [m1, m2, rivalName] = [word(), word(), word()];
  const [part, x1, x2] = [word(), word(), word()];
  const [p1, p2] = [word(), word()];
  const crowd =
    level === 'plain' ? noCrowd(made) : crowdAround(made, { prefix, fact, group, other, day, figures });
  const business = Object.fromEntries(DEFECTS.map((kind) => [kind, crowd.name()])) as Record<Defect, string>;
  const values = Array.from({ length: 5 }, () => capital(word()));
  const [F, S, M] = [prefix + fact, prefix + side, prefix + view];
  const [MON, ML, FN] = [`${prefix}${fact}_profile_metrics`, `${prefix}${fact}_predictions`, prefix + fn];
  const threshold = 20 + Math.floor(random() * 60);
  const columns = {
    factKey,
    sideKey,
    title,
    category,
    day,
    group,
    other,
    plain,
    figures,
    part,
    x1,
    x2,
    p1,
    p2,
  };
  const objects = { catalog, schema, fact, side, view, fn, F, S, M, MON, ML, FN };
  return { ...objects, ...columns, m1, m2, rivalName, crowd, business, values, threshold };
}
