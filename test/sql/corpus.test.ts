import { describe, expect, it } from 'vitest';
import { analyzeSql } from '../../src/sql/index.ts';
import { CORPUS } from './corpus.ts';
import { describeFacts, type ExpectedFacts } from './describe-facts.ts';

describe('statements of the kind Genie writes', () => {
  it('are many', () => expect(CORPUS.length).toBeGreaterThanOrEqual(60));

  it.each(CORPUS)('$name', async ({ sql, facts: expected }) => {
    const facts = await analyzeSql(sql);
    expect(facts.degradedReason).toBeNull();
    const found = describeFacts(facts);
    const { columns = [], ...complete } = expected;
    const asked = Object.fromEntries(
      Object.keys(complete).map((key) => [key, found[key as keyof ExpectedFacts]]),
    );
    expect(asked).toEqual(complete);
    expect(found.columns).toEqual(expect.arrayContaining([...columns]));
  });
});
