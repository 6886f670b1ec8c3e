import { listed, onField } from '../../../tools/change-rule.ts';
import { asksOtherwise, keysGone } from '../../questions/caller-keys.ts';

export const rule = onField(
  'environment',
  'proxy/keys',
  {
    code: 'PLN619',
    class: 'breaking',
    title: 'callers need a key, or another one, or none',
    why: 'A request without a key that is known is answered with 401; where no key is named, everybody is let in.',
    whatToDo:
      "See in the proxy's log (`labels.caller`) that nobody uses the old key, and that all callers have a new one",
  },
  ({ name, before, after }) => {
    if (asksOtherwise(before, after))
      return `${name} asks its callers for ${after.proxy.keys.length > 0 ? 'a key' : 'no key'}`;
    const gone = keysGone(before, after);
    return gone.length > 0 ? `${name} does not know ${listed(gone)} any more` : null;
  },
);
