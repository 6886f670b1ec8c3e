/** Which way an objective is a limit: of what is good there may not be less. */
export const OBJECTIVES: Record<string, string> = {
  'objectives/availability': 'min',
  'objectives/latencySeconds': 'max',
};
