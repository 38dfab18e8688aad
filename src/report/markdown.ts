/** Small helpers for Markdown text that came from users: a cell never breaks a table. */
export const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();

export const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : `${value.toFixed(1)} %`;

export const points = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? '–'
    : `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(1)} points`;

/** A Markdown table; without rows the text in `empty`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty;
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
