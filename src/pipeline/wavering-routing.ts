import type { Run } from './run.ts';

/** Questions whose routing wavers whatever is said: found by this run, or marked by an earlier one. */
export const waveringRouting = ({ suite, recorder }: Pick<Run, 'suite' | 'recorder'>): string[] => [
  ...recorder
    .current()
    .platform_limitations.filter(({ code }) => code === 'KGL-2')
    .flatMap(({ question_ids }) => question_ids),
  ...suite.questions.filter(({ routing_sensitive: isSensitive }) => isSensitive === true).map(({ id }) => id),
];
