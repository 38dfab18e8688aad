import { defineScanCheck } from '../check.ts';
import { assetRulesOf, routableAssets } from './asset-rules.ts';

/** "Never use X" beside "Use X for refunds". */
export const conflictingRoutes = defineScanCheck({
  id: 'conflicting_routes',
  severity: 'error',
  explains: 'An asset is forbidden for every question in one place and asked for in another.',
  isLint: true,
  find(context) {
    const assets = routableAssets(context);
    const rules = context.statements.flatMap((statement) => assetRulesOf(statement, assets));
    return assets.flatMap((asset) => {
      const own = rules.filter((rule) => rule.asset === asset);
      const never = own.find((rule) => rule.says === 'avoid' && !rule.isConditional);
      const use = own.find((rule) => rule.says === 'use' && rule.statement !== never?.statement);
      if (never === undefined || use === undefined) return [];
      return [
        {
          where: [never.statement.where, use.statement.where],
          message: `${never.statement.where} forbids ${asset} without exception ("${never.statement.text}"), ${use.statement.where} asks for it ("${use.statement.text}").`,
          advice: 'Say in the first rule for which questions it holds, or remove one of the two.',
        },
      ];
    });
  },
});
