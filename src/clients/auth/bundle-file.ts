import * as z from 'zod';

/** The parts of `databricks.yml` that say where to sign in. */
const workspaceSchema = z
  .looseObject({ host: z.string().optional(), profile: z.string().optional() })
  .nullish()
  .catch(undefined);

const bundleSchema = z.looseObject({
  workspace: workspaceSchema,
  targets: z
    .record(
      z.string(),
      z
        .looseObject({ default: z.boolean().optional().catch(undefined), workspace: workspaceSchema })
        .nullable(),
    )
    .nullish()
    .catch(undefined),
});

export interface BundleWorkspace {
  readonly profile: string | null;
  readonly host: string | null;
  /** Target that was looked at; `null` when the bundle names none. */
  readonly target: string | null;
}

/**
 * Finds the profile or host of a bundle's target: the named one, else the default, else the only one.
 *
 * Values with `${…}` are left out: only the bundle tool can resolve them.
 * @returns `null` when the text is no bundle, or the named target does not exist
 * @see spec/databricks-apis.md §1.6
 */
export async function readBundleWorkspace(
  text: string,
  targetName?: string,
): Promise<BundleWorkspace | null> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  if (document.errors.length > 0) return null;
  const bundle = bundleSchema.safeParse(document.toJS());
  if (!bundle.success) return null;
  const targets = Object.entries(bundle.data.targets ?? {});
  const chosen =
    targetName === undefined
      ? (targets.find(([, target]) => target?.default === true) ??
        (targets.length === 1 ? targets[0] : undefined))
      : targets.find(([name]) => name === targetName);
  if (targetName !== undefined && chosen === undefined) return null;
  const own = chosen?.[1]?.workspace;
  const shared = bundle.data.workspace;
  return {
    profile: literal(own?.profile) ?? literal(shared?.profile),
    host: literal(own?.host) ?? literal(shared?.host),
    target: chosen?.[0] ?? null,
  };
}

const literal = (value: string | undefined): string | null =>
  value === undefined || value === '' || value.includes('${') ? null : value;
