import { serve } from '../editor/server.ts';
import type { Command } from './command.ts';
import { dayOf, todayOption } from './today.ts';

export const command: Command = {
  name: 'lsp',
  summary: 'Serve an editor over standard input and output (Language Server Protocol).',
  positionals: [],
  options: {
    stdio: { type: 'boolean', help: 'accepted for compatibility; stdio is the only transport' },
    today: todayOption,
  },
  async run({ options }, context) {
    return serve(context.root, () => dayOf(options));
  },
};
