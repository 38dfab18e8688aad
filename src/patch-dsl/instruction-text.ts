import { instructionText, textInstructions, toTextLines } from '../spaces/index.ts';
import type { RenderContext } from './render-context.ts';
import type { Rendering } from './rendering.ts';
import { changes, failed } from './rendering.ts';
import { spaceEdit } from './step.ts';

/** Writes the text of the space's one general instruction; makes the instruction when there is none, removes it when the text is empty. */
export function writeInstruction(context: RenderContext, text: string): Rendering {
  const existing = textInstructions(context.space);
  const [instruction] = existing;
  if (existing.length > 1) {
    return failed(
      'SPACE_INVALID',
      `The space has ${existing.length} text instructions; one is allowed. Merge them first.`,
    );
  }
  const list = ['instructions', 'text_instructions'];
  if (instruction === undefined) {
    if (text === '') return changes([]);
    const id = context.newId();
    return changes([
      spaceEdit([...list, { by: 'id', is: id }], undefined, { id, content: toTextLines(text) }),
    ]);
  }
  const path = [...list, { by: 'id', is: instruction.id }];
  if (text.trim() === '') return changes([spaceEdit(path, instruction, undefined)]);
  if (text === instructionText(context.space)) return changes([]);
  return changes([spaceEdit([...path, 'content'], instruction.content, toTextLines(text))]);
}

/** Whether a text holds a block as whole lines. */
export function hasBlock(text: string, block: string): boolean {
  return `\n${text.trim()}\n`.includes(`\n${block.trim()}\n`);
}

/**
 * The text with a block added, a blank line apart.
 *
 * With a section the block goes to the end of the part under `## section` (made when missing); otherwise
 * to the start or end of the whole text.
 */
export function addBlock(text: string, block: string, position: 'start' | 'end', section?: string): string {
  const added = block.trim();
  if (section === undefined) {
    if (text.trim() === '') return added;
    return position === 'start' ? `${added}\n\n${text}` : `${text.trimEnd()}\n${added}`;
  }
  const heading = `## ${section.trim()}`;
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.trim().toLowerCase() === heading.toLowerCase());
  if (start < 0) return `${text.trim() === '' ? '' : `${text.trimEnd()}\n\n`}${heading}\n${added}`;
  const next = lines.findIndex((line, index) => index > start && line.startsWith('## '));
  if (position === 'start') return lines.toSpliced(start + 1, 0, added).join('\n');
  let end = next < 0 ? lines.length : next;
  while (end > start + 1 && lines[end - 1]?.trim() === '') end -= 1;
  return lines.toSpliced(end, 0, added).join('\n');
}
