import { describe, expect, it } from 'vitest';
import { planFileEdits } from '../../../src/apply/index.ts';
import { PATCH_DEFINITIONS, type Patch, type PatchType } from '../../../src/patch-dsl/index.ts';
import { sampleOf } from '../../patch-dsl/sample-world.ts';
import { planOf, repoFiles, repoOf } from './repo-world.ts';

/** They remove items of a YAML list: quotes and comments of those are in the journal, not in the plan. */
const FORGETFUL: ReadonlySet<string> = new Set(['remove_mv_dimension', 'update_mv_yaml']);

const TYPES = Object.keys(PATCH_DEFINITIONS) as PatchType[];

/** How an editor of another system saves a text, and what is wrong with one that was saved otherwise. */
const FORMS: Readonly<
  Record<string, { readonly of: (text: string) => string; readonly isOf: (text: string) => boolean }>
> = {
  'Windows line breaks': {
    of: (text) => text.replaceAll('\n', '\r\n'),
    isOf: (text) => !/(^|[^\r])\n|\r(?!\n)/.test(text),
  },
  'a byte order mark': {
    of: (text) => `\uFEFF${text}`,
    isOf: (text) => text.lastIndexOf('\uFEFF') === 0,
  },
  'no line break at the end': {
    of: (text) => text.trimEnd(),
    isOf: (text) => !text.endsWith('\n'),
  },
  'all of this': {
    of: (text) => `\uFEFF${text.trimEnd().replaceAll('\n', '\r\n')}`,
    isOf: (text) => text.lastIndexOf('\uFEFF') === 0 && !/(^|[^\r])\n|\n$/.test(text),
  },
};

/** One of each kind of file and of each way to edit it; all types where everything comes together. */
const typesFor = (form: string): readonly PatchType[] =>
  form === 'all of this'
    ? TYPES
    : ['add_synonym', 'update_table_comment', 'update_tvf_comment', 'update_tvf_sql', 'update_mv_yaml'];

describe.each(Object.entries(FORMS))('files with %s', (form, { of, isOf }) => {
  const texts = Object.fromEntries(Object.entries(repoFiles()).map(([path, text]) => [path, of(text)]));

  it.each(typesFor(form))('keep that through %s, and back', async (type) => {
    const { plan, inverse } = planOf([sampleOf(type) as Patch]);
    const repo = repoOf(texts);
    const { files, unpersisted } = await planFileEdits(plan, repo.options);
    expect(unpersisted).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
    const edited = files.filter(({ before, after }) => before !== null && after !== null);
    expect(edited.filter(({ after }) => !isOf(after ?? '')).map(({ after }) => after)).toEqual([]);

    await repo.write(files);
    expect((await planFileEdits(plan, repo.options)).files).toEqual([]);
    const back = await planFileEdits(inverse, repo.options);
    await repo.write(back.files);
    const left = FORGETFUL.has(type) ? Object.keys(texts) : texts;
    expect(FORGETFUL.has(type) ? Object.keys(repo.texts()) : repo.texts()).toEqual(left);
  });
});
