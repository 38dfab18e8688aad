/** Small helpers for Markdown text that came from users: a cell never breaks a table, missing data is `n/a`. */
export const cell = (content: string): string =>
  content
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll(/\s*[\r\n]\s*/g, ' ')
    .trim();

/** Percent 0–100 with one decimal. */
export const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? 'n/a' : `${value.toFixed(1)} %`;

/** A difference in percentage points, always with its sign. */
export const points = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? 'n/a'
    : `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(1)} points`;

/** A word or number, or what stands for a missing one. */
export const text = (value: string | number | null | undefined, missing = 'n/a'): string =>
  value === null || value === undefined ? missing : String(value);

/** A wire name as words. */
export const words = (name: string): string => name.replaceAll('_', ' ');

export const bullets = (lines: readonly string[], empty: string): string =>
  lines.length === 0 ? empty : lines.map((line) => `- ${cell(line)}`).join('\n');

/** A Markdown table; without rows the text in `empty`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty;
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
