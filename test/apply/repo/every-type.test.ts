import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planFileEdits } from '../../../src/apply/index.ts';
import { applyPlan, PATCH_DEFINITIONS, type Patch, type PatchType } from '../../../src/patch-dsl/index.ts';
import { parseSpace, serializeSpace } from '../../../src/spaces/index.ts';
import { sampleOf, SNAPSHOT } from '../../patch-dsl/sample-world.ts';
import { PATHS, planOf, repoFiles, repoOf, resolved, SPACE_LAYOUTS } from './repo-world.ts';

/** They remove items of a YAML list: quotes and comments of those are in the journal, not in the plan. */
const FORGETFUL: ReadonlySet<string> = new Set(['remove_mv_dimension', 'update_mv_yaml']);

const TYPES = Object.keys(PATCH_DEFINITIONS) as PatchType[];

/** YAML as values, other files as they are. */
const parsed = (texts: Readonly<Record<string, string>>): unknown =>
  Object.entries(texts).map(([path, text]) => [
    path,
    path.endsWith('.yaml') ? (parse(text) as unknown) : text,
  ]);

describe.each(TYPES)('the files after %s', (type) => {
  const { plan, inverse } = planOf([sampleOf(type) as Patch]);

  it('hold all of it, and say what they said when it is taken back', async () => {
    const repo = repoOf();
    const before = repo.texts();
    const { files, unpersisted, effects } = await planFileEdits(plan, repo.options);
    expect(unpersisted).toEqual([]);
    expect(effects.map(({ status }) => status)).toEqual(effects.map(() => 'written'));
    expect(files.length).toBeGreaterThan(0);
    expect(repo.texts()).toEqual(before);

    await repo.write(files);
    const again = await planFileEdits(plan, repo.options);
    expect(again.files).toEqual([]);
    expect(new Set(again.effects.map(({ status }) => status))).toEqual(new Set(['already']));

    const back = await planFileEdits(inverse, repo.options);
    await repo.write(back.files);
    expect(parsed(repo.texts())).toEqual(parsed(before));
  });

  it.each(Object.entries(SPACE_LAYOUTS))(
    'give the live space when resolved, kept with %s',
    async (_name, text) => {
      const repo = repoOf(repoFiles(text()));
      const { files } = await planFileEdits(plan, repo.options);
      await repo.write(files);
      const after = repo.texts()[PATHS.space] ?? '';
      expect(serializeSpace(parseSpace(resolved(after)))).toBe(
        serializeSpace(applyPlan(SNAPSHOT.space, plan)),
      );
      const back = await planFileEdits(inverse, repo.options);
      await repo.write(back.files);
      expect(repo.texts()[PATHS.space]).toBe(text());
    },
  );
});

it.each(TYPES.filter((type) => !FORGETFUL.has(type)))(
  '%s taken back leaves every file as it was, to the byte',
  async (type) => {
    const { plan, inverse } = planOf([sampleOf(type) as Patch]);
    const repo = repoOf();
    const before = repo.texts();
    await repo.write((await planFileEdits(plan, repo.options)).files);
    await repo.write((await planFileEdits(inverse, repo.options)).files);
    expect(repo.texts()).toEqual(before);
  },
);
