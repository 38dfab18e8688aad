import { shortName } from '../../core/index.ts';
import type { SqlFacts } from '../../sql/index.ts';

/**
 * Gives each use of a table that is read several times a name that does not depend on the order of joins.
 *
 * The label `nation#2` says only that it came second; `nation@lineitem_b` says what it is joined to.
 */
export function roleNames(facts: SqlFacts): (text: string) => string {
  // A table that only a subquery reads again plays no second role: nothing is labelled `#2` then.
  const texts = labelledTexts(facts);
  const repeated = new Set(
    facts.tables
      .map(({ name }) => shortName(name))
      .filter((name, at, all) => all.indexOf(name) !== at && texts.includes(`${name}#`)),
  );
  if (repeated.size === 0) return (text) => text;
  const roles = new Map<string, string>();
  for (const { condition } of facts.joins) {
    const labels = [...condition.matchAll(/([\w]+(?:#\d+)?)\.(\w+)/g)].map((match) => ({
      label: match[1] ?? '',
      column: match[2] ?? '',
    }));
    for (const { label } of labels) {
      const partner = labels.find((other) => other.label !== label);
      if (repeated.has(label.replace(/#\d+$/, '')) && partner !== undefined && !roles.has(label)) {
        roles.set(
          label,
          `${label.replace(/#\d+$/, '')}__${partner.label.replace('#', '_')}_${partner.column}`,
        );
      }
    }
  }
  return (text) =>
    text.replaceAll(/'(?:[^']|'')*'|\b(\w+(?:#\d+)?)(?=\.\w)/g, (whole, label: string | undefined) =>
      label === undefined ? whole : (roles.get(label) ?? label.replace('#', '__')),
    );
}

const labelledTexts = ({ joins, predicates, projections, aggregates, groupBy, orderBy }: SqlFacts): string =>
  [
    ...joins.map(({ condition }) => condition),
    ...[...predicates, ...projections, ...groupBy, ...orderBy].map(({ text }) => text),
    ...aggregates.map(({ argument }) => argument),
  ].join('\n');
