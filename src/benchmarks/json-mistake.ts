const TOKEN =
  /[\t\n\r ]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/uy;

/**
 * Offset of the first mistake in a text that is not JSON.
 *
 * The engines report it in some of their messages only.
 */
export function jsonMistakeAt(text: string): number {
  let offset = 0;
  const open: ('{' | '[')[] = [];
  // What may stand next: a value, a key, what follows a value; `first` also allows closing at once.
  let expected: 'value' | 'key' | 'colon' | 'after' = 'value';
  let first = false;
  for (;;) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(text);
    const blanks = /[\t\n\r ]*/y;
    blanks.lastIndex = offset;
    const at = offset + (blanks.exec(text)?.[0].length ?? 0);
    if (match === null || (expected === 'after' && open.length === 0)) return at;
    const token = match[1] ?? (match[2] === undefined ? 'literal' : 'string');
    const inside = open.at(-1);
    const closes = (token === '}' && inside === '{') || (token === ']' && inside === '[');
    if (closes && (expected === 'after' || first)) {
      open.pop();
      expected = 'after';
    } else if (expected === 'after' && token === ',') expected = inside === '{' ? 'key' : 'value';
    else if (expected === 'key' && token === 'string') expected = 'colon';
    else if (expected === 'colon' && token === ':') expected = 'value';
    else if (expected === 'value' && (token === 'string' || token === 'literal')) expected = 'after';
    else if (expected === 'value' && (token === '{' || token === '[')) {
      open.push(token);
      expected = token === '{' ? 'key' : 'value';
      first = true;
      offset = TOKEN.lastIndex;
      continue;
    } else return at;
    first = false;
    offset = TOKEN.lastIndex;
  }
}
