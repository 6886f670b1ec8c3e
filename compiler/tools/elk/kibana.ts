/**
 * Kibana's saved objects: a data view, three searches and a dashboard, one object per line, each with the version of
 * its migrations.
 */
import type { Json } from '../../render/json.ts';
import { DATASET } from './index.ts';

const CORE = '8.8.0';
const VIEW = 'mlops-logs';

export interface SavedSearch {
  id: string;
  title: string;
  description: string;
  /** In KQL, which for these is the same as a query string. */
  query: string;
  columns: string[];
}

export const SEARCHES: readonly SavedSearch[] = [
  {
    id: 'mlops-errors',
    title: 'Errors of the services',
    description: 'Errors that the APIs, the consumers and the monitor log, and answers with a server error.',
    query: 'log.level:error or http.response.status_code >= 500',
    columns: ['service.name', 'message', 'error.type', 'error.message', 'http.request.id'],
  },
  {
    id: 'mlops-slow-requests',
    title: 'Slow requests',
    description: 'Predictions that took longer than a quarter of a second; event.duration is in nanoseconds.',
    query: 'event.duration >= 250000000',
    columns: ['labels.model', 'labels.model_version', 'event.duration', 'http.response.status_code', 'http.request.id'],
  },
  {
    id: 'mlops-requests',
    title: 'Requests',
    description:
      'Every request to an online API: find one by http.request.id, ' +
      'and its prediction in the prediction log by the same id.',
    query: 'http.request.id:*',
    columns: ['labels.model', 'labels.model_version', 'http.response.status_code', 'event.duration', 'http.request.id'],
  },
];

interface Panel {
  id: string;
  title: string;
  /** Field by whose values the lines are split. */
  split: string;
  /** Lines that count. */
  query: string;
}

export const PANELS: readonly Panel[] = [
  {
    id: 'mlops-requests-by-status',
    title: 'Requests by status',
    split: 'http.response.status_code',
    query: 'http.request.id:*',
  },
  { id: 'mlops-requests-by-model', title: 'Requests by model', split: 'labels.model', query: 'http.request.id:*' },
  { id: 'mlops-errors-by-service', title: 'Errors by service', split: 'service.name', query: 'log.level:error' },
];

export function savedObjects(): Json[] {
  return [dataView(), ...SEARCHES.map(search), ...PANELS.map(visualization), dashboard()];
}

const source = (query: string): Json => ({
  searchSourceJSON: JSON.stringify({
    query: { query, language: 'kuery' },
    filter: [],
    indexRefName: 'kibanaSavedObjectMeta.searchSourceJSON.index',
  }),
});

const onView = [{ name: 'kibanaSavedObjectMeta.searchSourceJSON.index', type: 'index-pattern', id: VIEW }];

function dataView(): Json {
  return {
    id: VIEW,
    type: 'index-pattern',
    coreMigrationVersion: CORE,
    typeMigrationVersion: '8.0.0',
    attributes: {
      title: `logs-${DATASET}-*`,
      name: 'Logs of the services',
      timeFieldName: '@timestamp',
      fieldAttrs: '{}',
      fields: '[]',
    },
    references: [],
  };
}

function search({ id, title, description, query, columns }: SavedSearch): Json {
  return {
    id,
    type: 'search',
    coreMigrationVersion: CORE,
    typeMigrationVersion: '10.5.0',
    attributes: { title, description, columns, sort: [['@timestamp', 'desc']], kibanaSavedObjectMeta: source(query) },
    references: onView,
  };
}

/** Lines over time, split by a field: a classic histogram, which every version of Kibana reads. */
function visualization({ id, title, split, query }: Panel): Json {
  const aggregations = [
    { id: '1', enabled: true, type: 'count', params: {}, schema: 'metric' },
    {
      id: '2',
      enabled: true,
      type: 'date_histogram',
      params: { field: '@timestamp', interval: 'auto', min_doc_count: 0 },
      schema: 'segment',
    },
    {
      id: '3',
      enabled: true,
      type: 'terms',
      params: { field: split, size: 10, order: 'desc', orderBy: '1' },
      schema: 'group',
    },
  ];
  const params = { type: 'histogram', addTooltip: true, addLegend: true, legendPosition: 'right' };
  return {
    id,
    type: 'visualization',
    coreMigrationVersion: CORE,
    typeMigrationVersion: '8.5.0',
    attributes: {
      title,
      description: '',
      visState: JSON.stringify({ title, type: 'histogram', aggs: aggregations, params }),
      uiStateJSON: '{}',
      version: 1,
      kibanaSavedObjectMeta: source(query),
    },
    references: onView,
  };
}

function dashboard(): Json {
  const shown = [
    ...PANELS.map(({ id }) => ({ id, type: 'visualization' })),
    ...SEARCHES.filter(({ id }) => id === 'mlops-errors').map(({ id }) => ({ id, type: 'search' })),
  ];
  const panels = shown.map(({ type }, index) => ({
    type,
    panelIndex: String(index + 1),
    panelRefName: `panel_${index + 1}`,
    embeddableConfig: {},
    // Forty-eight columns wide, two panels per row.
    gridData: { i: String(index + 1), x: (index % 2) * 24, y: Math.floor(index / 2) * 15, w: 24, h: 15 },
  }));
  return {
    id: 'mlops-logs',
    type: 'dashboard',
    coreMigrationVersion: CORE,
    typeMigrationVersion: '10.3.0',
    attributes: {
      title: 'Logs of the platform',
      description: 'Requests and errors of the online APIs, the stream consumers and the monitor.',
      panelsJSON: JSON.stringify(panels),
      optionsJSON: JSON.stringify({ useMargins: true, hidePanelTitles: false }),
      timeRestore: true,
      timeFrom: 'now-24h',
      timeTo: 'now',
      version: 1,
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ query: { query: '', language: 'kuery' }, filter: [] }),
      },
    },
    references: shown.map(({ id, type }, index) => ({ name: `panel_${index + 1}`, type, id })),
  };
}
