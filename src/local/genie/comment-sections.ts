/** The structured part of a comment. Absent sections are empty. @see spec/control-levers.md §2 */
export interface CommentSections {
  readonly purpose: string;
  readonly bestFor: readonly string[];
  readonly notFor: readonly string[];
  readonly params: string;
  readonly syntax: string;
  /** Everything that stands in no section. */
  readonly preamble: string;
}

const HEADING =
  /(?:^|[\s•*;.-])(PURPOSE|BEST FOR|NOT FOR|PREFERRED OVER|RETURNS|PARAM(?:ETER)?S|SYNTAX|EXAMPLE|NOTES?|DIMENSIONS|MEASURES|SOURCE|JOINS|DOMAIN|GRAIN)\s*:/g;

/** Reads `- BEST FOR: a | b` style comments; headings are upper case and may stand on one line. */
export function commentSections(comment: string): CommentSections {
  const headings = [...comment.matchAll(HEADING)];
  const sections = new Map<string, string>();
  headings.forEach((heading, position) => {
    const from = heading.index + heading[0].length;
    const to = headings[position + 1]?.index ?? comment.length;
    const name = heading[1] ?? '';
    sections.set(
      name,
      `${sections.get(name) ?? ''}\n${comment.slice(from, to)}`.replaceAll(/^[\s•*]+|[\s•*-]+$/g, ''),
    );
  });
  const first = headings[0]?.index ?? comment.length;
  return {
    purpose: sections.get('PURPOSE') ?? '',
    bestFor: phrases(sections.get('BEST FOR')),
    notFor: phrases(sections.get('NOT FOR')),
    params: sections.get('PARAMS') ?? sections.get('PARAMETERS') ?? sections.get('PARAM') ?? '',
    syntax: sections.get('SYNTAX') ?? sections.get('EXAMPLE') ?? '',
    preamble: comment
      .slice(0, first)
      .replace(/[\s•*-]+$/, '')
      .trim(),
  };
}

/** Pipes, semicolons, line breaks and question marks part the phrases; redirects (`→ x`, `(use x)`) are cut off. */
const phrases = (text: string | undefined): string[] =>
  (text ?? '')
    .split(/[|;\n]|(?<=\?)\s|\.\s/)
    .map((part) =>
      part
        .replace(/(?:→|->|\(\s*use\b|[,-]?\s+\buse\b|\binstead\b).*$/i, '')
        .replaceAll(/^[\s"'“•*-]+|[\s"'”.?]+$/g, ''),
    )
    .filter((part) => part !== '');
