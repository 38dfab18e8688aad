import { describe, expect, it } from 'vitest';
import { answerKeySignal } from '../../src/benchmarks/index.ts';

const SUITE = [
  ['How many books are on loan?', "SELECT COUNT(*) FROM loans WHERE status = 'on loan'"],
  ['Which members joined in 2024?', 'SELECT member_name FROM members WHERE YEAR(joined_on) = 2024'],
  ['Total fines per branch', 'SELECT branch, SUM(fine_amount) FROM fines GROUP BY branch'],
  ['List the authors from Norway', "SELECT author_name FROM authors WHERE country = 'Norway'"],
  ['Average age of our readers', 'SELECT AVG(reader_age) FROM readers'],
  [
    'Which magazines arrived in March 2025?',
    "SELECT magazine FROM arrivals WHERE arrived_on >= DATE '2025-03-01'",
  ],
  ['Most popular genre', 'SELECT genre, COUNT(*) FROM lendings GROUP BY genre ORDER BY 2 DESC LIMIT 1'],
  ['Number of reservations per day', 'SELECT day, COUNT(*) FROM reservations GROUP BY day'],
  ['Shelves without any book', 'SELECT shelf FROM shelves WHERE book_count = 0'],
  ['Donations above 500', 'SELECT donor, amount FROM donations WHERE amount > 500'],
  ['Opening hours of the Westside branch', "SELECT hours FROM opening WHERE branch = 'Westside'"],
  ['Damaged copies by publisher', 'SELECT publisher, COUNT(*) FROM copies WHERE damaged GROUP BY publisher'],
].map(([question, sql]) => ({ question: question ?? '', expected_sql: sql ?? '' }));

const moved = (by: number) =>
  SUITE.map((entry, index) => ({
    ...entry,
    expected_sql: SUITE[(index + by) % SUITE.length]?.expected_sql ?? '',
  }));

describe('whether answer keys belong to their questions', () => {
  it('is seen in a suite as it was written', () => {
    expect(answerKeySignal(SUITE)).toMatchObject({ plausible: true });
  });

  it.each([1, 2, 3, 5, 7, 11])('is denied when every key moved %d questions on', (by) => {
    expect(answerKeySignal(moved(by))).toMatchObject({ plausible: false });
  });

  it('survives one wrong key in the suite', () => {
    const oneWrong = SUITE.map((entry, index) =>
      index === 4 ? { ...entry, expected_sql: 'SELECT 1' } : entry,
    );
    expect(answerKeySignal(oneWrong)).toMatchObject({ plausible: true });
  });

  it('is left open for a handful of questions', () => {
    expect(answerKeySignal(SUITE.slice(0, 9))).toMatchObject({ plausible: null });
    expect(answerKeySignal([])).toMatchObject({ plausible: null, observed: 0 });
  });

  it('does not depend on template variables', () => {
    const templated = SUITE.map((entry) => ({
      ...entry,
      expected_sql: `${entry.expected_sql} -- \${catalog}.\${gold_schema}`,
    }));
    expect(answerKeySignal(templated).plausible).toBe(true);
  });
});
