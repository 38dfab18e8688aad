/**
 * Writes what is generated from the registry of patch types: the table in docs/patch-language.md and the JSON
 * Schema of patch sets.
 *
 * `node scripts/patch-language-docs.ts` writes; with `--check` it only tells whether something is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { DEFAULT_REGISTRY, PATCH_GROUPS } from '../src/patch-dsl/index.ts';
import type { AnyPatchDefinition } from '../src/patch-dsl/index.ts';
import { patchJsonSchema } from '../src/patch-dsl/index.ts';

const root = new URL('../', import.meta.url);
const DOCS = 'docs/patch-language.md';
const SCHEMA = 'schemas/patch-set.schema.json';
const START = '<!-- types:start -->';
const END = '<!-- types:end -->';
const SCOPES = { genie_config: 'space', uc: 'Unity Catalog', both: 'space and Unity Catalog' } as const;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function rowOf(definition: AnyPatchDefinition): string {
  const { type, fixedLever, fixedRisk, scope, example } = definition;
  const sentence = definition.describe(example);
  const shown = sentence.length > 110 ? `${sentence.slice(0, 110)}…` : sentence;
  const cells = [
    `\`${type}\``,
    fixedLever ?? 'by target',
    fixedRisk ?? 'by target',
    SCOPES[scope],
    cell(shown),
  ];
  return `| ${cells.join(' | ')} |`;
}

function table(): string {
  const head = '| Type | Lever | Risk | Writes | For example |\n| --- | --- | --- | --- | --- |';
  const groups = PATCH_GROUPS.flatMap((group) => {
    const definitions = DEFAULT_REGISTRY.definitions.filter((definition) => definition.group === group);
    if (definitions.length === 0) return [];
    return [
      `### ${group[0]?.toUpperCase()}${group.slice(1)}\n\n${head}\n${definitions.map(rowOf).join('\n')}`,
    ];
  });
  return `${START}\n\n${groups.join('\n\n')}\n\n${END}`;
}

const read = (file: string): string => {
  try {
    return readFileSync(new URL(file, root), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
};

const docs = read(DOCS);
const [start, end] = [docs.indexOf(START), docs.indexOf(END)];
if (start < 0 || end < start) {
  console.error(`${DOCS} has no '${START}' … '${END}'. Put them where the table of types belongs.`);
  process.exit(1);
}
const options = { printWidth: 110, singleQuote: true };
const wanted = {
  [DOCS]: await format(docs.slice(0, start) + table() + docs.slice(end + END.length), {
    ...options,
    parser: 'markdown',
  }),
  [SCHEMA]: await format(JSON.stringify(patchJsonSchema()), { ...options, parser: 'json' }),
};

let stale = 0;
for (const [file, text] of Object.entries(wanted)) {
  if (read(file) === text) continue;
  stale += 1;
  if (process.argv.includes('--check'))
    console.error(`${file} is out of date: run 'node scripts/patch-language-docs.ts'.`);
  else writeFileSync(new URL(file, root), text);
}
process.exitCode = process.argv.includes('--check') && stale > 0 ? 1 : 0;
