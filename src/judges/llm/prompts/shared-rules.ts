/** What all four judges are told about differences that do not matter. @see spec/judges.md §4.2 */
export const SHARED_RULES = `- The question decides. The reference query is only one good way to answer it; it may show more columns than asked for.
- MEASURE over a metric view, a call of a table function and an aggregate over base tables are equally good when they answer the question. Which of them is preferred is another reviewer's business.
- Never a failure: other aliases, GROUP BY ALL instead of a list, a defensive IS NOT NULL, an order of rows that nobody asked for, extra columns.
- Where the reference query returns no rows and the generated one does, judge the generated query by the question alone. Where both return none, lean towards passing.
- Words such as "last month" refer to the day given as "today"; check that both queries mean the same period.`;
