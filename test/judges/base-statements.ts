export const BY_SEGMENT = `SELECT c.segment, SUM(o.total) AS revenue FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.customer_id
  WHERE o.status = 'done' AND o.order_date >= '2025-01-01' AND o.order_date < '2026-01-01' GROUP BY c.segment`;
export const TOP_PRODUCTS = `SELECT p.title, SUM(i.quantity * i.price) AS sales FROM shop.items i JOIN shop.products p ON i.product_id = p.product_id
  GROUP BY p.title ORDER BY sales DESC LIMIT 5`;
export const COUNT_DONE = `SELECT COUNT(*) AS n FROM shop.orders WHERE status = 'done'`;
export const PER_MONTH = `SELECT date_trunc('month', order_date) AS m, SUM(total) AS revenue FROM shop.orders GROUP BY 1 ORDER BY 1`;
export const ITEMS = `SELECT product_id, SUM(quantity) AS q FROM shop.items WHERE sold_on >= '2025-06-01' GROUP BY product_id`;
export const MV = `SELECT region, MEASURE(revenue) AS revenue FROM shop.mv_sales WHERE channel = 'web' GROUP BY region`;
export const TVF = `SELECT * FROM shop.get_top_customers('2025-01-01', '2025-12-31', 5)`;
export const THREE = `SELECT s.region, COUNT(DISTINCT o.customer_id) AS buyers FROM shop.orders o JOIN shop.stores s ON o.store_id = s.store_id
  JOIN shop.customers c ON o.customer_id = c.customer_id WHERE c.country = 'DE' AND o.channel <> 'phone' GROUP BY s.region`;
export const LIST = `SELECT name, city, joined_on FROM shop.customers WHERE country = 'DE'`;
export const RECENT = `SELECT COUNT(*) FROM shop.orders WHERE order_date >= date_sub(current_date(), 30) AND status = 'done'`;
export const BIG = `SELECT c.name, COUNT(*) AS orders FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.customer_id GROUP BY c.name HAVING COUNT(*) > 10`;
