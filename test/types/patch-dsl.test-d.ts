import { expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { definePatch, makePatch, PATCH_DEFINITIONS } from '../../src/patch-dsl/index.ts';
import type { Patch, PatchDefinition, PatchOf, PatchType } from '../../src/patch-dsl/index.ts';

test('a patch is told apart by its type', () => {
  const read = (patch: Patch) => {
    if (patch.type === 'add_synonym') expectTypeOf(patch.synonym).toEqualTypeOf<string>();
    if (patch.type === 'add_mv_measure') expectTypeOf(patch.measure.expr).toEqualTypeOf<string>();
    // @ts-expect-error: not every patch has a synonym
    return patch.synonym;
  };
  expectTypeOf(read).parameter(0).toEqualTypeOf<Patch>();
  expectTypeOf<Patch['type']>().toEqualTypeOf<PatchType>();
});

test('payloads are exact', () => {
  expectTypeOf<PatchOf<'hide_column'>['column']>().toEqualTypeOf<string>();
  expectTypeOf<PatchOf<'add_instruction'>['position']>().toEqualTypeOf<'start' | 'end' | undefined>();
  makePatch('add_synonym', { table: 'a.b.c', column: 'd', synonym: 'e' });
  // @ts-expect-error: the synonym is missing
  makePatch('add_synonym', { table: 'a.b.c', column: 'd' });
  // @ts-expect-error: filters have no alias
  makePatch('add_sql_snippet_filter', { display_name: 'a', sql: 'b', alias: 'c' });
  // @ts-expect-error: no such type
  makePatch('add_synonim', { table: 'a.b.c', column: 'd', synonym: 'e' });
});

test('a registry without one of the types does not compile', () => {
  const { add_synonym: _left, ...rest } = PATCH_DEFINITIONS;
  // @ts-expect-error: add_synonym is missing
  void (rest satisfies { readonly [T in PatchType]: PatchDefinition<T> });
  void (PATCH_DEFINITIONS satisfies { readonly [T in PatchType]: PatchDefinition<T> });
});

test('a definition knows its payload', () => {
  const own = definePatch({
    type: 'own',
    lever: 1,
    risk: 'low',
    scope: 'uc',
    schema: z.strictObject({ n: z.number() }),
    example: { n: 1 },
    objectKey: (p) => `n:${p.n}`,
    render: () => ({ status: 'noop', reason: 'x' }),
    describe: (p) => {
      expectTypeOf(p.n).toEqualTypeOf<number>();
      return 'x';
    },
  });
  expectTypeOf(own.type).toEqualTypeOf<'own'>();
});
