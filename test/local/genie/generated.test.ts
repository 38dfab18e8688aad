import { describe, expect, it } from 'vitest';
import { ask, flat } from './fixtures.ts';
import { generateCase, KINDS } from './generated-world.ts';

const PER_KIND = 40;

interface Outcome {
  readonly label: string;
  readonly repaired: boolean;
  readonly unmoved: boolean;
}

async function outcomes(): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (const kind of KINDS) {
    for (let seed = 0; seed < PER_KIND; seed++) {
      const made = generateCase(kind, seed);
      const answer = async (space: ReturnType<typeof made.space>): Promise<string> =>
        flat((await ask(made.question, space.space, made.catalog, { values: made.values })).sql);
      const before = await answer(made.space());
      const beforeWithNoise = await answer(made.addIrrelevant(made.space()));
      const after = await answer(made.add(made.space()));
      const afterWithNoise = await answer(made.addIrrelevant(made.add(made.space())));
      found.push({
        label: `${kind} ${seed}: ${made.question}\n  expected ${made.expected}\n  before   ${before}\n  after    ${after}`,
        repaired: before !== made.expected && after === made.expected,
        unmoved: before === beforeWithNoise && after === afterWithNoise,
      });
    }
  }
  return found;
}

describe('schemas and vocabulary that nobody tuned the engine to', async () => {
  const all = await outcomes();

  it('the right piece of metadata turns a failing question into a passing one in at least 90 % of cases', () => {
    const failed = all.filter((outcome) => !outcome.repaired);
    expect(
      failed.length / all.length,
      failed
        .slice(0, 3)
        .map((outcome) => outcome.label)
        .join('\n'),
    ).toBeLessThanOrEqual(0.1);
  });

  it.each(KINDS)('%s repairs at least 80 % of its own cases', (kind) => {
    const own = all.filter((outcome) => outcome.label.startsWith(`${kind} `));
    const failed = own.filter((outcome) => !outcome.repaired);
    expect(
      failed.length / own.length,
      failed
        .slice(0, 3)
        .map((outcome) => outcome.label)
        .join('\n'),
    ).toBeLessThanOrEqual(0.2);
  });

  it('irrelevant metadata changes nothing in at least 95 % of cases', () => {
    const moved = all.filter((outcome) => !outcome.unmoved);
    expect(
      moved.length / all.length,
      moved
        .slice(0, 3)
        .map((outcome) => outcome.label)
        .join('\n'),
    ).toBeLessThanOrEqual(0.05);
  });
});
