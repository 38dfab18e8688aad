import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { stringify } from 'yaml';
import {
  createPatchRegistry,
  definePatch,
  describePatch,
  noop,
  parsePatchSet,
  PATCH_SET_VERSION,
  PATCH_TYPES,
  PatchFormatError,
  patchJsonSchema,
  planPatchSet,
  spaceEdit,
  changes,
  findConflicts,
  validatePatchSet,
} from '../../src/patch-dsl/index.ts';
import type { AnyPatch, AnyPatchDefinition } from '../../src/patch-dsl/index.ts';
import { sampleOf, SNAPSHOT } from './sample-world.ts';

const ALL = PATCH_TYPES.map((type, index) => sampleOf(type, `P${String(index).padStart(3, '0')}`));

describe('parsePatchSet', () => {
  it.each<[string, unknown]>([
    ['a value', ALL],
    ['JSON', JSON.stringify(ALL)],
    ['YAML', stringify(ALL)],
    ['a file', { schema_version: PATCH_SET_VERSION, patches: ALL }],
    ['a file as text', JSON.stringify({ patches: ALL })],
  ])('reads every type from %s', (_name, input) => {
    expect(parsePatchSet(input)).toEqual(ALL);
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  it.each<[string, unknown, RegExp]>([
    ['broken YAML, with its place', 'patches:\n  - {id: P1', /line \d+, column \d+/],
    ['a cycle', cyclic, /cycle/],
    ['a number', 5, /list of patches/],
    ['a version of the future', { schema_version: 2, patches: [] }, /reads up to 1/],
    ['an unknown type', [{ id: 'P1', type: 'add_sinonym' }], /Did you mean 'add_synonym'\?/],
    ['a missing member', [{ ...sampleOf('add_synonym'), column: undefined }], /column/],
  ])('refuses %s', (_name, input, message) => {
    expect(() => parsePatchSet(input)).toThrow(PatchFormatError);
    expect(() => parsePatchSet(input)).toThrow(message);
  });

  it('does not let a poisonous key through', () => {
    const text = JSON.stringify([sampleOf('add_synonym')]).replace(
      '"column"',
      '"__proto__":{"polluted":1},"column"',
    );
    expect(() => parsePatchSet(text)).toThrow(PatchFormatError);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('takes texts of a megabyte without choking; validation refuses them', () => {
    const [patch] = parsePatchSet([{ ...sampleOf('add_column_description'), text: '🙂'.repeat(500_000) }]);
    expect(validatePatchSet([patch], SNAPSHOT).errors.map(({ code }) => code)).toContain('STRING_TOO_LONG');
  });

  it('brings patches of the older form to the present one', () => {
    const old = [
      {
        type: 'add_synonym',
        table: 'main.sales.orders',
        column: 'o_clerk',
        new_text: 'seller',
        predicted_affected_questions: 3,
        risk_level: 'low',
      },
      {
        type: 'update_description',
        object_id: 'main.sales.orders',
        old_text: '',
        new_text: 'New.',
        lever: 1,
        scope: 'uc_universal',
      },
      { type: 'add_default_filter', target: 'main.sales.orders', new_text: 'o_clerk = 1', command: '{}' },
      { type: 'add_column_description', target: 'main.sales.orders', column: 'o_clerk', new_text: 'x' },
    ];
    expect(parsePatchSet(old)).toMatchObject([
      { id: 'P001', lever: 1, synonym: 'seller', predicted_affected_questions: [], risk_level: 'low' },
      { id: 'P002', target: 'main.sales.orders', old_text: '', new_text: 'New.' },
      { id: 'P003', condition: 'o_clerk = 1', lever: 3 },
      { id: 'P004', table: 'main.sales.orders', text: 'x' },
    ]);
  });
});

describe('patchJsonSchema', () => {
  it('describes a file with one branch per type, and is JSON itself', () => {
    const schema = patchJsonSchema();
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    const items = (
      schema as {
        properties: { patches: { items: { oneOf: { properties: { type: { const: string } } }[] } } };
      }
    ).properties.patches.items;
    expect(items.oneOf.map((branch) => branch.properties.type.const)).toEqual(
      expect.arrayContaining([...PATCH_TYPES]),
    );
  });
});

describe('a type of the user’s own', () => {
  const setFlag = definePatch({
    type: 'acme_set_flag',
    lever: 6,
    risk: 'low',
    scope: 'genie_config',
    schema: z.strictObject({ flag: z.string(), value: z.boolean() }),
    example: { flag: 'beta', value: true },
    objectKey: (p) => `flag:${p.flag}`,
    render(p, { space }) {
      return space[p.flag] === p.value
        ? noop('set already')
        : changes([spaceEdit([p.flag], space[p.flag], p.value)]);
    },
    describe: (p) => `Set ${p.flag} to ${p.value}`,
  });
  const registry = createPatchRegistry({ extend: [setFlag] });
  const patch = (id: string, value: boolean): AnyPatch => ({
    ...sampleOf('add_instruction', id),
    type: 'acme_set_flag',
    flag: 'beta',
    value,
  });
  const clean = ({ text: _text, section: _section, ...rest }: AnyPatch): AnyPatch => rest;
  const on = clean(patch('P001', true));

  it('is validated, planned, described, read and published like ours', () => {
    expect(parsePatchSet([on], { registry })).toEqual([on]);
    expect(describePatch(on, { registry })).toBe('Set beta to true.');
    expect(planPatchSet(SNAPSHOT, [on], { registry })).toMatchObject({
      ok: true,
      plan: { diff: [{ kind: 'added', path: ['beta'] }] },
    });
    expect(JSON.stringify(patchJsonSchema(registry))).toContain('acme_set_flag');
    expect(
      validatePatchSet([{ ...on, value: 'yes' }], SNAPSHOT, { registry }).errors.map(({ code }) => code),
    ).toEqual(['SCHEMA']);
  });

  it('takes part in conflicts without saying more than what it writes', () => {
    expect(findConflicts([on, clean(patch('P002', false))], { registry })).toMatchObject([
      { key: 'flag:beta', rule: null, patchIds: ['P001', 'P002'] },
    ]);
  });

  it('is unknown where the registry is not given', () => {
    expect(validatePatchSet([on], SNAPSHOT).errors.map(({ code }) => code)).toEqual(['UNKNOWN_TYPE']);
    expect(() => describePatch(on)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  it('must not take the name of one of ours', () => {
    const again = { ...setFlag, type: 'add_synonym' } as AnyPatchDefinition;
    expect(() => createPatchRegistry({ extend: [again] })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});
