/**
 * Advances a batch of mean fields on the device. The time loop runs inside the kernel; what comes back are samples. An instance's
 * numbers depend on its own parameters alone, not on the batch nor on how the work is cut into dispatches.
 */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import { Pace } from '../gpu/pace.ts';
import { CourseTable, devicePopulations } from './device-model.ts';
import { fluctuatingDrive, initialFluctuations } from './fluctuation.ts';
import { checkMeanField, isAdapting, type MeanField, stateLength, valueAt } from './model.ts';
import { type InstanceEvent, MeanFieldRun } from './run.ts';
import { DEFAULT_DT, type MeanFieldSettings, type Plan, planMeanField, SETTLING } from './settings.ts';

export interface MeanFieldOptions extends MeanFieldSettings {
  /** Called with the part of the work that is done, 0 to 1; throwing stops the run. */
  onProgress?: (fraction: number) => void;
}

/** Instances advanced together, and steps in one dispatch, at most. */
const MOST_INSTANCES = 2 ** 16;
const MOST_STEPS = 2 ** 14;
/** Instance-steps of the first dispatch; later ones are as large as takes about `DISPATCH_MS`. */
const FIRST_DISPATCH = 2 ** 15;
const LARGEST_DISPATCH = 2 ** 28;
const DISPATCH_MS = 100;
/** Of samples, and of time courses, on the device at a time. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Advances each model from its initial state.
 *
 *     const run = await simulateMeanField(device, models, { duration: 200, every: 1 });
 *     run.rate(0, 17); // rate of the first population of model 17, a sample a ms
 *
 * @param models as many as one likes, all with equally many populations; every number may differ between them
 * @throws InputError where models or settings cannot be meant
 * @throws DeviceMemoryError where one instance's samples do not fit
 */
export async function simulateMeanField(
  device: Device,
  models: readonly MeanField[],
  options: MeanFieldOptions,
): Promise<MeanFieldRun> {
  planMeanField(models, options);
  for (const model of models) checkMeanField(model);
  const { onProgress, ...settings } = options;
  const initial =
    settings.initial ?? (settings.order === 1 ? undefined : await settled(device, models, settings));
  return advance(device, models, { ...settings, ...(initial ? { initial } : {}) }, onProgress);
}

/**
 * The state of second order without fluctuations that each model reaches from silence in first order with the first values of its drives.
 */
async function settled(
  device: Device,
  models: readonly MeanField[],
  { dt, integrator }: MeanFieldSettings,
): Promise<number[][]> {
  const constant = models.map((model) => ({
    ...model,
    populations: model.populations.map((population) => ({
      ...population,
      drives: population.drives.map(({ kind, rate, share }) => ({ kind, share, rate: valueAt(rate, 0) })),
    })),
  }));
  const step = dt ?? DEFAULT_DT;
  const duration = Math.ceil(SETTLING / step) * step;
  const run = await advance(device, constant, {
    ...(integrator ? { integrator } : {}),
    order: 1,
    dt: step,
    duration,
    every: duration,
  });
  // One that diverged has no rates to begin with: it begins in silence, and says so itself.
  return models.map((model, instance) => {
    const count = model.populations.length;
    const state = new Array<number>(stateLength(count, 2, isAdapting(model))).fill(0);
    run.last(instance).forEach((value, at) => {
      if (!Number.isFinite(value)) return;
      // Adaptation currents stand at the end.
      if (at < count) state[at] = Math.max(0, value);
      else state[state.length - 2 * count + at] = value;
    });
    return state;
  });
}

async function advance(
  device: Device,
  models: readonly MeanField[],
  settings: MeanFieldSettings,
  onProgress?: (fraction: number) => void,
): Promise<MeanFieldRun> {
  const plan = planMeanField(models, settings);
  const kernel = await Kernel.create(device, 'mean-field/advance.wgsl', {
    constants: {
      POPULATIONS: plan.populations,
      VARIABLES: plan.variables,
      ORDER: plan.order,
      STAGES: plan.stages,
      ADAPTING: plan.adapting,
      NOISY: plan.noisy,
      RECORDED: plan.recorded,
    },
  });
  const length = plan.samples + 1;
  const states = new Float32Array(models.length * plan.recorded * length);
  models.forEach((model, instance) => {
    const put = (value: number, variable: number) => {
      states[(instance * plan.recorded + variable) * length] = value;
    };
    plan.initial(instance).forEach(put);
    if (!plan.noisy) return;
    initialFluctuations(plan.seed(instance), plan.populations).forEach((value, population) => {
      // Samples are in Hz.
      const { sd } = fluctuatingDrive(model.populations[population]!)?.fluctuation ?? { sd: 0 };
      put(sd * value, plan.variables + population);
    });
  });
  const most = Math.min(
    MOST_INSTANCES,
    Math.floor(device.limits.maxStorageBufferBindingSize / kernel.sizeOf('populations', plan.populations)),
  );
  const started = performance.now();
  const diverged: InstanceEvent[] = [];
  for (let first = 0; first < models.length; first += most) {
    const block = models.slice(first, first + most);
    const finite = await advanceBlock(device, kernel, plan, block, states, first, (fraction) =>
      onProgress?.((first + fraction * block.length) / models.length),
    );
    finite.forEach((steps, index) => {
      if (steps < plan.samples * plan.stepsPerSample)
        diverged.push({ instance: first + index, time: (steps + 1) * plan.dt });
    });
  }
  const seconds = (performance.now() - started) / 1000;
  return new MeanFieldRun(models, plan, states, diverged, device.adapter, seconds);
}

/** Advances the models of one block and puts their samples into `states`; returns how many steps each stayed finite. */
async function advanceBlock(
  device: Device,
  kernel: Kernel,
  plan: Plan,
  models: readonly MeanField[],
  states: Float32Array,
  firstInstance: number,
  onProgress: (fraction: number) => void,
): Promise<Uint32Array> {
  const { variables, recorded, stepsPerSample, samples, dt } = plan;
  const instances = models.length;
  const length = samples + 1;
  const courses = new CourseTable();
  const seedOf = (instance: number) => plan.seed(firstInstance + instance);
  const populations = models.flatMap((model, instance) =>
    devicePopulations(model, courses, plan.noisy ? { seed: seedOf(instance), dt } : undefined),
  );
  const initial = new Float32Array(recorded * instances);
  for (let instance = 0; instance < instances; instance++) {
    for (let variable = 0; variable < variables; variable++)
      initial[variable * instances + instance] =
        states[((firstInstance + instance) * recorded + variable) * length]!;
    // In units of the SD, which may be 0.
    if (plan.noisy)
      initialFluctuations(seedOf(instance), plan.populations).forEach((value, population) => {
        initial[(variables + population) * instances + instance] = value;
      });
  }

  const sampleBytes = 4 * recorded * instances;
  const room = Math.min(MOST_BYTES, device.limits.maxStorageBufferBindingSize);
  const mostSteps = Math.max(1, Math.min(MOST_STEPS, Math.floor(room / (8 * courses.length))));
  const mostSamples = Math.max(
    1,
    Math.min(samples, Math.floor(room / sampleBytes), Math.floor(mostSteps / stepsPerSample)),
  );
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const buffers: Record<string, GPUBuffer> = {};
  const pace = new Pace();
  try {
    buffers.populations = await device.upload(
      'populations',
      kernel.pack('populations', populations),
      STORAGE,
    );
    buffers.states = await device.upload('states', initial, STORAGE);
    buffers.courses = await device.allocate(
      'time courses of drives',
      8 * courses.length * mostSteps,
      STORAGE | COPY_DST,
    );
    buffers.samples = await device.allocate('samples', mostSamples * sampleBytes, STORAGE | COPY_SRC);
    buffers.finite_steps = await device.allocate('finite steps', 4 * instances, STORAGE | COPY_SRC);
    buffers.counts = await device.allocate('counts', kernel.sizeOf('counts'), UNIFORM | COPY_DST);
    const group = kernel.bind(buffers);
    const workgroups = Math.ceil(instances / kernel.layout.workgroupSize[0]);

    let size = FIRST_DISPATCH;
    let done = 0;
    const total = samples * stepsPerSample;
    const run = async (sampleCount: number, steps: number) => {
      const inDispatch = sampleCount * steps;
      device.write(buffers.courses!, 0, courses.values(done, inDispatch, dt));
      const counts = {
        instances,
        samples: sampleCount,
        steps,
        course_steps: inDispatch,
        dt,
        ...(plan.noisy ? { first_step: done } : {}),
      };
      device.write(buffers.counts!, 0, kernel.pack('counts', counts));
      const began = performance.now();
      kernel.run(group, workgroups);
      let words = new Float32Array();
      await pace.wait(began, async () => {
        words = new Float32Array(await device.read(buffers.samples!, 0, sampleCount * sampleBytes));
      });
      const took = performance.now() - began;
      if (took < DISPATCH_MS / 2) size = Math.min(LARGEST_DISPATCH, 2 * size);
      else if (took > 2 * DISPATCH_MS) size = Math.max(1, size / 2);
      done += inDispatch;
      onProgress(done / total);
      return words;
    };
    for (let sample = 0; sample < samples; ) {
      const wanted = Math.max(1, Math.floor(size / instances));
      let words = new Float32Array();
      let count = 1;
      if (wanted < stepsPerSample || mostSteps < stepsPerSample) {
        // A sample is too far away for one dispatch: the last of several leaves it.
        for (let left = stepsPerSample; left > 0; ) {
          const steps = Math.min(left, mostSteps, Math.max(1, Math.floor(size / instances)));
          words = await run(1, steps);
          left -= steps;
        }
      } else {
        count = Math.min(samples - sample, mostSamples, Math.floor(wanted / stepsPerSample));
        words = await run(count, stepsPerSample);
      }
      for (let instance = 0; instance < instances; instance++)
        for (let variable = 0; variable < recorded; variable++) {
          const to = ((firstInstance + instance) * recorded + variable) * length + sample + 1;
          for (let k = 0; k < count; k++)
            states[to + k] = words[(k * recorded + variable) * instances + instance]!;
        }
      sample += count;
    }
    return new Uint32Array(await device.read(buffers.finite_steps, 0, 4 * instances));
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy();
  }
}
