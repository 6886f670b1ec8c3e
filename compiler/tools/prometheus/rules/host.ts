/** The machine below everything. A prediction says when; a floor beside it says when it is too late to predict. */
import { type AlertRule, firesAndNot, number, percent, remembered, selector } from '../../rule.ts';

export type Health = Omit<AlertRule, 'owner'>;

export const ticket = { severity: 'ticket', subject: {} } as const;

/** Without those that live in memory, or in another one, and without images, which are always full. */
const OWN = { fstype: { unlike: 'tmpfs|ramfs|overlay|squashfs|erofs|iso9660|udf' } };
const FREE = selector('node_filesystem_avail_bytes', OWN);
const READ_ONLY = selector('node_filesystem_readonly', OWN);
/** Nothing is written to what is only read. */
const below = (free: string, all: string, share: number): string =>
  `${free} / ${all} < ${number(share)} unless ${READ_ONLY} == 1`;
const roomBelow = (share: number): string => below(FREE, 'node_filesystem_size_bytes', share);
const filesBelow = (share: number): string =>
  below(selector('node_filesystem_files_free', OWN), 'node_filesystem_files', share);

const [LITTLE, NOTHING] = [0.05, 0.03];

const shown = (what: string): string =>
  selector(`node_filesystem_${what}`, { fstype: 'ext4', instance: 'host:9100', mountpoint: '/' });
const disk = (free: string, files = '900x500') => ({
  [shown('avail_bytes')]: free,
  [shown('size_bytes')]: '1000x500',
  [shown('files_free')]: files,
  [shown('files')]: '1000x500',
  [shown('readonly')]: '0x500',
});

const FILE_SYSTEM = ['instance', 'mountpoint'] as const;

export const diskFull: Health = {
  alert: 'HostDiskFull',
  expr: `(${roomBelow(NOTHING)}) or (${filesBelow(NOTHING)})`,
  forSeconds: 300,
  severity: 'page',
  subject: {},
  summary: `A disk is full: less than ${percent(NOTHING)} of {{ $labels.mountpoint }} is left`,
  description: 'Of its bytes or of its inodes: PostgreSQL, Kafka and everything else that writes will stop.',
  explains: { alerts: ['HostDiskFills', 'HostInodesFew'], by: FILE_SYSTEM },
  tests: [
    ...firesAndNot(
      30,
      { name: 'a full disk fires', series: disk('10x500') },
      { name: 'a disk with room is quiet', series: disk('100x500') },
    ),
    { name: 'a disk without inodes fires', series: disk('900x500', '10x500'), afterMinutes: 30, fires: true },
  ],
};

export const diskFills: Health = {
  ...ticket,
  alert: 'HostDiskFills',
  expr: `(${roomBelow(0.2)} and predict_linear(${FREE}[6h], 86400) < 0) or (${roomBelow(LITTLE)})`,
  forSeconds: 1800,
  summary: 'The disk {{ $labels.mountpoint }} will be full within a day, or nearly is',
  description: `Snapshots of tables, models and logs grow; below ${percent(LITTLE)} no prediction is needed.`,
  tests: [
    ...firesAndNot(
      420,
      { name: 'a disk that fills fires', series: disk('200-0.2x500') },
      { name: 'a disk with room is quiet', series: disk('900x500') },
    ),
    { name: 'a disk that is nearly full and stays so fires', series: disk('40x500'), afterMinutes: 60, fires: true },
  ],
};

export const inodesFew: Health = {
  ...ticket,
  alert: 'HostInodesFew',
  expr: filesBelow(LITTLE),
  forSeconds: 1800,
  summary: `Less than ${percent(LITTLE)} of the inodes of {{ $labels.mountpoint }} are free`,
  description: 'Without one no file can be made, however many bytes are free.',
  tests: firesAndNot(
    60,
    { name: 'few inodes fire', series: disk('900x500', '40x500') },
    { name: 'many inodes are quiet', series: disk('900x500') },
  ),
};

export const everWritable = remembered('mountpoint:node_filesystem_writable:ever', `${READ_ONLY} == 0`, FILE_SYSTEM);

export const fileSystemReadOnly: Health = {
  alert: 'HostFileSystemReadOnly',
  // What was mounted to be read was never writable.
  expr: `${READ_ONLY} == 1 and on (${FILE_SYSTEM.join(', ')}) ${everWritable.record}`,
  forSeconds: 300,
  severity: 'page',
  subject: {},
  summary: 'The file system {{ $labels.mountpoint }} can only be read',
  description: 'It could be written before: the kernel does this when the disk below it fails.',
  tests: firesAndNot(
    120,
    { name: 'a file system that became read-only fires', series: { [shown('readonly')]: '0x60 1x100' } },
    { name: 'one that always was is quiet', series: { [shown('readonly')]: '1x200' } },
  ),
};

const AVAILABLE = 'node_memory_MemAvailable_bytes';
const TOTAL = 'node_memory_MemTotal_bytes';

export const memoryLow: Health = {
  ...ticket,
  alert: 'HostMemoryLow',
  expr: `${AVAILABLE} / ${TOTAL} < 0.05`,
  forSeconds: 600,
  summary: 'Less than 5 % of the memory is available',
  description: 'The kernel will soon kill a process to reclaim some.',
  tests: firesAndNot(
    20,
    { name: 'little memory fires', series: { [AVAILABLE]: '1x30', [TOTAL]: '100x30' } },
    { name: 'enough memory is quiet', series: { [AVAILABLE]: '50x30', [TOTAL]: '100x30' } },
  ),
};
