import type { CorpusEntry } from './describe-facts.ts';

/** Clauses of a query, queries put together, and spellings. */
export const QUERIES: readonly CorpusEntry[] = [
  {
    name: 'HAVING on an alias',
    sql: 'SELECT customer_id, COUNT(*) AS n FROM orders GROUP BY customer_id HAVING n > 3 AND MAX(order_date) < current_date()',
    facts: {
      predicates: [
        'having > [3] count(*) > 3',
        'having temporal < [] max(orders.order_date) < current_date()',
      ],
    },
  },
  {
    name: 'alias of the same name as its column, in GROUP BY',
    sql: 'SELECT UPPER(country) AS country, COUNT(*) FROM customers GROUP BY country',
    facts: {
      groupBy: ['customers.country'],
      projections: ['upper(customers.country) as country', '*count(*)'],
    },
  },
  {
    name: 'grouped by an alias',
    sql: "SELECT date_format(order_date, 'yyyy-MM') AS ym, SUM(net_amount) FROM orders GROUP BY ym ORDER BY ym",
    facts: {
      groupBy: ["date_format(orders.order_date, 'yyyy-MM')"],
      orderBy: ["date_format(orders.order_date, 'yyyy-MM')"],
    },
  },
  {
    name: 'lateral column alias',
    sql: 'SELECT price * quantity AS gross, gross * 0.19 AS vat FROM order_items',
    facts: {
      projections: [
        'order_items.price * order_items.quantity as gross',
        'order_items.price * order_items.quantity * 0.19 as vat',
      ],
    },
  },
  {
    name: 'DISTINCT rows',
    sql: 'SELECT DISTINCT country FROM customers ORDER BY country LIMIT 100',
    facts: { distinct: true, orderBy: ['customers.country'], limit: 100 },
  },
  {
    name: 'UNION ALL, ordered by a column of the first branch',
    sql: "SELECT name, 'c' AS kind FROM customers UNION ALL SELECT title, 'p' FROM products WHERE active ORDER BY name LIMIT 10",
    facts: {
      setOperation: true,
      tables: ['customers', 'products'],
      projections: ['customers.name', "'c' as kind"],
      predicates: ['where other [] products.active'],
      orderBy: ['customers.name'],
      limit: 10,
    },
  },
  {
    name: 'EXCEPT of two queries',
    sql: 'SELECT customer_id FROM customers EXCEPT SELECT customer_id FROM orders',
    facts: { setOperation: true, tables: ['customers', 'orders'] },
  },
  {
    name: 'self join keeps its two roles apart',
    sql: 'SELECT e.name, m.name FROM employees e JOIN employees m ON e.manager_id = m.employee_id',
    facts: {
      tables: ['employees', 'employees'],
      joins: ['inner employees employees employees.employee_id=employees.manager_id'],
      projections: ['employees.name', 'employees#2.name'],
    },
  },
  {
    name: 'semi and anti join',
    sql: 'SELECT c.name FROM customers c LEFT SEMI JOIN orders o ON o.customer_id = c.customer_id LEFT ANTI JOIN returns r ON r.customer_id = c.customer_id',
    facts: {
      joins: [
        'semi customers orders customers.customer_id=orders.customer_id',
        'anti customers returns customers.customer_id=returns.customer_id',
      ],
    },
  },
  {
    name: 'cross and full join',
    sql: 'SELECT 1 FROM a CROSS JOIN b FULL OUTER JOIN c ON c.k = a.k RIGHT JOIN d ON d.k = c.k',
    facts: { joins: ['cross a b', 'full a c a.k=c.k', 'right c d c.k=d.k'] },
  },
  {
    name: 'ROLLUP',
    sql: 'SELECT region, channel, SUM(net_amount) FROM orders GROUP BY ROLLUP (region, channel)',
    facts: { groupBy: ['rollup(orders.region, orders.channel)'] },
  },
  {
    name: 'approximate and ordered-set aggregates',
    sql: 'SELECT approx_count_distinct(customer_id), percentile_approx(net_amount, 0.5), percentile_cont(0.9) WITHIN GROUP (ORDER BY net_amount), max_by(order_id, net_amount) FROM orders',
    facts: {
      aggregates: [
        'approx_count_distinct(orders.customer_id)',
        'percentile_approx(orders.net_amount, 0.5)',
        'percentile_cont(0.9)',
        'max_by(orders.order_id, orders.net_amount)',
      ],
      functions: [],
    },
  },
  {
    name: 'COUNT(1) counts rows',
    sql: 'SELECT COUNT(1), COUNT(order_id) FROM orders',
    facts: { aggregates: ['count(*)', 'count(orders.order_id)'] },
  },
  {
    name: 'higher-order functions',
    sql: 'SELECT transform(prices, p -> p * 1.19), filter(tags, t -> t = category) FROM products',
    facts: {
      columns: ['products.prices@select', 'products.tags@select', 'products.category@select'],
      functions: ['transform', 'filter'],
    },
  },
  {
    name: 'NVL and COALESCE are one',
    sql: "SELECT NVL(region, 'n/a') FROM stores WHERE IFNULL(closed, false) = false",
    facts: {
      projections: ["coalesce(stores.region, 'n/a')"],
      predicates: ['where = [false] coalesce(stores.closed, false) = false'],
    },
  },
  {
    name: 'quoted names with blanks and dots',
    sql: "SELECT `Order Total` FROM `main`.`shop`.`Order List` WHERE `Order Date` > '2024-05-01'",
    facts: { tables: ['main.shop.order list'], columns: ['main.shop.order list.order total@select'] },
  },
  {
    name: 'fully qualified columns',
    sql: 'SELECT main.shop.orders.order_id, shop.orders.status FROM main.shop.orders',
    facts: { columns: ['main.shop.orders.order_id@select', 'main.shop.orders.status@select'] },
  },
  {
    name: 'EXTRACT is no FROM clause',
    sql: 'SELECT EXTRACT(MONTH FROM order_ts) AS m, COUNT(*) FROM main.shop.orders GROUP BY m',
    facts: { tables: ['main.shop.orders'], groupBy: ['extract(month from orders.order_ts)'] },
  },
  {
    name: 'IS DISTINCT FROM is no FROM clause',
    sql: 'SELECT order_id FROM orders WHERE billing_zip IS DISTINCT FROM shipping_zip',
    facts: {
      tables: ['orders'],
      predicates: ['where is distinct from [] orders.billing_zip is distinct from orders.shipping_zip'],
    },
  },
  {
    name: 'VALUES as a table',
    sql: "SELECT v.code, o.order_id FROM VALUES ('A'), ('B') AS v(code) JOIN orders o ON o.status = v.code",
    facts: { tables: ['orders'], columns: ['orders.status@join'] },
  },
  {
    name: 'recursive CTE',
    sql: "WITH RECURSIVE days(d) AS (SELECT DATE'2024-01-01' UNION ALL SELECT d + INTERVAL 1 DAY FROM days WHERE d < DATE'2024-02-01') SELECT d FROM days",
    facts: { tables: [], ctes: ['days'], setOperation: true },
  },
  {
    name: 'time travel and sampling',
    sql: "SELECT COUNT(*) FROM main.shop.orders TIMESTAMP AS OF '2024-06-01' AS o WHERE o.status = 'open'",
    facts: { tables: ['main.shop.orders'], columns: ['main.shop.orders.status@where'] },
  },
  {
    name: 'conditions that are always true are no predicates',
    sql: "SELECT 1 FROM orders WHERE 1 = 1 AND TRUE AND status = 'x'",
    facts: { predicates: ["where = [x] orders.status = 'x'"] },
  },
  {
    name: 'named window',
    sql: 'SELECT AVG(net_amount) OVER w FROM orders WINDOW w AS (PARTITION BY region ORDER BY order_date)',
    facts: {
      columns: ['orders.region@window', 'orders.order_date@window'],
      aggregates: ['avg(orders.net_amount) over'],
    },
  },
  {
    name: 'comments, hints and a final semicolon',
    sql: '-- revenue; by region\nSELECT /*+ BROADCAST(c) */ c.region, SUM(o.amount) /* net; not gross */ FROM orders o JOIN customers c ON o.cid = c.id -- join\nGROUP BY c.region;',
    facts: {
      tables: ['orders', 'customers'],
      aggregates: ['sum(orders.amount)'],
      groupBy: ['customers.region'],
    },
  },
];
