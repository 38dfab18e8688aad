/** Sections of a function's comment, in their order. @see spec/control-levers.md §2 */
export const COMMENT_SECTIONS = {
  purpose: 'PURPOSE',
  best_for: 'BEST FOR',
  not_for: 'NOT FOR',
  returns: 'RETURNS',
  params: 'PARAMS',
  syntax: 'SYNTAX',
  note: 'NOTE',
  preferred_over: 'PREFERRED OVER',
} as const;
export type CommentSection = keyof typeof COMMENT_SECTIONS;
const SECTION_KEYS = Object.keys(COMMENT_SECTIONS) as CommentSection[];

/** A comment in sections; lines before the first section are the preamble and are kept. */
export interface StructuredComment {
  readonly preamble: string;
  /** What stands before each heading, as found: `- `, `• ` or nothing. */
  readonly bullet: string;
  readonly sections: Readonly<Partial<Record<CommentSection, string>>>;
}

const HEADING = new RegExp(
  String.raw`^\s*([-•*]\s*)?(${Object.values(COMMENT_SECTIONS).join('|')})\s*:\s*(.*)$`,
  'i',
);

/** Reads a comment; a second section of one name is joined to the first. */
export function parseComment(comment: string): StructuredComment {
  const preamble: string[] = [];
  const sections = new Map<CommentSection, string[]>();
  let bullet: string | null = null;
  let open: string[] = preamble;
  for (const line of comment.split('\n')) {
    const match = HEADING.exec(line);
    const key = SECTION_KEYS.find((section) => COMMENT_SECTIONS[section] === match?.[2]?.toUpperCase());
    if (match === null || key === undefined) {
      open.push(line);
      continue;
    }
    bullet ??= match[1] ?? '';
    open = sections.get(key) ?? [];
    sections.set(key, open);
    open.push(match[3] ?? '');
  }
  return {
    preamble: preamble.join('\n').trim(),
    bullet: bullet ?? '- ',
    sections: Object.fromEntries([...sections].map(([key, lines]) => [key, lines.join('\n').trim()])),
  };
}

/** Writes a comment: preamble, then the sections in their order; empty ones are left out. */
export function renderComment({ preamble, bullet, sections }: StructuredComment): string {
  const lines = SECTION_KEYS.flatMap((key) => {
    const text = sections[key];
    return text === undefined || text.trim() === ''
      ? []
      : [`${bullet}${COMMENT_SECTIONS[key]}: ${text.trim()}`];
  });
  return [...(preamble === '' ? [] : [preamble]), ...lines].join('\n');
}
