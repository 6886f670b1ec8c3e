import { onField } from '../../../tools/change-rule.ts';
import { DEPRECATABLE, instead } from '../../questions/deprecations.ts';

export const rule = onField(
  DEPRECATABLE,
  'deprecated',
  {
    code: 'PLN136',
    class: 'metadata',
    title: 'an announcement is taken back or put off, or names another replacement',
    why: 'People plan by it; nothing runs by it.',
    whatToDo: 'Nothing has to run',
  },
  ({ before: { deprecated: old }, after: { deprecated: now }, name }) => {
    if (!old) return null;
    if (!now) return `${name} stays, after all`;
    return now.until < old.until ? null : `${name} goes after ${now.until}${instead(now)}`;
  },
);
