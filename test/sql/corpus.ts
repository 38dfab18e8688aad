import type { SqlFacts } from '../../src/sql/index.ts';

/** What must be found in a statement; absent keys are not looked at, lists are complete. */
export interface ExpectedFacts {
  /** `name`, or `name(arg, name => arg)` for a function. */
  readonly tables?: readonly string[];
  /** `table.column@clause`, each of them among those found. */
  readonly columns?: readonly string[];
  /** `type left right a.x=b.y & …`. */
  readonly joins?: readonly string[];
  /** `clause operator [literals] text`, with ` temporal` behind the clause. */
  readonly predicates?: readonly string[];
  /** `function(argument)`, DISTINCT and OVER written out. */
  readonly aggregates?: readonly string[];
  /** Canonical texts, aliases behind ` as `, `*` in front of aggregated ones. */
  readonly projections?: readonly string[];
  readonly groupBy?: readonly string[];
  /** `text` or `text desc`. */
  readonly orderBy?: readonly string[];
  readonly limit?: number | null;
  readonly distinct?: boolean;
  readonly functions?: readonly string[];
  readonly measures?: readonly string[];
  readonly ctes?: readonly string[];
  readonly setOperation?: boolean;
}

export interface CorpusEntry {
  readonly name: string;
  readonly sql: string;
  readonly facts: ExpectedFacts;
}

/** Facts in the notation of {@link ExpectedFacts}. */
export function describeFacts(facts: SqlFacts): Required<ExpectedFacts> {
  const column = (ref: { table: string | null; column: string }): string =>
    `${ref.table ?? '?'}.${ref.column}`;
  return {
    tables: facts.tables.map((use) => {
      const args = use.args.map((arg) => (arg.name === null ? arg.text : `${arg.name} => ${arg.text}`));
      return use.kind === 'function' ? `${use.name}(${args.join(', ')})` : use.name;
    }),
    columns: facts.columns.map((use) => `${column(use)}@${use.clause}`),
    joins: facts.joins.map((join) =>
      [
        join.type,
        join.left ?? '?',
        join.right ?? '?',
        join.pairs.map((pair) => pair.map(column).join('=')).join(' & '),
      ]
        .join(' ')
        .trim(),
    ),
    predicates: facts.predicates.map(
      (fact) =>
        `${fact.clause}${fact.temporal ? ' temporal' : ''} ${fact.operator} [${fact.literals.join(', ')}] ${fact.text}`,
    ),
    aggregates: facts.aggregates.map(
      (fact) =>
        `${fact.function}(${fact.distinct ? 'distinct ' : ''}${fact.argument})${fact.windowed === true ? ' over' : ''}`,
    ),
    projections: facts.projections.map(
      (fact) => `${fact.aggregated ? '*' : ''}${fact.text}${fact.alias === null ? '' : ` as ${fact.alias}`}`,
    ),
    groupBy: facts.groupBy.map((fact) => fact.text),
    orderBy: facts.orderBy.map((fact) => `${fact.text}${fact.descending ? ' desc' : ''}`),
    limit: facts.limit,
    distinct: facts.distinct,
    functions: facts.functions,
    measures: facts.measures,
    ctes: facts.ctes,
    setOperation: facts.setOperation,
  };
}

/** Statements of the kind Genie writes, about an invented shop. */
export const CORPUS: readonly CorpusEntry[] = [
  {
    name: 'total with a date literal',
    sql: "SELECT SUM(o.net_amount) AS revenue FROM main.shop.orders o WHERE o.order_date >= DATE '2024-01-01'",
    facts: {
      tables: ['main.shop.orders'],
      columns: ['main.shop.orders.net_amount@select', 'main.shop.orders.order_date@where'],
      predicates: ["where temporal >= [2024-01-01] orders.order_date >= cast('2024-01-01' as date)"],
      aggregates: ['sum(orders.net_amount)'],
      projections: ['*sum(orders.net_amount) as revenue'],
      groupBy: [],
      limit: null,
    },
  },
  {
    name: 'flipped comparison and string literal that keeps its case',
    sql: "SELECT order_id FROM main.shop.orders WHERE 'Shipped' = status AND 100 < net_amount",
    facts: {
      predicates: ["where = [Shipped] orders.status = 'Shipped'", 'where > [100] orders.net_amount > 100'],
    },
  },
  {
    name: 'explicit join, grouped by ordinal, ordered by alias',
    sql: 'SELECT c.segment, SUM(o.net_amount) AS revenue FROM main.shop.orders AS o INNER JOIN main.shop.customers AS c ON o.customer_id = c.customer_id GROUP BY 1 ORDER BY revenue DESC LIMIT 5',
    facts: {
      joins: [
        'inner main.shop.orders main.shop.customers main.shop.customers.customer_id=main.shop.orders.customer_id',
      ],
      predicates: [],
      groupBy: ['customers.segment'],
      orderBy: ['sum(orders.net_amount) desc'],
      limit: 5,
      columns: ['main.shop.customers.segment@group_by', 'main.shop.orders.net_amount@order_by'],
    },
  },
  {
    name: 'GROUP BY ALL leaves aggregates out',
    sql: 'SELECT region, channel, COUNT(*) AS n, SUM(net_amount) / COUNT(*) AS avg_value FROM main.shop.orders GROUP BY ALL',
    facts: {
      groupBy: ['orders.channel', 'orders.region'],
      aggregates: ['count(*)', 'sum(orders.net_amount)'],
    },
  },
  {
    name: 'comma join with its condition in WHERE',
    sql: "SELECT c.name FROM main.shop.customers c, main.shop.orders o WHERE o.customer_id = c.customer_id AND c.country = 'DE'",
    facts: {
      joins: [
        'implicit main.shop.customers main.shop.orders main.shop.customers.customer_id=main.shop.orders.customer_id',
      ],
      predicates: ["where = [DE] customers.country = 'DE'"],
    },
  },
  {
    name: 'three comma-joined tables',
    sql: 'SELECT p.title FROM orders o, order_items i, products p WHERE i.order_id = o.order_id AND p.product_id = i.product_id',
    facts: {
      joins: [
        'implicit orders order_items order_items.order_id=orders.order_id',
        'implicit order_items products order_items.product_id=products.product_id',
      ],
      predicates: [],
    },
  },
  {
    name: 'JOIN … USING',
    sql: 'SELECT i.quantity FROM main.shop.orders o LEFT JOIN main.shop.order_items i USING (order_id)',
    facts: {
      joins: [
        'left main.shop.orders main.shop.order_items main.shop.order_items.order_id=main.shop.orders.order_id',
      ],
      columns: ['main.shop.orders.order_id@join', 'main.shop.order_items.order_id@join'],
    },
  },
  {
    name: 'condition beyond the keys of a LEFT JOIN',
    sql: "SELECT o.order_id FROM orders o LEFT OUTER JOIN returns r ON o.order_id = r.order_id AND r.reason = 'damaged'",
    facts: {
      joins: ['left orders returns orders.order_id=returns.order_id'],
      predicates: ["join = [damaged] returns.reason = 'damaged'"],
    },
  },
  {
    name: 'column renamed by a CTE',
    sql: "WITH recent AS (SELECT customer_id AS cid, net_amount AS amt FROM main.shop.orders WHERE status = 'paid') SELECT cid, SUM(amt) FROM recent WHERE amt > 10 GROUP BY cid",
    facts: {
      tables: ['main.shop.orders'],
      ctes: ['recent'],
      columns: ['main.shop.orders.customer_id@group_by', 'main.shop.orders.net_amount@where'],
      predicates: ["where = [paid] orders.status = 'paid'", 'where > [10] orders.net_amount > 10'],
      groupBy: ['orders.customer_id'],
      aggregates: ['sum(orders.net_amount)'],
    },
  },
  {
    name: 'aggregate of a CTE used outside',
    sql: 'WITH totals AS (SELECT customer_id, SUM(net_amount) AS total FROM orders GROUP BY customer_id) SELECT c.name, t.total FROM totals t JOIN customers c ON c.customer_id = t.customer_id WHERE t.total > 1000',
    facts: {
      joins: ['inner orders customers customers.customer_id=orders.customer_id'],
      predicates: ['where > [1000] sum(orders.net_amount) > 1000'],
      projections: ['customers.name', '*sum(orders.net_amount)'],
      groupBy: [],
    },
  },
  {
    name: 'two CTEs, the second built on the first',
    sql: 'WITH a AS (SELECT order_id oid, store_id FROM orders), b AS (SELECT store_id sid, COUNT(oid) cnt FROM a GROUP BY store_id) SELECT sid, cnt FROM b ORDER BY cnt DESC',
    facts: {
      tables: ['orders'],
      ctes: ['a', 'b'],
      projections: ['orders.store_id', '*count(orders.order_id)'],
      groupBy: ['orders.store_id'],
      orderBy: ['count(orders.order_id) desc'],
    },
  },
  {
    name: 'a CTE that shadows the table it reads',
    sql: "WITH orders AS (SELECT * FROM main.shop.orders WHERE status <> 'void') SELECT COUNT(*) FROM orders",
    facts: { tables: ['main.shop.orders'], predicates: ["where <> [void] orders.status <> 'void'"] },
  },
  {
    name: 'derived table with SELECT * in between',
    sql: 'SELECT region FROM (SELECT * FROM main.shop.stores) s WHERE s.opened_on IS NOT NULL',
    facts: {
      columns: ['main.shop.stores.region@select', 'main.shop.stores.opened_on@where'],
      predicates: ['where is not null [] stores.opened_on is not null'],
    },
  },
  {
    name: 'latest row per key by QUALIFY',
    sql: 'SELECT customer_id, order_date FROM orders QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY order_date DESC) = 1',
    facts: {
      predicates: [
        'qualify = [1] row_number() over (partition by orders.customer_id order by orders.order_date desc) = 1',
      ],
      columns: ['orders.customer_id@window', 'orders.order_date@window'],
      aggregates: [],
    },
  },
  {
    name: 'top n per group by a subquery',
    sql: 'SELECT * FROM (SELECT store_id, product_id, RANK() OVER (PARTITION BY store_id ORDER BY SUM(quantity) DESC) AS rnk FROM sales GROUP BY store_id, product_id) WHERE rnk <= 3',
    facts: {
      aggregates: ['sum(sales.quantity)'],
      groupBy: ['sales.product_id', 'sales.store_id'],
      predicates: [
        'where <= [3] rank() over (partition by sales.store_id order by sum(sales.quantity) desc) <= 3',
      ],
      projections: [
        'sales.store_id',
        'sales.product_id',
        '*rank() over (partition by sales.store_id order by sum(sales.quantity) desc) as rnk',
      ],
    },
  },
  {
    name: 'running total',
    sql: 'SELECT order_date, SUM(net_amount) OVER (ORDER BY order_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM orders',
    facts: {
      aggregates: ['sum(orders.net_amount) over'],
      groupBy: [],
      columns: ['orders.order_date@window', 'orders.net_amount@select'],
    },
  },
  {
    name: 'share of total',
    sql: 'SELECT region, SUM(net_amount) / SUM(SUM(net_amount)) OVER () AS share FROM orders GROUP BY region',
    facts: {
      aggregates: ['sum(orders.net_amount)', 'sum(sum(orders.net_amount)) over'],
      groupBy: ['orders.region'],
    },
  },
  {
    name: 'month over month with LAG',
    sql: "SELECT date_trunc('MONTH', order_date) AS m, SUM(net_amount) AS rev, LAG(SUM(net_amount)) OVER (ORDER BY date_trunc('MONTH', order_date)) AS prev FROM orders GROUP BY 1",
    facts: {
      functions: ['date_trunc'],
      groupBy: ["date_trunc('MONTH', orders.order_date)"],
      aggregates: ['sum(orders.net_amount)'],
    },
  },
  {
    name: 'measures of a metric view',
    sql: 'SELECT `Region`, MEASURE(`Total Revenue`) AS rev, MEASURE(order_count) FROM main.shop.sales_metrics GROUP BY ALL ORDER BY rev DESC',
    facts: {
      tables: ['main.shop.sales_metrics'],
      measures: ['total revenue', 'order_count'],
      aggregates: ['measure(sales_metrics.`total revenue`)', 'measure(sales_metrics.order_count)'],
      groupBy: ['sales_metrics.region'],
      columns: ['main.shop.sales_metrics.total revenue@select'],
      orderBy: ['measure(sales_metrics.`total revenue`) desc'],
    },
  },
  {
    name: 'measure qualified by an alias',
    sql: "SELECT MEASURE(mv.margin_pct) FROM main.shop.margin_mv AS mv WHERE mv.`Order Month` = DATE'2024-03-01'",
    facts: {
      measures: ['margin_pct'],
      predicates: ["where temporal = [2024-03-01] margin_mv.`order month` = cast('2024-03-01' as date)"],
    },
  },
  {
    name: 'table function with named arguments',
    sql: "SELECT * FROM main.shop.revenue_by_region(start_date => DATE '2024-01-01', region => 'EMEA') r",
    facts: {
      tables: ["main.shop.revenue_by_region(start_date => cast('2024-01-01' as date), region => 'EMEA')"],
      columns: [],
    },
  },
  {
    name: 'table function with positional arguments and a parameter',
    sql: 'SELECT f.total FROM main.shop.top_customers(10, :country) AS f WHERE f.total > 0',
    facts: {
      tables: ['main.shop.top_customers(10, :country)'],
      columns: ['main.shop.top_customers.total@select'],
    },
  },
  {
    name: 'table function joined to a table',
    sql: 'SELECT s.name, f.score FROM main.shop.stores s JOIN main.shop.store_scores(min_score => 0.5) f ON f.store_id = s.store_id',
    facts: {
      tables: ['main.shop.stores', 'main.shop.store_scores(min_score => 0.5)'],
      joins: [
        'inner main.shop.stores main.shop.store_scores main.shop.store_scores.store_id=main.shop.stores.store_id',
      ],
    },
  },
  {
    name: 'table function in TABLE()',
    sql: 'SELECT * FROM TABLE(main.shop.forecast(horizon => 3))',
    facts: { tables: ['main.shop.forecast(horizon => 3)'] },
  },
  {
    name: 'table function with arithmetic on the current date',
    sql: 'SELECT * FROM churned_customers(as_of => current_date() - INTERVAL 30 DAYS)',
    facts: {
      tables: ['churned_customers(as_of => current_date() - interval 30 day)'],
      functions: ['current_date'],
    },
  },
  {
    name: 'PIVOT',
    sql: "SELECT * FROM (SELECT region, quarter, amount FROM main.shop.sales) PIVOT (SUM(amount) AS total FOR quarter IN ('Q1', 'Q2'))",
    facts: {
      tables: ['main.shop.sales'],
      aggregates: ['sum(sales.amount)'],
      columns: ['main.shop.sales.quarter@from', 'main.shop.sales.region@select'],
    },
  },
  {
    name: 'UNPIVOT',
    sql: 'SELECT store, metric, val FROM main.shop.store_kpis UNPIVOT (val FOR metric IN (visits, sales))',
    facts: {
      tables: ['main.shop.store_kpis'],
      columns: [
        'main.shop.store_kpis.store@select',
        'main.shop.store_kpis.visits@from',
        'main.shop.store_kpis.sales@select',
      ],
    },
  },
  {
    name: 'LATERAL VIEW explode',
    sql: 'SELECT tag, COUNT(*) AS n FROM main.shop.products LATERAL VIEW explode(tags) t AS tag GROUP BY tag',
    facts: {
      tables: ['main.shop.products'],
      functions: ['explode'],
      columns: ['main.shop.products.tags@from'],
      groupBy: ['explode(products.tags)'],
    },
  },
  {
    name: 'LATERAL explode after a comma',
    sql: 'SELECT p.sku, x.tag FROM main.shop.products p, LATERAL explode(p.tags) AS x(tag)',
    facts: {
      tables: ['main.shop.products'],
      columns: ['main.shop.products.sku@select', 'main.shop.products.tags@select'],
    },
  },
  {
    name: 'semi-structured path',
    sql: "SELECT payload:customer.name::string AS customer FROM main.shop.events WHERE payload:type = 'Click'",
    facts: {
      columns: ['main.shop.events.payload@select', 'main.shop.events.payload@where'],
      predicates: ["where = [Click] events.payload:type = 'Click'"],
      projections: ['cast(events.payload:customer.name as string) as customer'],
    },
  },
  {
    name: 'struct field',
    sql: 'SELECT e.device.os FROM main.shop.events e WHERE device.version >= 4',
    facts: {
      columns: ['main.shop.events.device@select', 'main.shop.events.device@where'],
      predicates: ['where >= [4] events.device.version >= 4'],
    },
  },
  {
    name: 'TRY functions',
    sql: 'SELECT TRY_DIVIDE(SUM(net_amount), COUNT(DISTINCT customer_id)) AS arpu, TRY_CAST(code AS INT) FROM orders GROUP BY code',
    facts: {
      aggregates: ['sum(orders.net_amount)', 'count(distinct orders.customer_id)'],
      functions: ['try_divide', 'try_cast'],
    },
  },
  {
    name: 'ILIKE and NOT LIKE',
    sql: "SELECT name FROM customers WHERE name ILIKE '%gmbh%' AND email NOT LIKE '%@test.%'",
    facts: {
      predicates: [
        "where ilike [%gmbh%] customers.name ilike '%gmbh%'",
        "where not like [%@test.%] customers.email not like '%@test.%'",
      ],
    },
  },
  {
    name: 'IN and NOT IN keep their literals',
    sql: "SELECT 1 FROM orders WHERE status IN ('paid', 'Shipped') AND channel NOT IN ('web')",
    facts: {
      predicates: [
        "where in [paid, Shipped] orders.status in ('Shipped', 'paid')",
        "where <> [web] orders.channel <> 'web'",
      ],
    },
  },
  {
    name: 'IN with a subquery',
    sql: 'SELECT order_id FROM orders WHERE customer_id IN (SELECT customer_id FROM customers WHERE vip = TRUE)',
    facts: {
      tables: ['orders', 'customers'],
      columns: ['customers.customer_id@select', 'orders.customer_id@where'],
      predicates: [
        'where = [true] customers.vip = true',
        'where in [] orders.customer_id in (select customers.customer_id from customers where customers.vip = true)',
      ],
    },
  },
  {
    name: 'correlated NOT EXISTS',
    sql: 'SELECT c.name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id)',
    facts: {
      columns: ['orders.customer_id@where', 'customers.customer_id@where'],
      tables: ['customers', 'orders'],
    },
  },
  {
    name: 'scalar subquery',
    sql: 'SELECT name FROM products WHERE price > (SELECT AVG(price) FROM products)',
    facts: {
      aggregates: ['avg(products.price)'],
      predicates: ['where > [] products.price > (select avg(products.price) from products)'],
    },
  },
  {
    name: 'BETWEEN dates',
    sql: "SELECT COUNT(*) FROM orders WHERE order_date BETWEEN '2024-01-01' AND '2024-03-31'",
    facts: {
      predicates: [
        "where temporal between [2024-01-01, 2024-03-31] orders.order_date between '2024-01-01' and '2024-03-31'",
      ],
    },
  },
  {
    name: 'OR stays one predicate',
    sql: "SELECT 1 FROM stores WHERE (country = 'AT' OR region = 'DACH') AND closed = false",
    facts: {
      predicates: [
        "where or [AT, DACH] stores.country = 'AT' or stores.region = 'DACH'",
        'where = [false] stores.closed = false',
      ],
    },
  },
  {
    name: 'last 30 days',
    sql: 'SELECT COUNT(*) FROM orders WHERE order_date >= date_sub(current_date(), 30)',
    facts: {
      predicates: ['where temporal >= [30] orders.order_date >= current_date() - interval 30 day'],
      functions: ['date_sub', 'current_date'],
    },
  },
  {
    name: 'current year',
    sql: 'SELECT SUM(net_amount) FROM orders WHERE YEAR(order_date) = YEAR(CURRENT_DATE)',
    facts: {
      predicates: [
        'where temporal = [] extract(year from orders.order_date) = extract(year from current_date())',
      ],
    },
  },
  {
    name: 'unit argument is no column',
    sql: 'SELECT order_id FROM orders WHERE DATEDIFF(DAY, order_date, shipped_on) > 7 AND dateadd(MONTH, -3, current_date()) < order_date',
    facts: {
      columns: ['orders.order_date@where', 'orders.shipped_on@where'],
      predicates: [
        'where temporal > [7] datediff(day, orders.order_date, orders.shipped_on) > 7',
        'where temporal > [-3] orders.order_date > dateadd(month, -3, current_date())',
      ],
    },
  },
  {
    name: 'parameters',
    sql: 'SELECT name FROM customers WHERE country = :country AND signup_date > :since::date',
    facts: {
      predicates: [
        'where = [] customers.country = :country',
        'where temporal > [] customers.signup_date > cast(:since as date)',
      ],
    },
  },
  {
    name: 'FILTER on an aggregate',
    sql: "SELECT COUNT(*) FILTER (WHERE status = 'returned') AS returned, COUNT(*) AS n FROM orders",
    facts: {
      predicates: ["aggregate_filter = [returned] orders.status = 'returned'"],
      aggregates: ['count(*)'],
    },
  },
  {
    name: 'CASE inside an aggregate',
    sql: "SELECT SUM(CASE WHEN status = 'paid' AND channel = 'web' THEN net_amount ELSE 0 END) FROM orders",
    facts: {
      aggregates: [
        "sum(case when orders.channel = 'web' and orders.status = 'paid' then orders.net_amount else 0 end)",
      ],
      columns: ['orders.status@select', 'orders.channel@select', 'orders.net_amount@select'],
      predicates: [],
    },
  },
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
