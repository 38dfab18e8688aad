/**
 * Copies regions of the examples into the Markdown files that show them, so code in the docs compiles.
 *
 * `npm run docs:regions` writes; with `--check` it only tells whether something is out of date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const isCheck = process.argv.includes('--check');

const markdownFiles = [
  'README.md',
  ...readdirSync(new URL('docs/', root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

function regionOf(file: string, name: string): string {
  const lines = readFileSync(new URL(file, root), 'utf8').split('\n');
  const start = lines.indexOf(`// #region ${name}`);
  const end = lines.indexOf(`// #endregion ${name}`);
  if (start < 0 || end < start) {
    console.error(`${file} has no region '${name}'.`);
    process.exit(1);
  }
  return lines.slice(start + 1, end).join('\n');
}

const REGION = /(<!-- region:(\S+)#(\S+) -->\n\n)```ts\n[\s\S]*?```/g;

let stale = 0;
for (const file of markdownFiles) {
  const text = readFileSync(new URL(file, root), 'utf8');
  const updated = text.replaceAll(
    REGION,
    (_, head: string, source: string, name: string) => `${head}\`\`\`ts\n${regionOf(source, name)}\n\`\`\``,
  );
  // A mark without code behind it would stay empty for ever.
  if (text.split('<!-- region:').length - 1 !== [...text.matchAll(REGION)].length) {
    stale++;
    console.error(`${file} has a region without a code block: put \`\`\`ts and \`\`\` behind its mark.`);
  }
  if (updated === text) continue;
  stale++;
  if (isCheck) console.error(`${file} shows code that differs from its example: run 'npm run docs:regions'.`);
  else writeFileSync(new URL(file, root), updated);
}
process.exitCode = isCheck && stale > 0 ? 1 : 0;
