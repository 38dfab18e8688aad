import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const CLIENTS = new URL('../../src/clients/', import.meta.url);

const files = readdirSync(CLIENTS, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

describe('the sources of the clients', () => {
  it('are found', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it.each(files)('throw no error without a code: %s', (name) => {
    const source = readFileSync(new URL(name, CLIENTS), 'utf8');
    expect(source.match(/\bnew (?:Aggregate|Eval|Range|Reference|Syntax|Type|URI)?Error\(/g) ?? []).toEqual(
      [],
    );
    expect(source.match(/\bconsole\./g) ?? []).toEqual([]);
  });
});
