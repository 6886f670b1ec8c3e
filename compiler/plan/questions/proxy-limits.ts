const LIMITS: Record<string, string> = {
  'proxy/requestsPerSecond': 'requests per second of a caller',
  'proxy/burst': 'requests of a caller beyond its rate',
  'proxy/connections': 'requests of a caller at the same time',
};

/** Fields of an environment that bound what one caller gets. */
export const PROXY_LIMITS = Object.keys(LIMITS);

export const proxyLimit = (field: string): string => LIMITS[field] ?? '';
