/** Statements that a real workspace takes and the embedded engine refuses, saying so. */
export const LIMITS: readonly (readonly [what: string, sql: string])[] = [
  ['a function it lacks', "SELECT xpath('<a/>', '/a')"],
  ['the pipe syntax', 'FROM members |> LIMIT 1'],
  ['a description as JSON', 'DESCRIBE TABLE books AS JSON'],
  ['the text of a table', 'SHOW CREATE TABLE books'],
  ['an older version of a table', 'SELECT * FROM books VERSION AS OF 1'],
  ['a stack of unknown height', 'SELECT stack(book_id, 1, 2) FROM books'],
  ['a merge', 'MERGE INTO visits USING books ON true WHEN MATCHED THEN DELETE'],
  ['a date pattern it lacks', "SELECT date_format(current_date(), 'G')"],
  ['ORDER BY ALL with *', 'SELECT * FROM members ORDER BY ALL'],
  ['a session variable', 'SET x = 1'],
];
