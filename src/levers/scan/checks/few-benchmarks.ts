import { defineScanCheck } from '../check.ts';

/** Fewer questions say little about how well a space answers. @see spec/benchmarks.md */
const FEW_QUESTIONS = 10;

export const fewBenchmarks = defineScanCheck({
  id: 'few_benchmarks',
  severity: 'info',
  explains: 'The space has fewer benchmark questions of its own than a measurement needs.',
  find({ space }) {
    const count = space.benchmarks?.questions?.length ?? 0;
    if (count >= FEW_QUESTIONS) return [];
    return [
      {
        where: ['benchmarks.questions'],
        message: `The space has ${count === 0 ? 'no benchmark question' : `only ${count} benchmark questions`}.`,
        advice: 'Collect questions that people really ask, with the SQL that answers them.',
      },
    ];
  },
});
