import type { AssetKind } from '../../src/benchmarks/index.ts';
import type { Random } from '../../src/core/index.ts';
import type { Vocabulary } from './generated-world.ts';
import type { Condition, Join, Query, Source } from './query.ts';
import { pick } from '../chance.ts';
import { PLAIN, renderQuery } from './render-query.ts';
import type { Base } from './world.ts';

const EMPTY = {
  distinct: false,
  joins: [],
  where: [],
  groupBy: [],
  having: [],
  orderBy: [],
  limit: null,
} as const;

/** Questions on a generated schema, of the kinds that people ask, with their correct statements. */
export function generatedBases(world: string, v: Vocabulary, random: Random): Base[] {
  const source = (id: string, table: string): Source => ({ id, table: v.prefix + table });
  const [fact, line, party, thing] = [
    source('f', v.fact),
    source('l', v.line),
    source('p', v.party),
    source('g', v.thing),
  ];
  const f = (name: string): string => `{f.${name}}`;
  const p = (name: string): string => `{p.${name}}`;
  const l = (name: string): string => `{l.${name}}`;
  const g = (name: string): string => `{g.${name}}`;
  const text = (value: string): string => `'${value}'`;
  const is = (left: string, right: string, operator = '='): Condition => ({
    kind: 'compare',
    left,
    operator,
    right,
  });
  const join = (target: Source, on: Condition, type: Join['type'] = 'INNER'): Join => ({
    type,
    source: target,
    on: [on],
  });
  const item = (itemText: string, alias: string | null = null) => ({ text: itemText, alias });
  const order = (itemText: string, descending = false) => ({ text: itemText, descending });

  const withParty = join(party, is(f(v.partyId), p(v.partyId)));
  const withThing = join(thing, is(l(v.thingId), g(v.thingId)));
  const withFact = join(fact, is(l(v.factId), f(v.factId)));
  const isStatus = is(f(v.status), text(v.values.status[0] ?? ''));
  const isChannel = is(f(v.channel), text(v.values.channel[0] ?? ''));
  const isCity = is(p(v.city), text(v.values.city[0] ?? ''));
  const year = pick([2024, 2025], random);
  const inYear = (column: string): Condition => ({
    kind: 'range',
    subject: column,
    low: `DATE '${year}-01-01'`,
    high: `DATE '${year + 1}-01-01'`,
    closed: false,
  });
  const month = 1 + Math.floor(random() * 6);
  const halfYear = (column: string): Condition => ({
    kind: 'range',
    subject: column,
    low: `'${year}-0${month}-01'`,
    high: `'${year}-${month + 5 < 10 ? '0' : ''}${month + 5}-28'`,
    closed: true,
  });
  const money = f(pick([v.amount, v.fee], random));
  const group = f(pick([v.status, v.channel], random));
  const partyGroup = p(pick([v.city, v.class], random));
  const revenue = `SUM(${l(v.units)} * ${l(v.price)})`;
  const two: Condition = {
    kind: 'in',
    subject: f(v.channel),
    values: v.values.channel.slice(0, 2).map(text),
    negated: false,
  };

  const made: (readonly [question: string, asset: AssetKind, query: Query])[] = [
    [
      'How many rows are there?',
      'TABLE',
      { ...EMPTY, select: [item('COUNT(*)', 'n')], from: fact, where: [isStatus] },
    ],
    [
      'What is the total per group?',
      'TABLE',
      {
        ...EMPTY,
        select: [item(group), item(`SUM(${money})`, 'total')],
        from: fact,
        groupBy: [group],
        orderBy: [order(group)],
      },
    ],
    [
      'What is the total per group in that year?',
      'TABLE',
      {
        ...EMPTY,
        select: [item(group), item(`SUM(${money})`, 'total')],
        from: fact,
        where: [inYear(f(v.dayOne)), isStatus],
        groupBy: [group],
      },
    ],
    [
      'What is the average in the half year?',
      'TABLE',
      {
        ...EMPTY,
        select: [item(`AVG(${money})`, 'mean')],
        from: fact,
        where: [halfYear(f(v.dayTwo)), isChannel],
      },
    ],
    [
      'Total per group of the partner',
      'TABLE',
      {
        ...EMPTY,
        select: [item(partyGroup), item(`SUM(${money})`, 'total')],
        from: fact,
        joins: [withParty],
        where: [isStatus],
        groupBy: [partyGroup],
        orderBy: [order('total', true)],
      },
    ],
    [
      'Who are the top 5 partners?',
      'TABLE',
      {
        ...EMPTY,
        select: [item(p(v.name)), item(`SUM(${money})`, 'total')],
        from: fact,
        joins: [withParty],
        groupBy: [p(v.name)],
        orderBy: [order('total', true), order(p(v.name))],
        limit: 5,
      },
    ],
    [
      'List the partners of the city',
      'TABLE',
      {
        ...EMPTY,
        select: [item(p(v.name)), item(p(v.class)), item(p(v.score))],
        from: party,
        where: [isCity],
        orderBy: [order(p(v.name))],
      },
    ],
    [
      'How many partners bought something?',
      'TABLE',
      { ...EMPTY, select: [item(`COUNT(DISTINCT ${f(v.partyId)})`, 'n')], from: fact, where: [isChannel] },
    ],
    [
      'Number of rows per partner, all of them',
      'TABLE',
      {
        ...EMPTY,
        select: [item(p(v.name)), item(`COUNT(${f(v.factId)})`, 'n')],
        from: party,
        joins: [join(fact, is(p(v.partyId), f(v.partyId)), 'LEFT')],
        groupBy: [p(v.name)],
        orderBy: [order(p(v.name))],
      },
    ],
    [
      'Which groups have many rows?',
      'TABLE',
      {
        ...EMPTY,
        select: [item(p(v.city)), item('COUNT(*)', 'n')],
        from: fact,
        joins: [withParty],
        groupBy: [p(v.city)],
        having: [is('COUNT(*)', '20', '>')],
      },
    ],
    [
      'Revenue per brand',
      'TABLE',
      {
        ...EMPTY,
        select: [item(g(v.brand)), item(revenue, 'revenue')],
        from: line,
        joins: [withThing],
        where: [is(l(v.state), text(v.values.state[0] ?? ''))],
        groupBy: [g(v.brand)],
        orderBy: [order(g(v.brand))],
      },
    ],
    [
      'Units per brand and channel in that year',
      'TABLE',
      {
        ...EMPTY,
        select: [item(g(v.brand)), item(f(v.channel)), item(`SUM(${l(v.units)})`, 'units')],
        from: line,
        joins: [withFact, withThing],
        where: [inYear(f(v.dayOne))],
        groupBy: [g(v.brand), f(v.channel)],
        orderBy: [order(g(v.brand)), order(f(v.channel))],
      },
    ],
    [
      'Revenue by city of the partner',
      'TABLE',
      {
        ...EMPTY,
        select: [item(p(v.city)), item(revenue, 'revenue')],
        from: line,
        joins: [withFact, withParty],
        where: [isStatus],
        groupBy: [p(v.city)],
      },
    ],
    [
      'Total per month',
      'TABLE',
      {
        ...EMPTY,
        select: [item(`date_trunc('MONTH', ${f(v.dayOne)})`, 'month_start'), item(`SUM(${money})`, 'total')],
        from: fact,
        where: [isStatus],
        groupBy: [`date_trunc('MONTH', ${f(v.dayOne)})`],
        orderBy: [order('month_start')],
      },
    ],
    [
      'Smallest and largest in two channels',
      'TABLE',
      {
        ...EMPTY,
        select: [item(`MIN(${money})`, 'smallest'), item(`MAX(${money})`, 'largest')],
        from: fact,
        where: [two],
      },
    ],
    [
      'Share of one status per channel',
      'TABLE',
      {
        ...EMPTY,
        select: [
          item(f(v.channel)),
          item(
            `SUM(CASE WHEN ${f(v.status)} = '${v.values.status[0] ?? ''}' THEN 1 ELSE 0 END) / COUNT(*)`,
            'share',
          ),
        ],
        from: fact,
        groupBy: [f(v.channel)],
      },
    ],
    [
      'Total after rate',
      'TABLE',
      {
        ...EMPTY,
        select: [item(`SUM(${f(v.amount)} * (1 - ${f(v.rate)}))`, 'net')],
        from: fact,
        where: [isStatus, isChannel],
      },
    ],
    [
      'Rows of the last 120 days',
      'TABLE',
      {
        ...EMPTY,
        select: [item('COUNT(*)', 'n'), item(`SUM(${f(v.pieces)})`, 'pieces')],
        from: fact,
        where: [is(f(v.dayOne), 'date_sub(current_date(), 120)', '>=')],
      },
    ],
    [
      'Partners with a row in one channel',
      'TABLE',
      {
        ...EMPTY,
        select: [item('COUNT(*)', 'n')],
        from: party,
        where: [
          {
            kind: 'member',
            subject: p(v.partyId),
            negated: false,
            query: { ...EMPTY, select: [item(f(v.partyId))], from: fact, where: [isChannel] },
          },
        ],
      },
    ],
    [
      'Average total per partner',
      'TABLE',
      {
        ...EMPTY,
        select: [item('AVG({x.total})', 'mean')],
        from: {
          id: 'x',
          table: '',
          query: {
            ...EMPTY,
            select: [item(f(v.payerId)), item(`SUM(${money})`, 'total')],
            from: fact,
            where: [isStatus],
            groupBy: [f(v.payerId)],
          },
        },
      },
    ],
    [
      'Which cities are there among good partners?',
      'TABLE',
      {
        ...EMPTY,
        distinct: true,
        select: [item(p(v.city))],
        from: party,
        where: [is(p(v.score), '40', '>=')],
      },
    ],
    [
      'Biggest rows',
      'TABLE',
      {
        ...EMPTY,
        select: [item(f(v.factId)), item(f(v.dayOne)), item(f(v.amount))],
        from: fact,
        where: [{ kind: 'null', subject: f(v.dayTwo), negated: true }],
        orderBy: [order(f(v.amount), true), order(f(v.factId))],
        limit: 10,
      },
    ],
    [
      'Amount per channel of the view',
      'MV',
      {
        ...EMPTY,
        select: [item(`{m.${v.channel}}`), item(`MEASURE({m.total_${v.amount}})`, 'total')],
        from: source('m', v.view),
        where: [is(`{m.${v.status}}`, text(v.values.status[0] ?? ''))],
        groupBy: [`{m.${v.channel}}`],
        orderBy: [order(`{m.${v.channel}}`)],
      },
    ],
    [
      'Amount and rows of the view in that year',
      'MV',
      {
        ...EMPTY,
        select: [item(`MEASURE({m.total_${v.amount}})`, 'total'), item('MEASURE({m.row_count})', 'n')],
        from: source('m', v.view),
        where: [inYear(`{m.${v.dayOne}}`)],
      },
    ],
    [
      'Total by class of the payer and city of the partner',
      'TABLE',
      {
        ...EMPTY,
        select: [item(`{y.${v.class}}`), item(p(v.city)), item(`SUM(${money})`, 'total')],
        from: fact,
        joins: [withParty, join(source('y', v.party), is(f(v.payerId), `{y.${v.partyId}}`))],
        groupBy: [`{y.${v.class}}`, p(v.city)],
      },
    ],
    [
      'Total of the payers of one city',
      'TABLE',
      {
        ...EMPTY,
        select: [item(`SUM(${money})`, 'total')],
        from: fact,
        joins: [withParty, join(source('y', v.party), is(f(v.payerId), `{y.${v.partyId}}`))],
        where: [
          is(`{y.${v.city}}`, text(v.values.city[1] ?? '')),
          is(p(v.class), text(v.values.class[0] ?? '')),
        ],
      },
    ],
    [
      'How many rows are above their average?',
      'TABLE',
      {
        ...EMPTY,
        select: [item('COUNT(*)', 'n')],
        from: fact,
        where: [is(money, `(SELECT AVG(${money.slice(3, -1)}) FROM ${v.prefix}${v.fact})`, '>'), isStatus],
      },
    ],
    [
      'Largest total that a partner has in a channel',
      'TABLE',
      {
        ...EMPTY,
        select: [item(`{x.${v.channel}}`), item('MAX({x.total})', 'largest')],
        from: {
          id: 'x',
          table: '',
          query: {
            ...EMPTY,
            select: [item(f(v.channel)), item(p(v.name)), item(`SUM(${money})`, 'total')],
            from: fact,
            joins: [withParty],
            where: [inYear(f(v.dayOne))],
            groupBy: [f(v.channel), p(v.name)],
          },
        },
        groupBy: [`{x.${v.channel}}`],
      },
    ],
    [
      'Rank of the partners by total',
      'TABLE',
      {
        ...EMPTY,
        select: [item(p(v.name)), item(`RANK() OVER (ORDER BY SUM(${money}) DESC)`, 'place')],
        from: fact,
        joins: [withParty],
        where: [isStatus],
        groupBy: [p(v.name)],
      },
    ],
    [
      'Share of each channel in the total',
      'TABLE',
      {
        ...EMPTY,
        select: [item(f(v.channel)), item(`100 * SUM(${money}) / SUM(SUM(${money})) OVER ()`, 'share')],
        from: fact,
        where: [inYear(f(v.dayTwo))],
        groupBy: [f(v.channel)],
      },
    ],
    [
      'Average days between the two dates per channel',
      'TABLE',
      {
        ...EMPTY,
        select: [item(f(v.channel)), item(`AVG(datediff(${f(v.dayTwo)}, ${f(v.dayOne)}))`, 'days')],
        from: fact,
        where: [{ kind: 'text', text: `${f(v.dayTwo)} > ${f(v.dayOne)}` }],
        groupBy: [f(v.channel)],
      },
    ],
    [
      'Revenue per class of size',
      'TABLE',
      {
        ...EMPTY,
        select: [
          item(
            `CASE WHEN ${g(v.size)} < 12 THEN 'small' WHEN ${g(v.size)} < 22 THEN 'medium' ELSE 'large' END`,
            'class_of_size',
          ),
          item(revenue, 'revenue'),
        ],
        from: line,
        joins: [withThing],
        where: [is(l(v.units), '2', '>=')],
        groupBy: [
          `CASE WHEN ${g(v.size)} < 12 THEN 'small' WHEN ${g(v.size)} < 22 THEN 'medium' ELSE 'large' END`,
        ],
      },
    ],
    [
      'Total per quarter of rows that are not in two channels',
      'TABLE',
      {
        ...EMPTY,
        select: [
          item(`year(${f(v.dayOne)})`, 'y'),
          item(`quarter(${f(v.dayOne)})`, 'q'),
          item(`SUM(${money})`, 'total'),
          item('COUNT(*)', 'n'),
        ],
        from: fact,
        where: [{ ...two, negated: true }],
        groupBy: [`year(${f(v.dayOne)})`, `quarter(${f(v.dayOne)})`],
      },
    ],
    [
      'Partners of a city by name pattern without late rows',
      'TABLE',
      {
        ...EMPTY,
        select: [item(p(v.name)), item(p(v.since))],
        from: party,
        where: [
          { kind: 'text', text: `${p(v.name)} LIKE 'P0%'` },
          {
            kind: 'member',
            subject: p(v.partyId),
            negated: true,
            query: {
              ...EMPTY,
              select: [item(f(v.payerId))],
              from: fact,
              where: [is(f(v.dayOne), `DATE '${year}-07-01'`, '>='), isStatus],
            },
          },
        ],
      },
    ],
    [
      'Things sold by good partners',
      'TABLE',
      {
        ...EMPTY,
        select: [
          item(g(v.title)),
          item(`COUNT(DISTINCT ${f(v.factId)})`, 'orders'),
          item(`AVG(${l(v.price)})`, 'price'),
        ],
        from: line,
        joins: [withFact, withParty, withThing],
        where: [is(p(v.score), '50', '>'), isChannel],
        groupBy: [g(v.title)],
        having: [is(`SUM(${l(v.units)})`, '3', '>=')],
        orderBy: [order('orders', true), order(g(v.title))],
        limit: 8,
      },
    ],
    [
      'Best partners of the function',
      'TVF',
      {
        ...EMPTY,
        select: [item(`{t.${v.name}}`), item('{t.total}')],
        from: { ...source('t', v.fn), args: [`'${year}-01-01'`, `'${year}-12-31'`, '3'] },
        orderBy: [order(`{t.${v.name}}`)],
      },
    ],
  ];
  return made.map(([question, asset, query], at) => ({
    id: `${world}/${String(at + 1).padStart(2, '0')}`,
    question,
    asset,
    query,
    sql: renderQuery(query, PLAIN),
    optionalColumns: [],
  }));
}
