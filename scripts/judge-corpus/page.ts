const mark = (name: string, end: 'start' | 'end'): string => `<!-- generated:${name}:${end} -->`;

/** Puts Markdown between the two marks of a section. @throws {RangeError} when the page lacks them */
export function fillSection(page: string, name: string, content: string): string {
  const [start, end] = [page.indexOf(mark(name, 'start')), page.indexOf(mark(name, 'end'))];
  if (start === -1 || end < start) throw new RangeError(`The page has no section '${name}'.`);
  return `${page.slice(0, start)}${mark(name, 'start')}\n\n${content}\n\n${page.slice(end)}`;
}

/** The text between the marks, without the padding of tables. */
export function sectionOf(page: string, name: string): string {
  const content = page.slice(
    page.indexOf(mark(name, 'start')) + mark(name, 'start').length,
    page.indexOf(mark(name, 'end')),
  );
  return plainTable(content);
}

/** A table with one blank around each cell, whatever a formatter made of it. */
export const plainTable = (text: string): string =>
  text
    .trim()
    .replaceAll(/ *\| */g, ' | ')
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/^ | $/gm, '');
