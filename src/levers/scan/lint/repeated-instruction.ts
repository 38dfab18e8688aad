import { makePatch } from '../../../patch-dsl/index.ts';
import { instructionText } from '../../../spaces/index.ts';
import { defineScanCheck } from '../check.ts';
import { termKey } from './statements.ts';

/** The same rule twice. */
export const repeatedInstruction = defineScanCheck({
  id: 'repeated_instruction',
  severity: 'info',
  explains: 'The general instruction says the same twice; the copy costs room and drifts from the original.',
  isLint: true,
  find({ space }) {
    const lines = instructionText(space).split('\n');
    return lines.flatMap((line, at) => {
      const key = termKey(line);
      const first = lines.findIndex((other) => termKey(other) === key);
      if (key.split(' ').length < 4 || first === at) return [];
      // Quoted with the line before it: an exact copy by itself stands there twice.
      const before = lines[at - 1] ?? '';
      return [
        {
          where: [`general instruction, line ${first + 1}`, `general instruction, line ${at + 1}`],
          message: `Line ${at + 1} repeats line ${first + 1}: "${line.trim()}".`,
          advice: 'Remove one of the two.',
          patches: [makePatch('update_instruction', { old_text: `${before}\n${line}`, new_text: before })],
        },
      ];
    });
  },
});
