import { serve } from '../editor/server.ts';
import type { Command } from './command.ts';
import { dayOf, todayOption } from './today.ts';

export const command: Command = {
  options: {
    stdio: { type: 'boolean', help: 'accepted for compatibility; stdio is the only transport' },
    today: todayOption,
  },
  async run({ options }, context) {
    return serve(context.root, () => dayOf(options));
  },
};
