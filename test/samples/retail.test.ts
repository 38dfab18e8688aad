import { describeSample } from './sample-laws.ts';

describeSample({
  name: 'retail',
  metricViews: ['sls_kpi', 'rtn_kpi'],
  functions: ['top_itm', 'like_for_like', 'tkt_of_mbr'],
  businessWords: ['turnover', 'sales', 'web shop', 'frozen food', 'cash', 'hypermarket', 'visitors', 'gold members', 'newsletter', 'in stock', 'north', 'best-selling', 'comparable stores', 'public holidays', 'closed for good'],
});
