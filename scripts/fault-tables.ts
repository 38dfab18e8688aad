import { PROBES, type Repetition } from '../test/clients/faults/probes.ts';
import { PROTOCOL_FAULTS } from '../test/clients/faults/protocol-faults.ts';
import { type Ending, TRANSPORT_FAULTS } from '../test/clients/faults/transport-faults.ts';

const START = '<!-- generated:faults:start -->';
const END = '<!-- generated:faults:end -->';

/** Heading of each column, and what a call of that kind does when it is sent twice. */
const KINDS: readonly (readonly [repetition: Repetition, heading: string, meaning: string])[] = [
  ['harmless', 'Harmless to repeat', 'reads, or writes the same thing again'],
  ['doubtful', 'Doubtful', 'appends, or may undo what somebody else did'],
  ['costly', 'Starts something', 'starts a conversation, a run, an evaluation'],
];

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const code = (text: string): string => (/^[A-Z_]+$/.test(text) ? `\`${text}\`` : text);

/** `answers, 2` as `answers after 2 requests`. */
function sentence(ending: Ending): string {
  const [how = '', requests = ''] = ending.split(', ');
  return `${code(how)} after ${requests} request${requests === '1' ? '' : 's'}`;
}

/** Lists in the order in which their first entry came. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

/** The tables of `docs/clients.md`, from the data that the tests of the faults run on. */
export function faultTables(): string {
  const calls = table(
    ['Kind of call', 'Sent twice it', 'Calls'],
    KINDS.map(([repetition, heading, meaning]) => [
      heading,
      meaning,
      PROBES.filter((probe) => probe.repetition === repetition)
        .map(({ call }) => `\`${call}\``)
        .join(', '),
    ]),
  );
  const bytes = PROBES.filter(({ readsBytes }) => readsBytes === true).map(({ call }) => `\`${call}\``);
  const transport = table(
    ['What happens', ...KINDS.map(([, heading]) => heading)],
    TRANSPORT_FAULTS.map((fault) => [
      `${fault.fault}${fault.endsForBytes === undefined ? '' : ' ¹'}`,
      ...KINDS.map(([repetition]) => sentence(fault.ends[repetition])),
    ]),
  );
  const protocol = table(
    ['What happens', 'Call', 'Ends'],
    grouped(PROTOCOL_FAULTS, ({ fault, ends }) => `${fault}\n${ends}`).map((same) => [
      same[0]?.fault ?? '',
      same.map(({ call }) => `\`${call}\``).join(', '),
      code(same[0]?.ends ?? ''),
    ]),
  );
  return [
    calls,
    transport,
    `¹ ${bytes.join(', ')} hands the answer on as bytes and does not look at its form.`,
    protocol,
  ].join('\n\n');
}

/** The page with its tables replaced. */
export function withFaultTables(page: string): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start)
    throw new TypeError(`The page has no place for the tables: ${START} … ${END}`);
  return `${page.slice(0, start)}${START}\n\n${faultTables()}\n\n${page.slice(end)}`;
}
