/** Whether the field of `alerting` is a channel, and not a setting of one. */
export const isChannel = (field: string): boolean => /^alerting\/(webhook|slack|smtp)$/.test(field);
