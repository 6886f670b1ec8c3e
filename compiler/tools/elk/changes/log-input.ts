import type { FeatureView, Model } from '../../../ir/types.ts';
import { onRenamed } from '../../change-rule.ts';

export const rule = onRenamed(
  ['model', 'feature_view'],
  {
    code: 'LOG001',
    class: 'one-way',
    title: 'the id of a log input duplicated or changed',
    why:
      'Filebeat knows by the id of an input how far it has read: under a new one it begins at the ' +
      'beginning, and the index gets what it still finds once more.',
    whatToDo: 'Move the log files of the old name away once they are read, before this goes out',
  },
  ({ of, name, from, after }) => {
    const isLogged = of === 'model' ? (after as Model).online !== null : (after as FeatureView).stream !== null;
    return isLogged ? `the logs of ${name} are another input than those of ${from}` : null;
  },
);
