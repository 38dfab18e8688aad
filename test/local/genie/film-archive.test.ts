import { describe, expect, it } from 'vitest';
import type { CatalogSnapshot } from '../../../src/ports/index.ts';
import { ask, flat, lookupOf, SpaceBuilder, table } from './fixtures.ts';

/** A film archive: cryptic prefixes, a snowflake of places, a metric view and a function that compete with the tables. */
const P = 'arc.film.';
const catalog: CatalogSnapshot = {
  tables: [
    table(
      P + 'screenings',
      `s_screenkey BIGINT\ns_filmkey BIGINT\ns_cinkey BIGINT\ns_showdate DATE\ns_bookdate DATE\ns_seats INT -- seats sold\ns_gross DECIMAL(12,2) -- gross takings in euro\ns_rebate DECIMAL(4,2) -- rebate as a fraction\ns_mode STRING -- projection mode: '2D', '3D'\ns_flag STRING -- 'R' = repeated, 'P' = premiere`,
      {
        key: 's_screenkey',
        comment: 'Every screening of a film in a cinema',
        foreignKeys: [
          { columns: ['s_filmkey'], referencedTable: P + 'films', referencedColumns: ['f_filmkey'] },
          { columns: ['s_cinkey'], referencedTable: P + 'cinemas', referencedColumns: ['c_cinkey'] },
        ],
      },
    ),
    table(
      P + 'films',
      `f_filmkey BIGINT\nf_title STRING\nf_genre STRING\nf_length INT -- length in minutes\nf_released DATE`,
      { key: 'f_filmkey', comment: 'Films in the archive' },
    ),
    table(P + 'cinemas', `c_cinkey BIGINT\nc_name STRING\nc_townkey BIGINT\nc_rooms INT`, {
      key: 'c_cinkey',
      foreignKeys: [
        { columns: ['c_townkey'], referencedTable: P + 'towns', referencedColumns: ['t_townkey'] },
      ],
    }),
    table(P + 'towns', `t_townkey BIGINT\nt_name STRING\nt_country STRING`, { key: 't_townkey' }),
    table(
      P + 'box_office_metrics',
      `show_month DATE\ncountry STRING\ngenre STRING\nnet_takings DECIMAL(12,2)\nadmissions BIGINT`,
      {
        definition: `version: 1.1
source: arc.film.screenings
dimensions:
  - name: show_month
    expr: date_trunc('MONTH', s_showdate)
  - name: country
    expr: t.country
  - name: genre
    expr: f.genre
measures:
  - name: net_takings
    expr: SUM(s_gross * (1 - s_rebate))
    synonyms: [net revenue]
  - name: admissions
    expr: SUM(s_seats)
`,
        comment:
          'PURPOSE: pre-aggregated box office.\nBEST FOR: net takings by country | admissions by genre\nNOT FOR: single screenings',
      },
    ),
  ],
  functions: [
    {
      name: P + 'top_films',
      comment:
        "- PURPOSE: Films ranked by takings in a period.\n- BEST FOR: best selling films in a period | top films between two dates\n- PARAMS: start_date DATE, end_date DATE, n INT number of films (default 10)\n- SYNTAX: SELECT * FROM top_films(DATE '2024-01-01', DATE '2024-12-31', 5)",
      parameters: [
        { name: 'start_date', type: 'DATE', defaultValue: null, comment: null },
        { name: 'end_date', type: 'DATE', defaultValue: null, comment: null },
        { name: 'n', type: 'INT', defaultValue: '10', comment: null },
      ],
      returns: [
        { name: 'title', type: 'STRING' },
        { name: 'takings', type: 'DECIMAL(12,2)' },
      ],
      body: null,
    },
  ],
};
const space = new SpaceBuilder(
  [P + 'screenings', P + 'films', P + 'cinemas', P + 'towns', P + 'box_office_metrics'],
  [P + 'top_films'],
)
  .column(P + 'towns', 't_name', { synonyms: ['town', 'city'], entity: true, format: true })
  .column(P + 'towns', 't_country', { synonyms: ['country'], entity: true, format: true })
  .column(P + 'films', 'f_genre', { synonyms: ['genre', 'kind of film'], entity: true, format: true })
  .column(P + 'screenings', 's_showdate', { synonyms: ['screened', 'shown'] })
  .column(P + 'screenings', 's_bookdate', { synonyms: ['booked'] })
  .instruct(
    '# Rules',
    '* Sold out screenings: `screenings.s_seats >= 200`',
    '* "Matinee" means HOUR(screenings.s_showdate) < 15',
    '- For admissions by town use screenings, not box_office_metrics.',
  ).space;
const values = lookupOf({
  'towns.t_name': ['NEW HAVEN', 'LYON', 'GHENT'],
  'towns.t_country': ['FRANCE', 'BELGIUM'],
  'films.f_genre': ['Comedy', 'Drama', 'Film Noir'],
});

describe('a described archive with a metric view and a function beside its tables', () => {
  it.each([
    [
      'How many screenings were there in France in 2023?',
      `SELECT COUNT(*) AS screenings_count FROM ${P}screenings AS screenings JOIN ${P}cinemas AS cinemas ON screenings.s_cinkey = cinemas.c_cinkey JOIN ${P}towns AS towns ON cinemas.c_townkey = towns.t_townkey WHERE towns.t_country = 'FRANCE' AND screenings.s_showdate >= DATE '2023-01-01' AND screenings.s_showdate < DATE '2024-01-01'`,
    ],
    [
      'What is the net revenue by country?',
      `SELECT country, MEASURE(net_takings) AS net_takings FROM ${P}box_office_metrics GROUP BY country`,
    ],
    [
      'net takings by genre for Belgium',
      `SELECT genre, MEASURE(net_takings) AS net_takings FROM ${P}box_office_metrics WHERE country = 'BELGIUM' GROUP BY genre`,
    ],
    [
      'Which are the best selling films between 2023-01-01 and 2023-06-30?',
      `SELECT * FROM ${P}top_films(DATE '2023-01-01', DATE '2023-06-30')`,
    ],
    [
      'top 3 films in the period from 2023-01-01 to 2023-03-31',
      `SELECT * FROM ${P}top_films(DATE '2023-01-01', DATE '2023-03-31', 3)`,
    ],
    [
      'Which city had the most screenings?',
      `SELECT towns.t_name, COUNT(*) AS screenings_count FROM ${P}screenings AS screenings JOIN ${P}cinemas AS cinemas ON screenings.s_cinkey = cinemas.c_cinkey JOIN ${P}towns AS towns ON cinemas.c_townkey = towns.t_townkey GROUP BY towns.t_name ORDER BY screenings_count DESC LIMIT 1`,
    ],
    [
      'How many premiere screenings were there per city?',
      `SELECT towns.t_name, COUNT(*) AS screenings_count FROM ${P}screenings AS screenings JOIN ${P}cinemas AS cinemas ON screenings.s_cinkey = cinemas.c_cinkey JOIN ${P}towns AS towns ON cinemas.c_townkey = towns.t_townkey WHERE screenings.s_flag = 'P' GROUP BY towns.t_name`,
    ],
    [
      'How many sold out screenings did Lyon have last year?',
      `SELECT COUNT(*) AS screenings_count FROM ${P}screenings AS screenings JOIN ${P}cinemas AS cinemas ON screenings.s_cinkey = cinemas.c_cinkey JOIN ${P}towns AS towns ON cinemas.c_townkey = towns.t_townkey WHERE towns.t_name = 'LYON' AND screenings.s_seats >= 200 AND screenings.s_showdate >= ADD_MONTHS(DATE_TRUNC('YEAR', CURRENT_DATE()), -12) AND screenings.s_showdate < DATE_TRUNC('YEAR', CURRENT_DATE())`,
    ],
    [
      'average length of comedies',
      `SELECT AVG(f_length) AS average_f_length FROM ${P}films WHERE f_genre = 'Comedy'`,
    ],
    ['List the titles of all film noir films', `SELECT f_title FROM ${P}films WHERE f_genre = 'Film Noir'`],
    [
      'What is the average seats sold per cinema in New Haven?',
      `SELECT cinemas.c_name, AVG(screenings.s_seats) AS average_s_seats FROM ${P}screenings AS screenings JOIN ${P}cinemas AS cinemas ON screenings.s_cinkey = cinemas.c_cinkey JOIN ${P}towns AS towns ON cinemas.c_townkey = towns.t_townkey WHERE towns.t_name = 'NEW HAVEN' GROUP BY cinemas.c_name`,
    ],
    [
      'How many seats were sold for dramas booked in March 2024?',
      `SELECT SUM(screenings.s_seats) AS total_s_seats FROM ${P}screenings AS screenings JOIN ${P}films AS films ON screenings.s_filmkey = films.f_filmkey WHERE films.f_genre = 'Drama' AND screenings.s_bookdate >= DATE '2024-03-01' AND screenings.s_bookdate < DATE '2024-04-01'`,
    ],
    [
      'admissions by town',
      `SELECT towns.t_name, SUM(screenings.s_seats) AS total_s_seats FROM ${P}screenings AS screenings JOIN ${P}cinemas AS cinemas ON screenings.s_cinkey = cinemas.c_cinkey JOIN ${P}towns AS towns ON cinemas.c_townkey = towns.t_townkey GROUP BY towns.t_name`,
    ],
    [
      'monthly net takings in 2024',
      `SELECT show_month, MEASURE(net_takings) AS net_takings FROM ${P}box_office_metrics WHERE show_month >= DATE '2024-01-01' AND show_month < DATE '2025-01-01' GROUP BY show_month ORDER BY show_month ASC`,
    ],
    [
      'Which genre has the highest net revenue?',
      `SELECT genre, MEASURE(net_takings) AS net_takings FROM ${P}box_office_metrics GROUP BY genre ORDER BY net_takings DESC LIMIT 1`,
    ],
    [
      'How many cinemas are in each country?',
      `SELECT towns.t_country, COUNT(*) AS cinemas_count FROM ${P}cinemas AS cinemas JOIN ${P}towns AS towns ON cinemas.c_townkey = towns.t_townkey GROUP BY towns.t_country`,
    ],
    [
      'show 3D screenings in Ghent',
      `SELECT screenings.s_screenkey, screenings.s_filmkey, screenings.s_cinkey, screenings.s_showdate, screenings.s_bookdate, screenings.s_seats, screenings.s_gross, screenings.s_rebate, screenings.s_mode, screenings.s_flag FROM ${P}screenings AS screenings JOIN ${P}cinemas AS cinemas ON screenings.s_cinkey = cinemas.c_cinkey JOIN ${P}towns AS towns ON cinemas.c_townkey = towns.t_townkey WHERE screenings.s_mode = '3D' AND towns.t_name = 'GHENT'`,
    ],
    [
      'gross takings and seats by genre',
      `SELECT films.f_genre, SUM(screenings.s_gross) AS total_s_gross, SUM(screenings.s_seats) AS total_s_seats FROM ${P}screenings AS screenings JOIN ${P}films AS films ON screenings.s_filmkey = films.f_filmkey GROUP BY films.f_genre`,
    ],
    [
      'What are the five cinemas with the most rooms?',
      `SELECT c_name, c_rooms FROM ${P}cinemas ORDER BY c_rooms DESC LIMIT 5`,
    ],
    [
      'How many films of each genre were screened in Belgium since 2022?',
      `SELECT films.f_genre, COUNT(DISTINCT films.f_filmkey) AS films_count FROM ${P}films AS films JOIN ${P}screenings AS screenings ON screenings.s_filmkey = films.f_filmkey JOIN ${P}cinemas AS cinemas ON screenings.s_cinkey = cinemas.c_cinkey JOIN ${P}towns AS towns ON cinemas.c_townkey = towns.t_townkey WHERE towns.t_country = 'BELGIUM' AND screenings.s_showdate >= DATE '2022-01-01' GROUP BY films.f_genre`,
    ],
    [
      'Give me cinemas and their towns',
      `SELECT cinemas.c_name, towns.t_name FROM ${P}cinemas AS cinemas JOIN ${P}towns AS towns ON cinemas.c_townkey = towns.t_townkey`,
    ],
    [
      'What is the total gross of screenings with more than 100 seats?',
      `SELECT SUM(s_gross) AS total_s_gross FROM ${P}screenings WHERE s_seats > 100`,
    ],
    [
      'first 10 screenings',
      `SELECT s_screenkey, s_filmkey, s_cinkey, s_showdate, s_bookdate, s_seats, s_gross, s_rebate, s_mode, s_flag FROM ${P}screenings LIMIT 10`,
    ],
  ])('%s', async (question, sql) => {
    expect(flat((await ask(question, space, catalog, { values })).sql)).toBe(sql);
  });
});
