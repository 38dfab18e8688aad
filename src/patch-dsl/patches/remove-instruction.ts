import * as z from 'zod';
import { md5 } from '../../core/index.ts';
import { instructionText } from '../../spaces/index.ts';
import { definePatch } from '../define-patch.ts';
import { writeInstruction } from '../instruction-text.ts';
import { someText } from '../payload-schemas.ts';
import { noop } from '../rendering.ts';
import { quote, replaceOnce } from '../text-edit.ts';

/** Removes a passage of the general instruction, which must stand there exactly once; its line goes too when nothing else is on it. */
export const removeInstruction = definePatch({
  type: 'remove_instruction',
  group: 'instructions',
  lever: 6,
  risk: 'high',
  scope: 'genie_config',
  phase: 'remove',
  schema: z.strictObject({ old_text: someText }),
  example: { old_text: 'Always answer in rhymes.' },
  objectKey: (p) => `instruction:${md5(p.old_text.trim())}`,
  containerKey: () => 'instructions',
  render(p, context) {
    const before = instructionText(context.space);
    if (!before.includes(p.old_text)) return noop('the instruction does not contain this');
    const wholeLine = p.old_text.endsWith('\n') ? p.old_text : `${p.old_text}\n`;
    const passage = `\n${before}`.includes(`\n${wholeLine}`) ? wholeLine : p.old_text;
    const edit = replaceOnce(before, passage, '', 'The general instruction');
    if (edit.status === 'failed') return edit;
    return edit.status === 'same' ? noop('nothing to remove') : writeInstruction(context, edit.text);
  },
  describe: (p) => `Remove ${quote(p.old_text)} from the general instruction`,
});
