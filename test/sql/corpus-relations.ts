import type { CorpusEntry } from './describe-facts.ts';

/** What a statement reads: tables, joins, CTEs, derived tables, functions, metric views, nested data. */
export const RELATIONS: readonly CorpusEntry[] = [
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
];
