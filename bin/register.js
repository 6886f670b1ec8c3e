// TypeScript for Node, by our own settings alone: a tsconfig.json in the folder that is compiled could otherwise
// put its own code in the place of our imports.
import { register } from 'tsx/esm/api';

register({ tsconfig: false });
