import * as z from 'zod';
import { md5 } from '../../core/index.ts';
import { instructionText } from '../../spaces/index.ts';
import { definePatch } from '../define-patch.ts';
import { writeInstruction } from '../instruction-text.ts';
import { someText } from '../payload-schemas.ts';
import { noop } from '../rendering.ts';
import { quote, replaceOnce } from '../text-edit.ts';

/** Replaces a passage of the general instruction, which must stand there exactly once. */
export const updateInstruction = definePatch({
  type: 'update_instruction',
  group: 'instructions',
  lever: 6,
  risk: 'medium',
  scope: 'genie_config',
  schema: z.strictObject({ old_text: someText, new_text: someText }),
  example: { old_text: 'Amounts are in USD.', new_text: 'Amounts are in US dollars, taxes excluded.' },
  objectKey: (p) => `instruction:${md5(p.old_text.trim())}`,
  containerKey: () => 'instructions',
  render(p, context) {
    const edit = replaceOnce(
      instructionText(context.space),
      p.old_text,
      p.new_text,
      'The general instruction',
    );
    if (edit.status === 'failed') return edit;
    return edit.status === 'same'
      ? noop('the instruction reads so already')
      : writeInstruction(context, edit.text);
  },
  describe: (p) => `Replace ${quote(p.old_text)} by ${quote(p.new_text)} in the general instruction`,
});
