import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'table',
  {
    code: 'PLN206',
    class: 'compatible',
    title: 'a table is added',
    why: 'Nothing reads it yet but what is added with it.',
    whatToDo: 'Let its pipeline run before anything that reads it',
  },
  ({ name, after }) =>
    `${name} is new${after.writer ? `, written by ${after.writer.pipeline}.${after.writer.step}` : ''}`,
);
