import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';

const examples = readdirSync(new URL('../../examples/', import.meta.url)).filter((name) =>
  name.endsWith('.ts'),
);

/** What each example must print; an example without an entry fails. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  '01-run-the-pipeline.ts': /\d+\.\d % → \d+\.\d %\nReport: .*_optimization_.*\.md/,
  '12-track-in-mlflow.ts':
    /Tracked in \/Users\/.*\/genie-optimization\/tpch\nIteration 0: \d+\.\d % accepted\nBack to m-\w+: restored/,
  '02-override-a-phase.ts': /Lever 1: \d+ of \d+ proposals are confident enough/,
  '03-patch-language.ts': /Taken back to the byte: true/,
  '04-unit-test-a-patch-set.ts': /Found: .+/,
  '05-add-a-patch-type.ts': /P001 and P002 conflict on benchmark:a+/,
  '07-check-and-grow-benchmarks.ts':
    /overdue_rate.*'overdue_pct'.*nearest[^]*Generate up to 25[^]*\d+ questions, generated: augmented[^]*The file grew from 2 to \d+ questions[^]*Smallest gain it can show: \d+\.\d points/,
  '08-compare-acceptance-rules.ts':
    /paired.*( +\d+\.\d %){6} +\d+ asks\n[^]*\d+ questions, \d+ minutes at 5 starts a minute/,
  '11-pareto-frontier.ts': /Worth keeping: .+\nBest trade: .+\nFronts: .+\|.+\nVolume .+: \d/,
  '09-scan-a-space.ts': /\d+ errors, \d+ warnings, \d+ hints\nwarning: .+[^]*\n\d+ ready patches, cost \d+/,
  '14-propose-changes.ts':
    /C001 \w+: \d+ questions\n[^]*\d+ failures stand alone\nlever \d, worth \d+\.\d: Should fix tpch_[^]*\d+ proposals, \d+ items for a person/,
  '10-change-a-space.ts': /verified .*COMMENT ON TABLE[^]*As before: true undone/,
  '13-keep-files-in-step.ts':
    /samples\.tpch\.nation: written in gold\/nation\.yaml[^]*# owned by the data team[^]*comment: One row per nation of the world\.[^]*SUCCESS/,
  '06-use-the-clients.ts':
    /signed in by explicit options\nsql at version \w+: 1 row\nFeedback POSITIVE on 1 attachment\nIT'S,42 STRING,INT\nsamples\.tpch\.orders: 9 columns/,
};

afterEach(() => vi.restoreAllMocks());

describe('every example runs offline and prints its result', () => {
  it.each(examples)(
    '%s',
    async (name) => {
      const lines: string[] = [];
      vi.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => void lines.push(parts.join(' ')));
      await import(/* @vite-ignore */ `../../examples/${name}`);
      expect(PRINTS).toHaveProperty([name]);
      expect(lines.join('\n')).toMatch(PRINTS[name] ?? /^$/);
    },
    120_000,
  );
});
