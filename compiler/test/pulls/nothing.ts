/** Pull requests that change files and nothing of the platform: what is planned for them would be a phantom. */
import type { World } from '../faults/making.ts';
import type { Files } from '../faults/repository.ts';
import * as is from './pull.ts';

export function nothing(world: World): is.Pull[] {
  const specs = [world.platform, ...world.entities, ...world.views, ...world.pipelines, ...world.models];
  return [
    is.pull(world, 'nothing', 'the very same', (files) => files, []),
    ...specs.map(({ file, text }) =>
      is.pull(world, 'comment added', file, is.putting(file, `${text}# Said aside.\n`), []),
    ),
    ...specs.map(({ file, text }) =>
      is.pull(world, 'comment put first', file, is.putting(file, `# Said before.\n\n${text}`), []),
    ),
    is.pull(world, 'keys put in another order', 'every spec', turned, []),
    ...world.views.map(({ file, name, text }) => {
      const named = text.includes('\nname:') ? text : text.replace(/^kind:.*\n/m, `$&name: ${name}\n`);
      const owner = world.platform.value['defaults'].owner;
      const owned = /^owner:/m.test(named) ? named : named.replace(/^kind:.*\n/m, `$&owner: ${owner}\n`);
      return is.pull(
        world,
        'file moved',
        file,
        [is.deleting(file), is.putting(`features/moved/to/${name}.yaml`, owned)],
        [],
      );
    }),
  ];
}

/** Top-level entries of each spec from the last to the first, `kind` and what stands before it aside. */
function turned(files: Files): Files {
  return new Map(
    [...files].map(([path, text]) => {
      if (!path.endsWith('.yaml')) return [path, text];
      const blocks = text.split(/\n(?=[a-z_]+:)/);
      const first = blocks.findIndex((block) => /^(kind|format):/m.test(block));
      const rest = blocks.slice(first + 1).map((block) => block.replace(/\n$/, ''));
      return [path, `${[...blocks.slice(0, first + 1), ...rest.reverse()].join('\n')}\n`];
    }),
  );
}
