import { connect, type ConnectedWorkspace } from '../../clients/index.ts';
import { numberOption, stringOption, type CliOption, type CliValues } from '../command.ts';

/** Options of every command that talks to a workspace. */
export const CONNECT_OPTIONS = {
  profile: { type: 'string', short: 'p', value: 'name', help: 'Profile of ~/.databrickscfg' },
  host: { type: 'string', value: 'url', help: 'Workspace URL, else from the profile or DATABRICKS_HOST' },
} as const satisfies Record<string, CliOption>;

/** Options of the commands that run statements, too. */
export const WAREHOUSE_OPTIONS = {
  ...CONNECT_OPTIONS,
  'warehouse-id': { type: 'string', value: 'id', help: "SQL warehouse, else the space's own" },
} as const satisfies Record<string, CliOption>;

/** Options of the commands that ask Genie, too. */
export const WORKSPACE_OPTIONS = {
  ...WAREHOUSE_OPTIONS,
  'starts-per-minute': {
    type: 'string',
    value: 'number',
    help: 'Questions to start per minute',
    default: '5',
  },
} as const satisfies Record<string, CliOption>;

/** Connects as the options and the environment say. The token comes from the environment or the profile, never from a flag. */
export async function connectFrom(
  values: CliValues,
  /** Conversation starts a minute where the options say nothing; `null`: no limit. */
  usualPace?: number | null,
): Promise<ConnectedWorkspace> {
  const startsPerMinute = numberOption(values, 'starts-per-minute', [1, 1000]) ?? usualPace;
  return connect({
    ...defined('profile', stringOption(values, 'profile')),
    ...defined('host', stringOption(values, 'host')),
    ...defined('warehouseId', stringOption(values, 'warehouse-id')),
    ...(startsPerMinute === undefined ? {} : { startsPerMinute }),
  });
}

const defined = <K extends string>(name: K, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: string };
