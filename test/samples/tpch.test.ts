import { describeSample } from './sample-laws.ts';

describeSample({
  name: 'tpch',
  metricViews: ['revenue_metrics', 'delivery_metrics'],
  functions: ['top_customers', 'quarterly_growth', 'orders_of_customer'],
  businessWords: ['sales', 'turnover', 'client', 'vendor', 'industry', 'car ', 'european', 'country', 'late ', 'shipment', 'urgent orders', 'returned', 'stock', 'inventory', 'transport mode', 'leave us', 'owe us'],
});
