import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SCAN_CHECKS } from '../../src/levers/index.ts';

it.each(SCAN_CHECKS.map((check) => [check.id, check] as const))(
  'the guide explains the check %s',
  (id, check) => {
    const page = readFileSync(new URL('../../docs/guides/scan-a-space.md', import.meta.url), 'utf8');
    const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\``));
    expect(row?.split('|').map((cell) => cell.trim())).toEqual([
      '',
      `\`${id}\``,
      check.severity,
      check.explains,
      '',
    ]);
  },
);
