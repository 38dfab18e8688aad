/** A profile of the configuration file, with its keys as they stand there. */
export type Profile = Readonly<Record<string, string>>;

export interface ConfigFile {
  /** By name, in file order. `[__settings__]` is not a profile. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** From `[__settings__] default_profile`; `null` when not set. */
  readonly defaultProfile: string | null;
}

const SETTINGS = '__settings__';

/**
 * Reads the text of a `.databrickscfg`.
 *
 * `#` and `;` start comments at the begin of a line; `=` and `:` separate. Keys of `DEFAULT` are not inherited by
 * other profiles. Lines of no known form are skipped: other tools write to the same file.
 * @see spec/databricks-apis.md §1.2, §1.3
 */
export function parseConfigFile(text: string): ConfigFile {
  const sections = new Map<string, Record<string, string>>();
  let current: Record<string, string> | null = null;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const header = /^\[([^\]]+)\]/.exec(trimmed)?.[1]?.trim();
    if (header !== undefined) {
      current = sections.get(header) ?? {};
      sections.set(header, current);
      continue;
    }
    // Whichever separator comes first: a host contains `:`, a secret may contain `=`.
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed);
    if (pair?.[1] !== undefined && current !== null) current[pair[1].toLowerCase()] = pair[2] ?? '';
  }
  const defaultProfile = sections.get(SETTINGS)?.['default_profile'] ?? null;
  sections.delete(SETTINGS);
  return { profiles: sections, defaultProfile: defaultProfile === '' ? null : defaultProfile };
}
