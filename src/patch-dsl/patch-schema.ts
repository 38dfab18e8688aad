import * as z from 'zod';
import type { Patch, PatchRegistry } from './registry.ts';
import { DEFAULT_REGISTRY } from './registry.ts';

/** Version of the form that patch sets are written in. */
export const PATCH_SET_VERSION = 1;

/** Schema of one patch, told apart by `type`. */
export function patchSchemaOf(registry: PatchRegistry): z.ZodType<Patch> {
  const [first, ...rest] = registry.definitions.map((definition) => definition.patchSchema);
  return z.discriminatedUnion('type', [first, ...rest] as unknown as [
    z.core.$ZodTypeDiscriminable,
    ...z.core.$ZodTypeDiscriminable[],
  ]) as unknown as z.ZodType<Patch>;
}

/** One patch of our types. */
export const patchSchema: z.ZodType<Patch> = patchSchemaOf(DEFAULT_REGISTRY);

/** A list of patches of our types; ids are checked by `validatePatchSet`. */
export const patchSetSchema: z.ZodType<Patch[]> = z.array(patchSchema);

/** JSON Schema (draft 2020-12) of a file with patches: `{ schema_version, patches }`. */
export function patchJsonSchema(registry: PatchRegistry = DEFAULT_REGISTRY): Record<string, unknown> {
  const file = z.strictObject({
    schema_version: z.literal(PATCH_SET_VERSION),
    patches: z.array(patchSchemaOf(registry)),
  });
  return {
    ...z.toJSONSchema(file, { io: 'input', unrepresentable: 'any' }),
    title: 'Patch set of genie-optimizer',
  };
}
