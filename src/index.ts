/** The public API, and nothing else. */
export * from './errors.ts';
export { type AdapterDescription, type Device, type OpenOptions, openDevice } from './gpu/device.ts';
export { type Cell, libraryCell } from './models/cells.ts';
export type {
  Connect,
  Drive,
  DriveStatistics,
  EventInput,
  Initial,
  Network,
  Population,
  Projection,
  Receptor,
  SampledCourse,
  TimeCourse,
} from './models/network.ts';
export { networkToJSON } from './models/network-to-json.ts';
export { networkFromObject, parseNetwork, readNetwork } from './models/read-network.ts';
export {
  type PopulationSummary,
  type RunSummary,
  type SimulateOptions,
  simulate,
} from './spiking/simulate.ts';
export { type Activity, Simulation, type SimulationOptions } from './spiking/simulation.ts';
export type { Spikes } from './spiking/spikes.ts';
export type { TraceChannel, TraceRequest } from './spiking/traces.ts';
