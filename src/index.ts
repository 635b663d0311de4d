/** The public API, and nothing else. */
export * from './errors.ts';
export { type BuildOptions, buildTables, type TableRecipe } from './fokker-planck/build-tables.ts';
export { defaultTables } from './fokker-planck/default-tables.ts';
export { TableLookup } from './fokker-planck/lookup.ts';
export { readTables, writeTables } from './fokker-planck/table-file.ts';
export {
  type AxisRange,
  type CascadeTables,
  TABLE_QUANTITIES,
  type TableQuantity,
} from './fokker-planck/tables.ts';
export { type AdapterDescription, type Device, type OpenOptions, openDevice } from './gpu/device.ts';
export { type Cell, libraryCell } from './models/cells.ts';
export {
  ALN_NEURON,
  type EifDocument,
  type EifNeuron,
  eifNeuronFromObject,
  readEifNeuron,
} from './models/eif.ts';
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
export { type CellDocument, cellFromObject, readCell } from './models/read-cell.ts';
export { networkFromObject, parseNetwork, readNetwork } from './models/read-network.ts';
export type { Activity } from './spiking/activity.ts';
export {
  type PopulationSummary,
  type RunSummary,
  type SimulateOptions,
  simulate,
} from './spiking/simulate.ts';
export { Simulation, type SimulationOptions } from './spiking/simulation.ts';
export type { Spikes } from './spiking/spikes.ts';
export {
  type StepOptions,
  type StepResponse,
  type StepTrace,
  stepResponse,
  stepResponses,
} from './spiking/step-response.ts';
export type { StepSettings } from './spiking/step-settings.ts';
export type { TraceChannel, TraceRequest } from './spiking/traces.ts';
export type { MeasureSettings, SynapseGroup, SynapticInput, TransferData } from './transfer/data.ts';
export { type EvaluatedRates, evaluateTransferFunctions } from './transfer/evaluate.ts';
export { type FitOptions, fitTransferFunction } from './transfer/fit.ts';
export type { Weighting } from './transfer/fit-points.ts';
export {
  type AdaptiveGrid,
  adaptiveGrid,
  evenly,
  type RectangularGrid,
  rectangularGrid,
  type TransferGrid,
} from './transfer/grid.ts';
export {
  type MeasureOptions,
  measureTransferFunction,
  measureTransferFunctions,
  type TransferMeasurement,
} from './transfer/measure.ts';
export { synapticInput } from './transfer/synapses.ts';
export { type RateDerivatives, type Template, templateDerivatives } from './transfer/template.ts';
export { type Formula, type Moments, membraneMoments } from './transfer/theory.ts';
export { readTransferData, writeTransferData } from './transfer/transfer-directory.ts';
export { type FitReport, type FittedPoints, TransferFunction } from './transfer/transfer-function.ts';
export {
  parseTransferFunction,
  readTransferFunction,
  requireSameNeuron,
  transferFunctionToJSON,
  writeTransferFunction,
} from './transfer/transfer-function-file.ts';
