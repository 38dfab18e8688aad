import { parseJson } from './parse-json.ts';

/** Whether a value is an object or a list, which is what answers are made of. */
const isStructure = (value: unknown): boolean => typeof value === 'object' && value !== null;

/**
 * The first JSON object or list in a text, which may stand in a code fence or between sentences.
 *
 * @param isWanted - what else the value has to be; others are passed over. Default: nothing
 * @returns `undefined` when there is none
 */
export function extractJson(text: string, isWanted: (value: unknown) => boolean = () => true): unknown {
  const taken = (candidate: string): unknown => {
    const value = parseJson(candidate);
    return isStructure(value) && isWanted(value) ? value : undefined;
  };
  const whole = taken(text.trim());
  if (whole !== undefined) return whole;
  const fenced = /```[\w-]*\s*\n?([\s\S]*?)```/.exec(text)?.[1];
  const inFence = fenced === undefined ? undefined : taken(fenced.trim());
  if (inFence !== undefined) return inFence;
  for (const { index } of text.matchAll(/[{[]/g)) {
    const end = endOfValue(text, index);
    const value = end === null ? undefined : taken(text.slice(index, end));
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
