import { count, type Live, type LiveSide, throughRuntime } from '../live.ts';

/** The step that makes roles and databases, which alone has the superuser's password. */
const STEP = 'databases';

/** Databases and roles: who owns what, what each may, and settings that somebody gave to one of them. */
export const live: LiveSide = {
  name: 'postgres',
  after: [],
  patience: 0,
  isIn: (live) => live.list(`${live.environment}/postgres`).length > 0,
  ...throughRuntime('postgres'),
  leaves: ({ kind }) => kind === 'delete',
  async apply(live: Live, changes) {
    const foreign = changes.filter(({ kind }) => kind === 'delete').map(({ address }) => address);
    const ours = changes.filter(({ kind }) => kind !== 'delete').map(({ address }) => short(address));
    if (ours.length > 0) await live.doStep(STEP);
    return {
      done: ours.length === 0 ? '' : `brought back ${ours.join(', ')}`,
      left: Object.fromEntries(foreign.map((address) => [address, 'no spec asks for it; drop it by hand'])),
    };
  },
  async check(_live, observed) {
    const databases = [...observed.keys()].filter((address) => address.startsWith('postgres/database/'));
    return `${count(databases.length, 'database')} there`;
  },
};

const short = (address: string): string => address.replace(/^postgres\//, '');
