import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { optimizeCommand } from '../../src/cli/commands/optimize.ts';
import { OPTIMIZE_DEFAULTS, PHASE_IDS } from '../../src/pipeline/index.ts';

describe('the guides', () => {
  it.each(PHASE_IDS)("explain how to replace phase '%s'", (phase) => {
    expect(readFileSync('docs/guides/override-a-phase.md', 'utf8')).toContain(`\`${phase}\``);
  });

  const options = readFileSync('docs/guides/options.md', 'utf8');

  it.each(Object.entries(OPTIMIZE_DEFAULTS))("name option '%s' with its default %s", (name, value) => {
    expect(options).toMatch(new RegExp(`\\| \`${name}\` +\\| \`${String(value)}\``));
  });

  it.each(Object.keys(optimizeCommand.options))('name flag --%s', (flag) => {
    expect(options).toMatch(new RegExp(`\\| \`--${flag}[\` ]`));
  });
});
