import {
  BY_SEGMENT,
  TOP_PRODUCTS,
  COUNT_DONE,
  ITEMS,
  MV,
  TVF,
  THREE,
  LIST,
  RECENT,
  BIG,
} from './base-statements.ts';

/**
 * Pairs that say the same; no judge may complain even when told that the results differ.
 * `one way`: the second may stand for the first, but not the other way round.
 */
export const REWRITES: readonly (readonly [what: string, one: string, other: string, way?: 'one way'])[] = [
  [
    'aliases',
    BY_SEGMENT,
    BY_SEGMENT.replaceAll(/\bo\./g, 'a1.').replace('orders o', 'orders a1').replace('AS revenue', 'AS x'),
  ],
  ['no aliases', COUNT_DONE, `select count(*) from main.shop.orders as t where t.status = 'done'`],
  ['quoted names', COUNT_DONE, "SELECT COUNT(*) FROM `main`.`shop`.`orders` WHERE `status` = 'done'"],
  ['COUNT(1)', COUNT_DONE, COUNT_DONE.replace('COUNT(*)', 'COUNT(1)')],
  ['counting the key', COUNT_DONE, COUNT_DONE.replace('COUNT(*)', 'COUNT(order_id)')],
  ['counting the key, distinct', COUNT_DONE, COUNT_DONE.replace('COUNT(*)', 'COUNT(DISTINCT order_id)')],
  [
    'order of predicates',
    BY_SEGMENT,
    BY_SEGMENT.replace(
      `o.status = 'done' AND o.order_date >= '2025-01-01' AND o.order_date < '2026-01-01'`,
      `o.order_date < '2026-01-01' AND o.status = 'done' AND o.order_date >= '2025-01-01'`,
    ),
  ],
  ['flipped comparison', COUNT_DONE, COUNT_DONE.replace(`status = 'done'`, `'done' = status`)],
  ['flipped range', ITEMS, ITEMS.replace(`sold_on >= '2025-06-01'`, `'2025-06-01' <= sold_on`)],
  [
    'order of joins',
    THREE,
    `SELECT s.region, COUNT(DISTINCT c.customer_id) AS buyers FROM shop.customers c JOIN shop.orders o ON c.customer_id = o.customer_id JOIN shop.stores s ON s.store_id = o.store_id WHERE o.channel <> 'phone' AND c.country = 'DE' GROUP BY s.region`,
  ],
  [
    'implicit join',
    BY_SEGMENT,
    BY_SEGMENT.replace(
      'JOIN shop.customers c ON o.customer_id = c.customer_id',
      ', shop.customers c',
    ).replace('WHERE ', 'WHERE o.customer_id = c.customer_id AND '),
  ],
  ['USING', BY_SEGMENT, BY_SEGMENT.replace('ON o.customer_id = c.customer_id', 'USING (customer_id)')],
  ['INNER JOIN', BY_SEGMENT, BY_SEGMENT.replace('JOIN', 'INNER JOIN')],
  ['outer join restricted in WHERE', THREE, THREE.replace('JOIN shop.customers', 'LEFT JOIN shop.customers')],
  [
    'filter in the join condition',
    THREE,
    THREE.replace(
      `c ON o.customer_id = c.customer_id WHERE c.country = 'DE' AND`,
      `c ON o.customer_id = c.customer_id AND c.country = 'DE' WHERE`,
    ),
  ],
  [
    'BETWEEN for closed days',
    BY_SEGMENT,
    BY_SEGMENT.replace(
      `o.order_date >= '2025-01-01' AND o.order_date < '2026-01-01'`,
      `o.order_date BETWEEN '2025-01-01' AND '2025-12-31'`,
    ),
  ],
  [
    'typed date literals',
    BY_SEGMENT,
    BY_SEGMENT.replace(`>= '2025-01-01'`, `>= DATE '2025-01-01'`).replace(
      `< '2026-01-01'`,
      `< CAST('2026-01-01' AS DATE)`,
    ),
  ],
  [
    'year() for a range',
    BY_SEGMENT,
    BY_SEGMENT.replace(
      `o.order_date >= '2025-01-01' AND o.order_date < '2026-01-01'`,
      `YEAR(o.order_date) = 2025`,
    ),
  ],
  [
    'EXTRACT for a range',
    BY_SEGMENT,
    BY_SEGMENT.replace(
      `o.order_date >= '2025-01-01' AND o.order_date < '2026-01-01'`,
      `EXTRACT(YEAR FROM o.order_date) = 2025`,
    ),
  ],
  [
    'date_trunc for a range',
    `SELECT COUNT(*) FROM shop.orders WHERE order_date >= '2025-03-01' AND order_date < '2025-04-01'`,
    `SELECT COUNT(*) FROM shop.orders WHERE date_trunc('month', order_date) = '2025-03-01'`,
  ],
  [
    'constant date arithmetic',
    BY_SEGMENT,
    BY_SEGMENT.replace(`< '2026-01-01'`, `< DATE '2025-01-01' + INTERVAL 1 YEAR`),
  ],
  ['add_months', BY_SEGMENT, BY_SEGMENT.replace(`< '2026-01-01'`, `< add_months(DATE '2025-01-01', 12)`)],
  [
    'days ago as interval',
    RECENT,
    RECENT.replace('date_sub(current_date(), 30)', 'current_date() - INTERVAL 30 DAYS'),
  ],
  [
    'days ago as number',
    RECENT,
    RECENT.replace('date_sub(current_date(), 30)', 'date_add(current_date(), -30)'),
  ],
  ['dateadd', RECENT, RECENT.replace('date_sub(current_date(), 30)', 'dateadd(DAY, -30, current_date())')],
  ['IN of one', COUNT_DONE, COUNT_DONE.replace(`= 'done'`, `IN ('done')`)],
  [
    'order of IN',
    `SELECT COUNT(*) FROM shop.orders WHERE status IN ('done', 'sent')`,
    `SELECT COUNT(*) FROM shop.orders WHERE status IN ('sent', 'done')`,
  ],
  [
    'OR for IN',
    `SELECT COUNT(*) FROM shop.orders WHERE status IN ('done', 'sent')`,
    `SELECT COUNT(*) FROM shop.orders WHERE status = 'sent' OR status = 'done'`,
  ],
  [
    'order of OR',
    `SELECT COUNT(*) FROM shop.orders WHERE status = 'done' OR priority = 1`,
    `SELECT COUNT(*) FROM shop.orders WHERE priority = 1 OR status = 'done'`,
  ],
  [
    'boolean column alone',
    `SELECT COUNT(*) FROM shop.orders WHERE is_gift = true`,
    `SELECT COUNT(*) FROM shop.orders WHERE is_gift`,
  ],
  [
    'negated boolean',
    `SELECT COUNT(*) FROM shop.orders WHERE is_gift = false`,
    `SELECT COUNT(*) FROM shop.orders WHERE NOT is_gift`,
  ],
  [
    'whole-number bounds',
    `SELECT COUNT(*) FROM shop.orders WHERE priority > 3`,
    `SELECT COUNT(*) FROM shop.orders WHERE priority >= 4`,
  ],
  ['!=', THREE, THREE.replace('<>', '!=')],
  [
    'defensive IS NOT NULL',
    BY_SEGMENT,
    BY_SEGMENT.replace('WHERE ', 'WHERE c.segment IS NOT NULL AND '),
    'one way',
  ],
  ['GROUP BY ALL', BY_SEGMENT, BY_SEGMENT.replace('GROUP BY c.segment', 'GROUP BY ALL')],
  ['GROUP BY ordinal', BY_SEGMENT, BY_SEGMENT.replace('GROUP BY c.segment', 'GROUP BY 1')],
  ['ORDER BY ordinal', TOP_PRODUCTS, TOP_PRODUCTS.replace('ORDER BY sales DESC', 'ORDER BY 2 DESC')],
  [
    'ORDER BY the expression',
    TOP_PRODUCTS,
    TOP_PRODUCTS.replace('ORDER BY sales', 'ORDER BY SUM(i.quantity * i.price)'),
  ],
  ['an order that nobody asked for', BY_SEGMENT, `${BY_SEGMENT} ORDER BY revenue DESC`],
  [
    'a key beside its name',
    `SELECT c.customer_id, SUM(o.total) FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.customer_id GROUP BY c.customer_id`,
    `SELECT c.customer_id, c.name, SUM(o.total) FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.customer_id GROUP BY c.customer_id, c.name`,
    'one way',
  ],
  [
    'the other side of the join',
    `SELECT o.customer_id, COUNT(*) FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.customer_id WHERE c.country = 'DE' GROUP BY o.customer_id`,
    `SELECT c.customer_id, COUNT(*) FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.customer_id WHERE c.country = 'DE' GROUP BY c.customer_id`,
  ],
  [
    'DISTINCT as GROUP BY',
    `SELECT DISTINCT city FROM shop.customers`,
    `SELECT city FROM shop.customers GROUP BY city`,
  ],
  [
    'a CTE',
    COUNT_DONE,
    `WITH done AS (SELECT * FROM shop.orders WHERE status = 'done') SELECT COUNT(*) FROM done`,
  ],
  [
    'a subquery',
    BY_SEGMENT,
    `SELECT x.segment, SUM(x.total) FROM (SELECT c.segment, o.total FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.customer_id WHERE o.status = 'done' AND o.order_date >= '2025-01-01' AND o.order_date < '2026-01-01') x GROUP BY x.segment`,
  ],
  ['rounding', BY_SEGMENT, BY_SEGMENT.replace('SUM(o.total)', 'ROUND(SUM(o.total), 2)')],
  [
    'conditional sum as count_if',
    `SELECT COUNT_IF(status = 'done') FROM shop.orders`,
    `SELECT SUM(CASE WHEN status = 'done' THEN 1 ELSE 0 END) FROM shop.orders`,
  ],
  [
    'conditional count',
    `SELECT COUNT_IF(status = 'done') FROM shop.orders`,
    `SELECT COUNT(CASE WHEN status = 'done' THEN 1 END) FROM shop.orders`,
  ],
  ['a column more', LIST, LIST.replace('name,', 'name, segment,'), 'one way'],
  ['columns in another order', LIST, LIST.replace('name, city', 'city, name')],
  [
    'arguments by name',
    TVF,
    `SELECT * FROM shop.get_top_customers(start_date => '2025-01-01', top_n => 5, end_date => '2025-12-31')`,
  ],
  [
    'a default argument written out',
    `SELECT * FROM shop.get_top_customers('2025-01-01', '2025-12-31')`,
    `SELECT * FROM shop.get_top_customers('2025-01-01', '2025-12-31', 10)`,
  ],
  ['a typed argument', TVF, TVF.replace(`'2025-01-01'`, `DATE '2025-01-01'`)],
  [
    'HAVING on a group key',
    `SELECT channel, COUNT(*) FROM shop.orders WHERE channel <> 'web' GROUP BY channel`,
    `SELECT channel, COUNT(*) FROM shop.orders GROUP BY channel HAVING channel <> 'web'`,
  ],
  ['comments and layout', BY_SEGMENT, `-- why\n${BY_SEGMENT.replaceAll(' ', '\n ')} /* end */`],
  ['commuted factors', TOP_PRODUCTS, TOP_PRODUCTS.replace('i.quantity * i.price', 'i.price * i.quantity')],
  [
    'IN for a join by key',
    THREE,
    THREE.replace(
      'JOIN shop.customers c ON o.customer_id = c.customer_id WHERE c.country',
      'WHERE o.customer_id IN (SELECT c.customer_id FROM shop.customers c WHERE c.country',
    ).replace(`'DE' AND`, `'DE') AND`),
  ],
  [
    'EXISTS for IN',
    `SELECT COUNT(*) FROM shop.customers c WHERE c.customer_id IN (SELECT customer_id FROM shop.orders WHERE is_gift)`,
    `SELECT COUNT(*) FROM shop.customers c WHERE EXISTS (SELECT 1 FROM shop.orders o WHERE o.customer_id = c.customer_id AND o.is_gift)`,
  ],
  [
    'LEFT SEMI JOIN for EXISTS',
    `SELECT COUNT(*) FROM shop.customers c WHERE EXISTS (SELECT 1 FROM shop.orders o WHERE o.customer_id = c.customer_id)`,
    `SELECT COUNT(*) FROM shop.customers c LEFT SEMI JOIN shop.orders o ON o.customer_id = c.customer_id`,
  ],
  [
    'NOT EXISTS for an anti join',
    `SELECT c.name FROM shop.customers c LEFT ANTI JOIN shop.orders o ON c.customer_id = o.customer_id`,
    `SELECT c.name FROM shop.customers c WHERE NOT EXISTS (SELECT 1 FROM shop.orders o WHERE o.customer_id = c.customer_id)`,
  ],
  [
    'IS NULL behind an outer join',
    `SELECT c.name FROM shop.customers c LEFT ANTI JOIN shop.orders o ON c.customer_id = o.customer_id`,
    `SELECT c.name FROM shop.customers c LEFT JOIN shop.orders o ON c.customer_id = o.customer_id WHERE o.order_id IS NULL`,
  ],
  [
    'FILTER for CASE',
    `SELECT SUM(total) FILTER (WHERE channel = 'web') FROM shop.orders`,
    `SELECT SUM(CASE WHEN channel = 'web' THEN total ELSE 0 END) FROM shop.orders`,
  ],
  [
    'FILTER for count_if',
    `SELECT COUNT(*) FILTER (WHERE status = 'done') FROM shop.orders`,
    `SELECT COUNT_IF(status = 'done') FROM shop.orders`,
  ],
  [
    'two roles of a table in another order',
    `SELECT a.city, b.city, COUNT(*) FROM shop.orders o JOIN shop.customers a ON o.customer_id = a.customer_id JOIN shop.customers b ON o.recipient_id = b.customer_id WHERE b.country = 'DE' GROUP BY a.city, b.city`,
    `SELECT x.city, y.city, COUNT(*) FROM shop.orders o JOIN shop.customers y ON y.customer_id = o.recipient_id JOIN shop.customers x ON o.customer_id = x.customer_id WHERE y.country = 'DE' GROUP BY x.city, y.city`,
  ],
  ['metric view by the bare name', MV, MV.replace('shop.mv_sales', 'mv_sales')],
  ['whole counts', BIG, BIG.replace('COUNT(*) > 10', 'COUNT(*) >= 11')],
  [
    'HAVING as the filter around',
    BIG,
    `SELECT x.name, x.orders FROM (SELECT c.name, COUNT(*) AS orders FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.customer_id GROUP BY c.name) AS x WHERE x.orders > 10`,
  ],
  [
    'a latest day kept in a CTE',
    `SELECT SUM(o.total) FROM shop.orders o JOIN shop.stores s ON o.store_id = s.store_id WHERE o.order_date = (SELECT MAX(order_date) FROM shop.orders)`,
    `WITH kept AS (SELECT * FROM shop.orders WHERE order_date = (SELECT MAX(order_date) FROM shop.orders)) SELECT SUM(k.total) FROM kept k JOIN shop.stores s ON k.store_id = s.store_id`,
  ],
];
