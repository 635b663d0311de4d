/** The public API, and nothing else. */
export {
  type Compared,
  type CompareOptions,
  type Comparison,
  compareNetwork,
} from './comparison/compare.ts';
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
export {
  type Branch,
  type BranchPoint,
  type ContinuationOptions,
  continueFixedPoint,
  type SpecialPoint,
} from './mean-field/continuation.ts';
export { type FixedPoint, type FixedPointOptions, fixedPoints } from './mean-field/fixed-points.ts';
export { type ChosenTransfer, meanFieldOfNetwork } from './mean-field/from-network.ts';
export { type LibraryOptions, libraryTransferFunction, meanField } from './mean-field/library.ts';
export {
  type ExternalDrive,
  type MeanField,
  type MeanFieldPopulation,
  withAfferentInput,
} from './mean-field/model.ts';
export { type InstanceEvent, MeanFieldRun } from './mean-field/run.ts';
export { type Scan, type ScanAxis, type ScanOptions, scanMeanField } from './mean-field/scan.ts';
export type { Integrator, MeanFieldSettings } from './mean-field/settings.ts';
export { type MeanFieldOptions, simulateMeanField } from './mean-field/simulate.ts';
export { varied } from './mean-field/vary.ts';
export { ALN_PARAMETERS, type AlnGiven, type AlnName, type AlnNodes } from './models/aln.ts';
export { ALN_VARIABLES, type AlnVariableName } from './models/aln-state.ts';
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
export { saveAln } from './whole-brain/aln-files.ts';
export type { AlnInitial, AlnInitialValues, AlnState } from './whole-brain/aln-initial.ts';
export type { AlnInputName, AlnInputs } from './whole-brain/aln-inputs.ts';
export type { AlnResult, Extremes, Reduction } from './whole-brain/aln-result.ts';
export { type AlnOptions, type AlnRunOptions, AlnSimulation } from './whole-brain/aln-simulation.ts';
export {
  ALN_STARTS,
  type AlnStart,
  type Axis,
  type Exploration,
  type ExploreOptions,
  exploreAln,
} from './whole-brain/explore-aln.ts';
export { simulateAln } from './whole-brain/simulate-aln.ts';
