import { parseJson } from '../../core/index.ts';

/**
 * The first JSON object or list in a model's answer, which may stand in a code fence or between sentences.
 *
 * @returns `undefined` when there is none
 */
export function extractJson(text: string): unknown {
  const whole = parseJson(text.trim());
  if (whole !== undefined) return whole;
  const fenced = /```[\w-]*\s*\n?([\s\S]*?)```/.exec(text)?.[1];
  const inFence = fenced === undefined ? undefined : parseJson(fenced.trim());
  if (inFence !== undefined) return inFence;
  for (const { index } of text.matchAll(/[{[]/g)) {
    const end = endOfValue(text, index);
    const value = end === null ? undefined : parseJson(text.slice(index, end));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Position after the bracket that closes the one at `start`; brackets inside strings do not count. */
function endOfValue(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}
