import { describe, expect, it } from 'vitest';
import { REGISTER, type Rule, type RuleKind } from './register.ts';
import { namedTests, numbersIn } from './test-names.ts';

const tests = namedTests('test').flatMap(({ file, names, asserts }) =>
  names.flatMap((name) => numbersIn(name).map((rule) => ({ ...rule, file, name, asserts }))),
);
const holding = (kind: RuleKind, number: number) =>
  tests.filter((test) => test.kind === kind && test.number === number);

const everyRule = Object.entries(REGISTER).flatMap(([kind, rules]) =>
  rules.map((rule: Rule) => [kind as RuleKind, rule.number, rule.rule, rule.untested] as const),
);

describe('the register of constraints', () => {
  it.each(everyRule.filter(([, , , untested]) => untested === undefined))(
    '%s %d, %s, is held by a test',
    (kind, number) => {
      expect(holding(kind, number)).not.toEqual([]);
    },
  );

  it.each(everyRule.filter(([, , , untested]) => untested !== undefined))(
    '%s %d, %s, cannot be tested, and no test claims to',
    (kind, number) => {
      expect(holding(kind, number)).toEqual([]);
    },
  );

  it('holds every number that a test carries', () => {
    const known = new Set(everyRule.map(([kind, number]) => `${kind} ${number}`));
    expect(tests.filter(({ kind, number }) => !known.has(`${kind} ${number}`))).toEqual([]);
  });

  it('counts no test that asserts nothing', () => {
    expect(tests.filter(({ asserts }) => !asserts).map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });
});

describe('names of tests', () => {
  it.each([
    ['HC14, mistake 10: levers in order', ['HC 14', 'mistake 10']],
    ['P5, checklist 5: asked first', ['checklist 5']],
    ['F2, F3: taken back', ['F 2', 'F 3']],
    ['nothing of HC14 before a colon', []],
    ['a name: that mentions HC14 behind it', []],
  ])('are numbered in front: %s gives %j', (name, numbers) => {
    expect(numbersIn(name).map(({ kind, number }) => `${kind} ${number}`)).toEqual(numbers);
  });
});
