import * as z from 'zod';
import { md5 } from '../../core/index.ts';
import { instructionText } from '../../spaces/index.ts';
import { sharesPart } from '../access.ts';
import type { Access } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { addBlock, hasBlock, writeInstruction } from '../instruction-text.ts';
import { someText } from '../payload-schemas.ts';
import { noop } from '../rendering.ts';
import { quote } from '../text-edit.ts';

/** Lines stand in the order in which they are added. */
const APPENDS: readonly Access[] = [{ key: 'instructions', part: '/lines', mode: 'append' }];
const PARTS = [sharesPart('', 'add')];

/** Adds lines to the general instruction. Several additions of one set are appended in the order of their ids. */
export const addInstruction = definePatch({
  type: 'add_instruction',
  group: 'instructions',
  lever: 6,
  risk: 'low',
  scope: 'genie_config',
  schema: z.strictObject({
    text: someText,
    /** Heading under which it belongs; made when missing. */
    section: someText.optional(),
    position: z.enum(['start', 'end']).optional(),
  }),
  example: { text: 'Revenue means extended price after discount.', section: 'Terms' },
  objectKey: (p) => `instruction:${md5(p.text.trim())}`,
  containerKey: () => 'instructions',
  parts: PARTS,
  access: () => APPENDS,
  render(p, context) {
    const before = instructionText(context.space);
    if (hasBlock(before, p.text)) return noop('the instruction says this already');
    return writeInstruction(context, addBlock(before, p.text, p.position ?? 'end', p.section));
  },
  describe: (p) =>
    `Add ${quote(p.text)} to the general instruction${p.section === undefined ? '' : ` under ${quote(p.section)}`}`,
});
