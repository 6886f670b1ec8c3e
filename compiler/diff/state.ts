/** Plain JSON. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainObject;
export interface PlainObject {
  readonly [name: string]: Plain;
}

/** Objects by address, such as `kafka/topic/plane_delays`. */
export type State = ReadonlyMap<string, PlainObject>;

export const stateOf = (objects: Record<string, PlainObject>): State => new Map(Object.entries(objects));
