/** Writes the tables of options into `docs/guides/options.md`: `npx node scripts/docs-options.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { optimizeCommand } from '../src/cli/commands/optimize.ts';
import { OPTIMIZE_DEFAULTS } from '../src/pipeline/index.ts';
import { formatPage } from './format-page.ts';

const page = new URL('../docs/guides/options.md', import.meta.url);
const source = readFileSync(new URL('../src/pipeline/options.ts', import.meta.url), 'utf8');

/** Name, first sentence of the doc block and default of every option, from the interface itself. */
function optionRows(): string[] {
  const start = source.indexOf('export interface OptimizeOptions {');
  const body = source.slice(start, source.indexOf('\n}\n', start));
  const member = /(?:\/\*\*([\s\S]*?)\*\/\s*)?readonly (\w+)(\?)?:/g;
  return [...body.matchAll(member)].map(([, block = '', name = '', optional]) => {
    const text = block.replaceAll(/\s*\n\s*\*\s?/g, ' ').trim();
    const value = (OPTIMIZE_DEFAULTS as Readonly<Record<string, string | number>>)[name];
    const shown = value === undefined ? (optional ? '' : 'required') : `\`${String(value)}\``;
    return `| \`${name}\` | ${shown} | ${text.replaceAll('|', '\\|')} |`;
  });
}

const flagRows = Object.entries(optimizeCommand.options).map(
  ([name, { help, type, value, default: standard }]) =>
    `| \`--${name}${type === 'string' ? ` <${value ?? 'value'}>`.replaceAll('|', '\\|') : ''}\` | ${standard === undefined ? '' : `\`${standard}\``} | ${help} |`,
);

const tables: Readonly<Record<string, string>> = {
  options: ['| Option | Default | What it does |', '| --- | --- | --- |', ...optionRows()].join('\n'),
  flags: ['| Flag | Default | What it does |', '| --- | --- | --- |', ...flagRows].join('\n'),
};

const text = Object.entries(tables).reduce(
  (whole, [name, table]) =>
    whole.replace(
      new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`),
      (_, head: string, tail: string) => `${head}\n\n${table}\n\n${tail}`,
    ),
  readFileSync(page, 'utf8'),
);
writeFileSync(page, await formatPage(page, text));
