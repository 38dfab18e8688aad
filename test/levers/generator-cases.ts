import { buildAsi } from '../../src/asi/index.ts';
import type { Asked } from './harbor.ts';

export const calls = 'harbor.ops.calls';
export const ships = 'harbor.ops.ships';

/** What must be among the proposed changes. */
interface Case {
  readonly name: string;
  readonly asked: readonly Asked[];
  readonly changes: readonly Record<string, unknown>[];
}

export const CASES: readonly Case[] = [
  {
    name: 'a word for a column becomes a synonym',
    asked: [
      {
        question: 'How many ships per registry?',
        expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
        generated: 'SELECT grp, COUNT(*) FROM ships GROUP BY grp',
      },
      {
        question: 'List the registry of all ships',
        expected: 'SELECT DISTINCT flag FROM ships',
        generated: 'SELECT DISTINCT grp FROM ships',
      },
    ],
    changes: [
      { type: 'add_synonym', table: ships, column: 'flag', synonym: 'registry' },
      {
        type: 'add_column_description',
        table: ships,
        column: 'flag',
        text: "Flag. Use this column for 'registry', not grp.",
      },
    ],
  },
  {
    name: 'a phrase of two words stays together when its words mean nothing apart',
    asked: [
      {
        question: 'Total gross load of ships by flag',
        expected:
          'SELECT s.flag, SUM(c.cargo_t) FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.flag',
        generated:
          'SELECT s.flag, SUM(c.dues) FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.flag',
      },
      {
        question: 'What is the gross load per state of calls',
        expected: 'SELECT st, SUM(cargo_t) FROM calls GROUP BY st',
        generated: 'SELECT st, SUM(dues) FROM calls GROUP BY st',
      },
    ],
    changes: [{ type: 'add_synonym', table: calls, column: 'cargo_t', synonym: 'gross load' }],
  },
  {
    name: 'a word of asking by which the answer key calls a column becomes a synonym of it',
    asked: [
      {
        question: 'How many rows did the drift check find per window?',
        expected: 'SELECT window, drift_score AS row_count FROM calls_drift_metrics',
        generated: 'SELECT window, COUNT(*) FROM calls_drift_metrics GROUP BY window',
      },
    ],
    changes: [
      {
        type: 'add_synonym',
        table: 'harbor.ops.calls_drift_metrics',
        column: 'drift_score',
        synonym: 'rows',
      },
    ],
  },
  {
    name: 'a value that was not found switches value matching on',
    asked: [
      {
        question: 'How many calls of ships under the flag panama?',
        expected:
          "SELECT COUNT(*) FROM calls c JOIN ships s ON c.ship_no = s.ship_no WHERE s.flag = 'PANAMA'",
        generated:
          "SELECT COUNT(*) FROM calls c JOIN ships s ON c.ship_no = s.ship_no WHERE s.flag = 'panama'",
      },
    ],
    changes: [
      { type: 'enable_format_assistance', table: ships, column: 'flag' },
      { type: 'enable_entity_matching', table: ships, column: 'flag' },
    ],
  },
  {
    name: 'a word for a condition becomes a named filter',
    asked: [
      {
        question: 'How many aborted calls were there?',
        expected: "SELECT COUNT(*) FROM calls WHERE st = 'X9'",
        generated: 'SELECT COUNT(*) FROM calls',
      },
      {
        question: 'Total dues of aborted calls',
        expected: "SELECT SUM(dues) FROM calls WHERE st = 'X9'",
        generated: 'SELECT SUM(dues) FROM calls',
      },
      { question: 'Total dues of calls', expected: 'SELECT SUM(dues) FROM calls', generated: 'same' },
    ],
    changes: [
      {
        type: 'add_sql_snippet_filter',
        display_name: 'aborted',
        sql: "calls.st = 'X9'",
        instruction: "'aborted' means calls.st = 'X9'.",
      },
    ],
  },
  {
    name: 'a condition that every question on a table implies becomes a default filter',
    asked: [
      {
        question: 'Total dues',
        expected: "SELECT SUM(dues) FROM calls WHERE st <> 'T'",
        generated: 'SELECT SUM(dues) FROM calls',
      },
      {
        question: 'How many calls per berth_no?',
        expected: "SELECT berth_no, COUNT(*) FROM calls WHERE st <> 'T' GROUP BY berth_no",
        generated: 'SELECT berth_no, COUNT(*) FROM calls GROUP BY berth_no',
      },
      {
        question: 'Average rebate of calls',
        expected: "SELECT AVG(rebate) FROM calls WHERE st <> 'T'",
        generated: 'SELECT AVG(rebate) FROM calls',
      },
    ],
    changes: [{ type: 'add_default_filter', target: calls, condition: "calls.st <> 'T'" }],
  },
  {
    name: 'a computed figure becomes a measure under the words for it',
    asked: [
      {
        question: 'What are the net takings per berth_no?',
        expected: 'SELECT berth_no, SUM(dues * (1 - rebate)) AS net FROM calls GROUP BY berth_no',
        generated: 'SELECT berth_no, SUM(dues) FROM calls GROUP BY berth_no',
      },
      {
        question: 'Net takings of all calls',
        expected: 'SELECT SUM(dues * (1 - rebate)) AS net FROM calls',
        generated: 'SELECT SUM(dues) FROM calls',
      },
    ],
    changes: [
      {
        type: 'add_sql_snippet_measure',
        display_name: 'net takings',
        sql: 'SUM((1 - calls.rebate) * calls.dues)',
        alias: 'net_takings',
        synonyms: ['net'],
      },
    ],
  },
  {
    name: 'an average of a computed figure is named as an average',
    asked: [
      {
        question: 'Average stay per berth_no',
        expected: 'SELECT berth_no, AVG(datediff(dep, arr)) AS mean_stay FROM calls GROUP BY berth_no',
        generated: 'SELECT berth_no, COUNT(*) FROM calls GROUP BY berth_no',
      },
    ],
    changes: [
      {
        type: 'add_sql_snippet_measure',
        display_name: 'average stay',
        sql: 'AVG(DATEDIFF(calls.dep, calls.arr))',
        alias: 'average_stay',
        synonyms: ['mean stay', 'stay'],
      },
    ],
  },
  {
    name: 'a word for a table goes into its description',
    asked: [
      {
        question: 'How many hulls are there?',
        expected: 'SELECT COUNT(*) FROM ships',
        generated: 'SELECT COUNT(*) FROM berths',
      },
      {
        question: 'Number of hulls by flag',
        expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
        generated: 'SELECT basin, COUNT(*) FROM berths GROUP BY basin',
      },
    ],
    changes: [{ type: 'add_description', target: ships, text: "Ships. Also called 'hulls'." }],
  },
  {
    name: 'a join that was made by the wrong key is stated, many side left',
    asked: [
      {
        question: 'Total dues by flag',
        expected:
          'SELECT s.flag, SUM(c.dues) FROM ships s JOIN calls c ON s.ship_no = c.ship_no GROUP BY s.flag',
        generated:
          'SELECT s.flag, SUM(c.dues) FROM ships s JOIN calls c ON s.ship_no = c.call_no GROUP BY s.flag',
      },
    ],
    changes: [
      {
        type: 'add_join',
        join_spec: {
          left: { identifier: calls, alias: 'calls' },
          right: { identifier: ships, alias: 'ships' },
          sql: ['`calls`.`ship_no` = `ships`.`ship_no`', '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--'],
        },
      },
    ],
  },
  {
    name: 'a second role of a table goes into the instruction of the join, under the word that asks for it',
    asked: [
      {
        question: 'Calls per basin',
        expected:
          'SELECT b.basin, COUNT(*) FROM calls c JOIN berths b ON c.berth_no = b.berth_no GROUP BY b.basin',
        generated: 'SELECT st, COUNT(*) FROM calls GROUP BY st',
      },
      {
        question: 'Dues per basin',
        expected:
          'SELECT b.basin, SUM(c.dues) FROM calls c JOIN berths b ON c.berth_no = b.berth_no GROUP BY b.basin',
        generated: 'same',
      },
      {
        question: 'Calls per previous basin of the shifted ones',
        expected:
          'SELECT b.basin, COUNT(*) FROM calls c JOIN berths b ON c.ship_no = b.berth_no GROUP BY b.basin',
        generated: 'SELECT st, COUNT(*) FROM calls GROUP BY st',
      },
    ],
    changes: [
      {
        type: 'add_join',
        join_spec: {
          left: { identifier: calls, alias: 'calls' },
          right: { identifier: 'harbor.ops.berths', alias: 'berths' },
          sql: ['`calls`.`berth_no` = `berths`.`berth_no`', '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--'],
          instruction: "When the question says 'shifted', join on berths.berth_no = calls.ship_no instead.",
        },
      },
    ],
  },
  {
    name: 'the date that a verb means gets its words',
    asked: [
      {
        question: 'How many calls left in 2023?',
        expected: "SELECT COUNT(*) FROM calls WHERE dep >= DATE'2023-01-01' AND dep < DATE'2024-01-01'",
        generated: "SELECT COUNT(*) FROM calls WHERE arr >= DATE'2023-01-01' AND arr < DATE'2024-01-01'",
      },
      {
        question: 'Dues of calls that left in 2022',
        expected: "SELECT SUM(dues) FROM calls WHERE dep >= DATE'2022-01-01' AND dep < DATE'2023-01-01'",
        generated: "SELECT SUM(dues) FROM calls WHERE arr >= DATE'2022-01-01' AND arr < DATE'2023-01-01'",
      },
    ],
    changes: [{ type: 'add_synonym', table: calls, column: 'dep', synonym: 'left' }],
  },
  {
    name: 'the usual date of a table is said once for all periods',
    asked: [
      {
        question: 'How many calls in 2023?',
        expected: "SELECT COUNT(*) FROM calls WHERE arr >= DATE'2023-01-01' AND arr < DATE'2024-01-01'",
        generated: "SELECT COUNT(*) FROM calls WHERE dep >= DATE'2023-01-01' AND dep < DATE'2024-01-01'",
      },
      {
        question: 'Total dues in 2022',
        expected: "SELECT SUM(dues) FROM calls WHERE arr >= DATE'2022-01-01' AND arr < DATE'2023-01-01'",
        generated: 'SELECT SUM(dues) FROM calls',
      },
    ],
    changes: [
      {
        type: 'add_column_description',
        table: calls,
        column: 'arr',
        text: 'Arr. Use this date for periods when no other date is named.',
      },
      {
        type: 'add_instruction',
        text: 'Periods in questions on calls ("in 2023", "last month") restrict calls.arr, unless the question names another date.',
      },
    ],
  },
  {
    name: 'a relative period becomes a rule of the table whose date it means',
    asked: [
      {
        question: 'Total dues last quarter',
        expected:
          "SELECT SUM(dues) FROM calls WHERE arr >= add_months(date_trunc('quarter', current_date()), -3) AND arr < date_trunc('quarter', current_date())",
        generated: 'SELECT SUM(dues) FROM calls WHERE arr >= add_months(current_date(), -3)',
      },
    ],
    changes: [
      {
        type: 'add_instruction',
        text: "For questions about calls in 'last quarter', filter by calls.arr >= ADD_MONTHS(DATE_TRUNC('quarter', CURRENT_DATE()), -3) AND calls.arr < DATE_TRUNC('quarter', CURRENT_DATE()).",
      },
    ],
  },
  {
    name: 'a word for a measure of a metric view becomes its synonym',
    asked: [
      {
        question: 'What is our turnover by call state?',
        expected: 'SELECT call_state, MEASURE(gross_dues) FROM call_metrics GROUP BY call_state',
        generated: 'SELECT call_state, COUNT(*) FROM call_metrics GROUP BY call_state',
        expectedAsset: 'MV',
      },
    ],
    changes: [
      { type: 'add_synonym', table: 'harbor.ops.call_metrics', column: 'gross_dues', synonym: 'turnover' },
    ],
  },
  {
    name: 'competing assets are told apart on both sides, and by an instruction',
    asked: [
      {
        question: 'Show the port turnover',
        expected: 'SELECT MEASURE(gross_dues) FROM call_metrics',
        generated: 'SELECT SUM(dues) FROM calls',
        expectedAsset: 'MV',
        actualAsset: 'TABLE',
      },
      {
        question: 'Port turnover by call state',
        expected: 'SELECT call_state, MEASURE(gross_dues) FROM call_metrics GROUP BY call_state',
        generated: 'SELECT st, SUM(dues) FROM calls GROUP BY st',
        expectedAsset: 'MV',
        actualAsset: 'TABLE',
      },
    ],
    changes: [
      {
        type: 'add_description',
        target: 'harbor.ops.call_metrics',
        text: 'Call metrics.\nBEST FOR: port turnover',
      },
      {
        type: 'add_description',
        target: calls,
        text: 'Calls.\nNOT FOR: port turnover (use call_metrics)',
      },
      {
        type: 'add_instruction',
        text: "For questions on 'port turnover' use call_metrics. Do not use calls for these; use calls only for questions that call_metrics cannot answer.",
      },
    ],
  },
  {
    name: "a quoted NULL in a function call gets a rule behind the owner's comment",
    asked: [
      {
        question: 'Calls since 2024-05-01',
        expected: "SELECT * FROM get_calls('2024-05-01', NULL)",
        generated: "SELECT * FROM get_calls('2024-05-01', 'NULL')",
        expectedAsset: 'TVF',
      },
    ],
    changes: [
      {
        type: 'update_tvf_comment',
        function: 'harbor.ops.get_calls',
        sections: {
          params:
            "berth STRING: when the question does not restrict it pass NULL without quotes, never 'NULL'",
          syntax: 'SELECT * FROM get_calls(<from_day>, <berth>)',
        },
      },
    ],
  },
  {
    name: 'a date argument in another form gets its form',
    asked: [
      {
        question: 'Calls since May 1st',
        expected: "SELECT * FROM get_calls('2024-05-01', 'N1')",
        generated: "SELECT * FROM get_calls('01.05.2024', 'N1')",
        expectedAsset: 'TVF',
      },
    ],
    changes: [
      {
        type: 'update_tvf_comment',
        function: 'harbor.ops.get_calls',
        sections: {
          params: "from_day STRING: a date as 'YYYY-MM-DD'",
          syntax: 'SELECT * FROM get_calls(<from_day>, <berth>)',
        },
      },
    ],
  },
  {
    name: 'a ranking that was not cut off becomes a rule',
    asked: [
      {
        question: 'Which ship label has the most dues?',
        expected:
          'SELECT s.label FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.label ORDER BY SUM(c.dues) DESC LIMIT 1',
        generated:
          'SELECT s.label FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.label ORDER BY SUM(c.dues) DESC',
      },
    ],
    changes: [
      {
        type: 'add_instruction',
        text: 'When a question asks which single one has the most, highest, least or lowest of something, order by that figure and return one row.',
      },
    ],
  },
  {
    name: "what a judge found missing goes into the monitoring table's description",
    asked: [
      {
        question: 'How strong is the drift today?',
        expected: 'SELECT MAX(drift_score) FROM calls_drift_metrics',
        generated: 'SELECT MIN(drift_score) FROM calls_drift_metrics',
        asi: [
          {
            judge: 'x',
            rationale: '',
            asi: buildAsi({
              failure_type: 'stale_data',
              blame_set: ['calls_drift_metrics'],
              missing_metadata: 'Refreshed on Mondays',
            }),
          },
        ],
      },
    ],
    changes: [
      {
        type: 'add_description',
        target: 'harbor.ops.calls_drift_metrics',
        text: 'Calls drift metrics. Refreshed on Mondays.',
      },
    ],
  },
];
