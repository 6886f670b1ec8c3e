/** A sentence for the person; nothing was changed. */
export class WriteRefused extends Error {}
