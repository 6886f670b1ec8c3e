/** Where a value lands in the finished text. */
export interface Place {
  /** Leading spaces of its line. */
  indent: number;
  /** Columns in use before it on its line. */
  column: number;
  /** Columns that follow it on its line. */
  after: number;
}

/** A value in an output's language: in one line, and where it can take more, laid out for its place. */
export interface Encoded {
  inline: string;
  layOut?(place: Place): string;
}
