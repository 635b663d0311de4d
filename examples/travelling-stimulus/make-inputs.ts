/**
 * Makes the two inputs of `network.yaml`:
 *
 *   stimulus.npy   u1 [time, neuron]   Hz of each afferent synapse of each excitatory neuron, in rows of 4 ms: a Gaussian bump that
 *                                      travels over the line at 0.03 mm/ms
 *   spikes.npz     t (s), i            spike trains of 80 sources: a volley that runs back at 0.08 mm/ms, three spikes a source
 *
 *     npx tsx examples/travelling-stimulus/make-inputs.ts
 */
import { fileURLToPath } from 'node:url';
import { writeNpy } from '../../src/io/npy.ts';
import { writeNpz } from '../../src/io/npz.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** mm; neurons and sources stand in the middle of their parts, as in docs/network-file.md. */
const length = 8;
const middle = (index: number, count: number) => ((index + 0.5) / count) * length;

const neurons = 800;
const row = 4;
const [begin, velocity, width, peak] = [100, 0.03, 0.5, 100];
const end = begin + length / velocity;
const rows = Math.ceil(end / row) + 1;
const rates = new Uint8Array(rows * neurons);
for (let k = 0; k < rows - 1; k++) {
  const centre = velocity * (k * row - begin);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const distance = middle(neuron, neurons) - centre;
    const on = k * row >= begin && k * row < end;
    rates[k * neurons + neuron] = on ? Math.round(peak * Math.exp(-0.5 * (distance / width) ** 2)) : 0;
  }
}
// The last row is held to the end of the run: it stays at 0 Hz.
writeNpy(here('stimulus.npy'), rates, [rows, neurons]);

const sources = 80;
const spikes = Array.from({ length: sources }, (_, source) => {
  const first = 500 + (length - middle(source, sources)) / 0.08;
  return [0, 6, 12].map((later): [number, number] => [(first + later) / 1000, source]);
}).flat();
spikes.sort(([a], [b]) => a - b);
const t = Float64Array.from(spikes, ([time]) => time);
const i = Int32Array.from(spikes, ([, source]) => source);
writeNpz(here('spikes.npz'), { t: { data: t, shape: [t.length] }, i: { data: i, shape: [i.length] } });
