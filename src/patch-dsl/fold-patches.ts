import { HEX_ID, sha256 } from '../core/index.ts';
import type { NewId } from '../core/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import { Draft } from '../spaces/index.ts';
import type { Space } from '../spaces/index.ts';
import { contentKey } from './drop-duplicates.ts';
import type { AnyPatch } from './define-patch.ts';
import { definitionFor, knownPayload } from './patch-payload.ts';
import type { PatchRegistry } from './registry.ts';
import { DEFAULT_REGISTRY } from './registry.ts';
import type { DescriptionPlace } from './render-context.ts';
import type { Failed, Rendering } from './rendering.ts';
import type { Snapshot } from './snapshot.ts';
import type { Step } from './step.ts';

export interface FoldOptions {
  readonly registry?: PatchRegistry;
  /** Where descriptions are written. Default `space`. */
  readonly descriptionsIn?: DescriptionPlace;
  /** Ids of new parts. Default: derived from the patch, so that equal patches give equal spaces. */
  readonly newId?: NewId;
}

export interface Folded {
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  readonly applied: readonly {
    readonly patch: AnyPatch;
    readonly steps: readonly Step[];
  }[];
  readonly noops: readonly { readonly patch: AnyPatch; readonly reason: string }[];
  readonly failures: readonly { readonly patch: AnyPatch; readonly failure: Failed }[];
}

/**
 * Renders patches one after the other, each on the state that the earlier ones leave.
 *
 * Only what the steps touch is copied; everything else is shared with the snapshot. Patches that fail leave
 * the state as it is; the caller decides what a failure means for the set.
 */
export function foldPatches(
  snapshot: Snapshot,
  ordered: readonly AnyPatch[],
  options: FoldOptions = {},
): Folded {
  const registry = options.registry ?? DEFAULT_REGISTRY;
  const space = new Draft(snapshot.space);
  const catalog = new Draft(snapshot.catalog);
  const applied: Folded['applied'][number][] = [];
  const rendered = { ...options, registry };
  const noops: Folded['noops'][number][] = [];
  const failures: Folded['failures'][number][] = [];
  for (const patch of ordered) {
    const rendering = renderPatch(patch, { space: space.current, catalog: catalog.current }, rendered);
    if (rendering.status === 'noop') noops.push({ patch, reason: rendering.reason });
    else if (rendering.status === 'failed') failures.push({ patch, failure: rendering });
    else {
      applied.push({ patch, steps: rendering.steps });
      for (const { kind, path, from, to } of rendering.steps)
        (kind === 'space' ? space : catalog).write(path, to, from);
    }
  }
  return { space: space.current, catalog: catalog.current, applied, noops, failures };
}

/** What one patch does to a snapshot; pure. */
export function renderPatch(patch: AnyPatch, snapshot: Snapshot, options: FoldOptions = {}): Rendering {
  const definition = definitionFor(patch, options.registry ?? DEFAULT_REGISTRY);
  return definition.render(knownPayload(patch, definition), {
    ...snapshot,
    descriptionsIn: options.descriptionsIn ?? 'space',
    newId: options.newId ?? derivedIds(patch, snapshot.space),
  });
}

/** Ids that follow from the patch's content and are not taken in the space. */
function derivedIds(patch: AnyPatch, space: Space): NewId {
  let salt = 0;
  let taken: Set<string> | undefined;
  return () => {
    taken ??= idsOf(space);
    for (;;) {
      const id = sha256(`${contentKey(patch)}${salt === 0 ? '' : `#${salt}`}`).slice(0, 32);
      salt += 1;
      if (!taken.has(id)) return id;
    }
  };
}

/** Every id in use, wherever it stands: ids that differ from all of them satisfy each of the API's rules. */
function idsOf(space: Space): Set<string> {
  const { instructions, config, benchmarks } = space;
  const lists: readonly (readonly { readonly id: string }[] | undefined)[] = [
    config?.sample_questions,
    instructions?.text_instructions,
    instructions?.example_question_sqls,
    instructions?.sql_functions,
    instructions?.join_specs,
    instructions?.sql_snippets?.filters,
    instructions?.sql_snippets?.expressions,
    instructions?.sql_snippets?.measures,
    benchmarks?.questions,
  ];
  return new Set(lists.flatMap((list) => list?.map(({ id }) => id) ?? []).filter((id) => HEX_ID.test(id)));
}
