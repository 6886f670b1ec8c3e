/** The line of the finished text that a value lands on. */
export interface Line {
  /** Leading spaces. */
  indent: number;
  /** Columns in use before the value. */
  column: number;
  /** Columns that follow it. */
  after: number;
}

/** A value in an output's language: in one line, and where it can take more, laid out for its line. */
export interface Encoded {
  inline: string;
  layOut?(line: Line): string;
}
