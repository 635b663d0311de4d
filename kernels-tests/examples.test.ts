/** Examples stay true: the network file that users copy is the built-in network. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { networkToJSON } from '../src/models/network-to-json.ts';
import { readNetwork } from '../src/models/read-network.ts';

test('examples/zerlaut2017-network/network.yaml is config1', () => {
  const path = fileURLToPath(new URL('../examples/zerlaut2017-network/network.yaml', import.meta.url));
  expect(networkToJSON(readNetwork(path))).toEqual(networkToJSON(readNetwork('config1')));
});
