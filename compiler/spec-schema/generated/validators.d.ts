import type { ValidateFunction } from 'ajv';

export declare const platform: ValidateFunction;
export declare const entity: ValidateFunction;
export declare const feature_view: ValidateFunction;
export declare const pipeline: ValidateFunction;
export declare const model: ValidateFunction;
export declare const policy: ValidateFunction;
export declare const monitoring: ValidateFunction;
