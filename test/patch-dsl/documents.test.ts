import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { parsePatchSet, PATCH_TYPES } from '../../src/patch-dsl/index.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');
const docs = read('docs/patch-language.md');

it('the table of types and the JSON Schema say what the registry says', () => {
  const script = fileURLToPath(new URL('scripts/patch-language-docs.ts', root));
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
  expect(PATCH_TYPES.filter((type) => !docs.includes(`| \`${type}\` `))).toEqual([]);
});

it('the file in the documentation is a patch set', () => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(docs) ?? [];
  expect(parsePatchSet(yaml)).toMatchObject([{ type: 'add_synonym', synonym: 'return date' }]);
});

it('the documentation shows what the example prints', async () => {
  const [, printed = ''] = /It prints\n\n```text\n([\s\S]*?)```/.exec(docs) ?? [];
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => void lines.push(parts.join(' ')));
  await import('../../examples/03-patch-language.ts');
  vi.restoreAllMocks();
  expect(printed.trimEnd()).toBe(lines.join('\n'));
});
