/** What Prometheus refuses, by offsets from 0 into the text. */
export interface Problem {
  from: number;
  to: number;
  /** One sentence. */
  message: string;
  help?: string;
}

export type Report = (node: { from: number; to: number }, message: string, help?: string) => void;
