import * as z from 'zod';
import { compareCodeUnits } from '../core/index.ts';
import { WRITES_OBJECT } from './access.ts';
import type { Access, PartAccess } from './access.ts';
import type { NameResolver } from './name-resolver.ts';
import type { PatchEnvelope, PatchLever, PatchScope, RiskLevel } from './envelope.ts';
import { ENVELOPE_SHAPE } from './envelope.ts';
import type { RenderContext } from './render-context.ts';
import type { Rendering } from './rendering.ts';
import type { Snapshot } from './snapshot.ts';

/** Word for the kind of thing a type edits; groups the documentation. */
export const PATCH_GROUPS = [
  'instructions',
  'synonyms and descriptions',
  'tables and columns',
  'joins',
  'filters',
  'functions',
  'metric views',
  'governance',
  'comments',
  'authoring',
  'custom',
] as const;
export type PatchGroup = (typeof PATCH_GROUPS)[number];

/** Containers are made before everything else, and removed after it. */
export type PatchPhase = 'create' | 'change' | 'remove';

/** A payload: the members of a patch beside the envelope. */
export type PayloadOf<S extends z.ZodObject> = z.output<S>;

interface PatchBehaviour<P> {
  /** What the patch edits, in comparison form: the bucket in which conflict rules apply. */
  objectKey(payload: P, names: NameResolver): string;
  /**
   * The bigger thing around the object, which the blast radius counts. Default: the object itself.
   *
   * It follows from the object: patches of the type with one object key have one container key.
   */
  containerKey?(payload: P, names: NameResolver): string;
  /**
   * What it reads and writes of its object; conflicts are computed from this and from `access`.
   *
   * Here what is the same for all patches of the type; what depends on the payload comes from `ownParts`.
   * Default: writes the whole object, unless `ownParts` or `access` is given.
   */
  readonly parts?: readonly PartAccess[];
  /** Further parts, of this patch alone. Asked only when several patches meet on the object. Default: none. */
  ownParts?(payload: P, names: NameResolver): readonly PartAccess[];
  /** What it reads and writes of other things. That it works inside its container is understood. Default: nothing. */
  access?(payload: P, names: NameResolver): readonly Access[];
  /** Full names of tables, `table.column`s and functions that questions may depend on. Default: none. */
  touched?(payload: P, names: NameResolver): readonly string[];
  /** A rule between members that the schema cannot say; the problem, or `null`. */
  check?(payload: P): string | null;
  /** Texts that might carry a benchmark question or its SQL. Default: every string of the payload. */
  texts?(payload: P): readonly string[];
  /** The effect on a snapshot; pure. */
  render(payload: P, context: RenderContext): Rendering;
  /** One English sentence without the final full stop, in the imperative. */
  describe(payload: P): string;
}

export interface PatchSpec<T extends string, S extends z.ZodObject> extends PatchBehaviour<PayloadOf<S>> {
  readonly type: T;
  /** Default `custom`. */
  readonly group?: PatchGroup;
  readonly lever: PatchLever | ((payload: PayloadOf<S>, snapshot: Snapshot) => PatchLever);
  readonly risk: RiskLevel | ((payload: PayloadOf<S>, snapshot: Snapshot) => RiskLevel);
  readonly scope: PatchScope;
  /** Default `change`. */
  readonly phase?: PatchPhase;
  /** The payload as a strict object without members of the envelope. */
  readonly schema: S;
  /** A payload that shows the type at work; documentation and tests use it. */
  readonly example: PayloadOf<S>;
}

export interface PatchDefinition<
  T extends string = string,
  S extends z.ZodObject = z.ZodObject,
> extends Required<
  Omit<PatchBehaviour<PayloadOf<S>>, 'access' | 'parts' | 'ownParts' | 'containerKey' | 'check' | 'texts'>
> {
  readonly type: T;
  readonly group: PatchGroup;
  readonly scope: PatchScope;
  readonly phase: PatchPhase;
  /** The payload alone. */
  readonly schema: S;
  /** The whole patch: envelope, type and payload. */
  readonly patchSchema: z.ZodObject;
  readonly example: PayloadOf<S>;
  /** The lever as data when it does not depend on the target; `null` when it does. */
  readonly fixedLever: PatchLever | null;
  readonly fixedRisk: RiskLevel | null;
  leverOf(payload: PayloadOf<S>, snapshot: Snapshot): PatchLever;
  riskOf(payload: PayloadOf<S>, snapshot: Snapshot): RiskLevel;
  containerKey(payload: PayloadOf<S>, names: NameResolver): string;
  /** `null` when patches of the type touch nothing but their object. */
  readonly access: ((payload: PayloadOf<S>, names: NameResolver) => readonly Access[]) | null;
  readonly fixedParts: readonly PartAccess[];
  /** `null` when all patches of the type access the same parts. */
  readonly ownParts: ((payload: PayloadOf<S>, names: NameResolver) => readonly PartAccess[]) | null;
  /** Whether the container is another thing than the object. */
  readonly hasContainer: boolean;
  /** Names of all members that a payload can have, in a fixed order; `null` when the schema is open or has a name that every object has. */
  readonly payloadKeys: readonly string[] | null;
  check(payload: PayloadOf<S>): string | null;
  texts(payload: PayloadOf<S>): readonly string[];
}

/** A definition of which only the common part is known. */
export type AnyPatchDefinition = PatchDefinition;

/** A patch of any type, ours or a user's. */
export type AnyPatch = PatchEnvelope & { readonly type: string } & Readonly<Record<string, unknown>>;

/**
 * Makes a patch type: its schema, effect, conflicts and wording in one value.
 *
 * Types of users have the same rights as ours: hand them to {@link createPatchRegistry}.
 */
export function definePatch<const T extends string, S extends z.ZodObject>(
  spec: PatchSpec<T, S>,
): PatchDefinition<T, S> {
  const { lever, risk } = spec;
  const saysParts = spec.ownParts !== undefined || spec.access !== undefined;
  const objectKey = (payload: PayloadOf<S>, names: NameResolver): string => spec.objectKey(payload, names);
  return {
    type: spec.type,
    group: spec.group ?? 'custom',
    scope: spec.scope,
    phase: spec.phase ?? 'change',
    schema: spec.schema,
    patchSchema: z.strictObject({ type: z.literal(spec.type), ...ENVELOPE_SHAPE, ...spec.schema.shape }),
    example: spec.example,
    fixedLever: typeof lever === 'function' ? null : lever,
    fixedRisk: typeof risk === 'function' ? null : risk,
    leverOf: typeof lever === 'function' ? lever : () => lever,
    riskOf: typeof risk === 'function' ? risk : () => risk,
    objectKey,
    containerKey: spec.containerKey?.bind(spec) ?? objectKey,
    hasContainer: spec.containerKey !== undefined,
    payloadKeys: closedKeys(spec.schema),
    fixedParts: spec.parts ?? (saysParts ? [] : WRITES_OBJECT),
    ownParts: spec.ownParts?.bind(spec) ?? null,
    access: spec.access?.bind(spec) ?? null,
    touched: spec.touched?.bind(spec) ?? (() => []),
    check: spec.check?.bind(spec) ?? (() => null),
    texts: spec.texts?.bind(spec) ?? stringsIn,
    render: spec.render.bind(spec),
    describe: spec.describe.bind(spec),
  };
}

function closedKeys(schema: z.ZodObject): readonly string[] | null {
  if (schema.def.catchall?._zod.def.type !== 'never') return null;
  const keys = Object.keys(schema.shape).sort(compareCodeUnits);
  return keys.some((key) => key in Object.prototype) ? null : keys;
}

/** Every string inside a value, keys excluded. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
