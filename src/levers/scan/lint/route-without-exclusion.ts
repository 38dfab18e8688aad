import { defineScanCheck } from '../check.ts';
import { assetRulesOf, routableAssets } from './asset-rules.ts';

const EXCLUDES = /\b(?:not|never|don['’]t|avoid|only|instead|rather|except|unless|otherwise)\b/i;

/**
 * A routing rule that says when to use an asset and never when not to.
 *
 * @see spec/asi-clustering-levers.md §10
 */
export const routeWithoutExclusion = defineScanCheck({
  id: 'route_without_exclusion',
  severity: 'warning',
  explains:
    'A routing rule says for which questions an asset is meant but for which it is not, so it attracts neighbours too.',
  isLint: true,
  find(context) {
    const assets = routableAssets(context);
    if (assets.length < 2) return [];
    const instructions = context.statements.filter(({ source }) => source === 'instruction');
    return instructions.flatMap((statement) => {
      const routes = assetRulesOf(statement, assets).filter(({ says }) => says === 'use');
      const group = instructions.filter((other) => other.group === statement.group);
      if (routes.length === 0 || group.some(({ text }) => EXCLUDES.test(text))) return [];
      return [
        {
          where: [statement.where],
          message: `"${statement.text}" says when to use ${routes.map(({ asset }) => asset).join(' and ')} but not when to use something else.`,
          advice: 'Add for which questions it must not be used and what answers those.',
        },
      ];
    });
  },
});
