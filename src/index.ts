/** The public API, and nothing else. */
export {
  functionalConnectivity,
  matrixCorrelation,
  pearson,
  upperTriangle,
  weightedCorrelation,
  zScores,
} from './analysis/correlation.ts';
export { analyticSignal, hilbertEnvelope, hilbertPhase } from './analysis/envelope.ts';
export {
  type FcDynamics,
  type FcDynamicsOptions,
  fcDynamics,
  fcdKolmogorov,
} from './analysis/fc-dynamics.ts';
export { kolmogorovDistance, matrixKolmogorov } from './analysis/kolmogorov.ts';
export { type Latency, type LatencyOptions, type Propagation, propagation } from './analysis/latency.ts';
export {
  meanPowerSpectrum,
  powerSpectrum,
  type Spectrum,
  type SpectrumOptions,
  welch,
} from './analysis/spectrum.ts';
export { kuramotoOfPeaks, kuramotoOrder, peakPhases } from './analysis/synchrony.ts';
export {
  type CentredRecording,
  type CentringOptions,
  centreRecording,
  type Recording as VsdRecording,
} from './analysis/vsd.ts';
export { type Alignment, alignModel, alignTo, residual } from './analysis/vsd-residual.ts';
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
export { openTables, readNeurolibTables } from './fokker-planck/neurolib-tables.ts';
export { readTables, writeTables } from './fokker-planck/table-file.ts';
export {
  type AxisRange,
  type CascadeTables,
  TABLE_QUANTITIES,
  type TableQuantity,
} from './fokker-planck/tables.ts';
export { type AdapterDescription, type Device, type OpenOptions, openDevice } from './gpu/device.ts';
export { arrayReaders } from './io/array-readers.ts';
export { readConnectome } from './io/connectome/read.ts';
export type { LengthUnit, ReadConnectomeOptions } from './io/connectome/read-options.ts';
export {
  type BranchOptions,
  type FixedPointBranch,
  fixedPointBranches,
} from './mean-field/branches.ts';
export {
  type Branch,
  type BranchPoint,
  type ContinuationOptions,
  continueFixedPoint,
  type SpecialPoint,
} from './mean-field/continuation.ts';
export { type FixedPoint, type FixedPointOptions, fixedPoints } from './mean-field/fixed-points.ts';
export { withFluctuatingDrive } from './mean-field/fluctuation.ts';
export { type ChosenTransfer, meanFieldOfNetwork, type NetworkOptions } from './mean-field/from-network.ts';
export { type LibraryOptions, libraryTransferFunction, meanField } from './mean-field/library.ts';
export {
  type Adaptation,
  type ExternalDrive,
  type MeanField,
  type MeanFieldPopulation,
  type RateFluctuation,
  withAfferentInput,
} from './mean-field/model.ts';
export { type InstanceEvent, MeanFieldRun } from './mean-field/run.ts';
export { type Scan, type ScanAxis, type ScanOptions, scanMeanField } from './mean-field/scan.ts';
export type { Integrator, MeanFieldSettings } from './mean-field/settings.ts';
export { type MeanFieldOptions, simulateMeanField } from './mean-field/simulate.ts';
export { varied } from './mean-field/vary.ts';
export { ALN_PARAMETERS, type AlnGiven, type AlnName, type AlnNodes } from './models/aln.ts';
export { ALN_VARIABLES, type AlnVariableName } from './models/aln-state.ts';
export { BOLD_DEFAULTS, type BoldParameters } from './models/bold.ts';
export { type Cell, libraryCell } from './models/cells.ts';
export {
  asymmetry,
  type Connectome,
  type ConnectomeSource,
  connectomesOfSubjects,
  type Normalisation,
  type PrepareOptions,
  prepareConnectome,
  type Recording,
  type Subject,
} from './models/connectome.ts';
export {
  ALN_NEURON,
  type EifDocument,
  type EifNeuron,
  eifNeuronFromObject,
  readEifNeuron,
} from './models/eif.ts';
export type {
  ByDistance,
  Connect,
  Drive,
  DriveStatistics,
  EventInput,
  Fluctuation,
  Initial,
  Network,
  NeuronCell,
  Noise,
  Population,
  Projection,
  Receptor,
  SampledCourse,
  Spread,
  Storage,
  TimeCourse,
} from './models/network.ts';
export { networkToJSON } from './models/network-to-json.ts';
export type { NodeDefinition, NodeVariable } from './models/node-definition.ts';
export type { NodeParameter } from './models/parameter-rows.ts';
export { type CellDocument, cellFromObject, readCell } from './models/read-cell.ts';
export { networkFromObject, parseNetwork, readNetwork } from './models/read-network.ts';
export { checkRing, pixelCount, type Ring, ringPositions, ringSteps, ZERLAUT_RING } from './models/ring.ts';
export {
  type GaussianStimulus,
  type RingStimulus,
  type SampledStimulus,
  STIMULUS_KINDS,
  type StimulusKind,
} from './models/ring-stimulus.ts';
export type { Falloff, Space } from './models/space.ts';
export {
  type SyntheticOptions,
  syntheticConnectome,
  syntheticSource,
} from './models/synthetic-connectome.ts';
export { type SyntheticRecordingOptions, withSyntheticRecordings } from './models/synthetic-recordings.ts';
export { type NetworkAxis, parseNetworkAxis } from './network-sweep/axis.ts';
export {
  type NetworkSweep,
  type NetworkSweepSettings,
  networkEvaluator,
  planNetworkSweep,
  SWEEP_NUMBERS,
  type SweepNumber,
  sweepBatch,
} from './network-sweep/network-sweep.ts';
export { type OverSeeds, overSeeds } from './network-sweep/over-seeds.ts';
export { type Connectivity, type Link, ringConnectivity } from './ring/connectivity.ts';
export type { RingFault } from './ring/faults.ts';
export { type RingResiduals, ringResiduals, stimulusPositions } from './ring/residual.ts';
export { type RingChunk, type RingTiming, runRings } from './ring/run-rings.ts';
export { changedRing, PAPER_AXES, type ScanParameter } from './ring/scan.ts';
export type { RingOptions } from './ring/settings.ts';
export { type RingRun, simulateRings } from './ring/simulate.ts';
export type { Activity } from './spiking/activity.ts';
export type { KernelTime } from './spiking/profile.ts';
export {
  type PopulationSummary,
  type RunSummary,
  type SimulateOptions,
  simulate,
} from './spiking/simulate.ts';
export {
  type BatchMember,
  type BatchOptions,
  type BatchRun,
  simulateBatch,
} from './spiking/simulate-batch.ts';
export { type ManyOptions, type ManySummary, simulateMany } from './spiking/simulate-many.ts';
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
export { mergeSweeps, type Shard, type SweepPlan, type SweepResults } from './sweep/folder.ts';
export { type Evaluate, runSweep, type SweepRun } from './sweep/run-sweep.ts';
export {
  acrossSpace,
  gridSpace,
  latinSpace,
  listSpace,
  randomSpace,
  type SweepSpace,
  spaced,
} from './sweep/space.ts';
export { writeSweepTable } from './sweep/table.ts';
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
export { readTransferData } from './transfer/transfer-arrays.ts';
export { writeTransferData } from './transfer/transfer-directory.ts';
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
export { alnModel } from './whole-brain/aln-model.ts';
export type { AlnResult, Extremes, Reduction } from './whole-brain/aln-result.ts';
export { type AlnOptions, type AlnRunOptions, AlnSimulation } from './whole-brain/aln-simulation.ts';
export { type BrainObjective, frontOf, parseObjective } from './whole-brain/brain-objectives.ts';
export type { BrainGiven } from './whole-brain/brain-plan.ts';
export { type BrainOptions, type BrainRunOptions, BrainSimulation } from './whole-brain/brain-simulation.ts';
export type { BrainInitial, BrainState } from './whole-brain/brain-state.ts';
export type { BrainStatistics } from './whole-brain/brain-statistics.ts';
export {
  type BrainTask,
  type BrainTaskGiven,
  brainTask,
  SUBJECT_AXIS,
  type SubjectBrain,
} from './whole-brain/brain-task.ts';
export type { BrainWindow, Selection } from './whole-brain/brain-window.ts';
export { NODE_DEFINITIONS, nodeModel } from './whole-brain/defined-model.ts';
export {
  ALN_STARTS,
  type AlnStart,
  type Axis,
  type Exploration,
  type ExploreOptions,
  exploreAln,
} from './whole-brain/explore-aln.ts';
export {
  type BrainFitPlan,
  type ExploreBrainsOptions,
  exploreBrains,
  type FitBrainsOptions,
  fitBrains,
} from './whole-brain/explore-brains.ts';
export type { Coupling } from './whole-brain/links.ts';
export { saveNodes } from './whole-brain/node-files.ts';
export type { NodeBatch, NodeModel } from './whole-brain/node-model.ts';
export type { NodeResult } from './whole-brain/node-result.ts';
export {
  type NodeOptions,
  type NodeRunOptions,
  NodeSimulation,
  simulateNodes,
} from './whole-brain/node-simulation.ts';
export type { NodeInitial, NodeInitialValues, NodeState } from './whole-brain/node-state.ts';
export type { NodeReduction } from './whole-brain/node-window.ts';
export { simulateAln } from './whole-brain/simulate-aln.ts';
export { type Bold, type BoldOptions, simulateBold } from './whole-brain/simulate-bold.ts';
export { BrainResult, type SimulateBrainOptions, simulateBrain } from './whole-brain/simulate-brain.ts';
export { type SweepOptions, sweepAln } from './whole-brain/sweep-aln.ts';
