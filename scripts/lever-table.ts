import { FAILURE_TAXONOMY, FAILURE_TYPES } from '../src/asi/index.ts';
import { LEVER_RULES } from '../src/levers/index.ts';

/** Which lever each failure type is given to first, as rows of Markdown. */
export function leverTable(): string {
  const rows = FAILURE_TYPES.map((type) => {
    const { meaning, lever, patchTypes } = FAILURE_TAXONOMY[type];
    const decides =
      LEVER_RULES[type] !== undefined
        ? 'what is blamed'
        : lever === 1
          ? 'the kind of the blamed table: 2 metric view, 4 monitoring, 5 ML'
          : '';
    const patches = patchTypes.map((patch) => `\`${patch}\``).join(', ');
    return `| \`${type}\` | ${meaning} | ${lever === 0 ? 'review' : lever} | ${decides} | ${patches} |`;
  });
  return [
    '| Failure type | The answer | Lever | Unless decided by | First choice |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
