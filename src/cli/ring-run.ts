/** `spikefield ring run`: one ring over time, with its space-time plots and how fast its response spreads. */
import { type Propagation, propagation } from '../analysis/latency.ts';
import { InterruptedError, NonFiniteError } from '../errors.ts';
import { spaceTimeFigure } from '../figures/space-time.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { openDevice } from '../gpu/device.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { isAdapting } from '../mean-field/model.ts';
import { pixelCount, ringSteps } from '../models/ring.ts';
import { ringConnectivity } from '../ring/connectivity.ts';
import { extrapolations } from '../ring/extrapolation.ts';
import { prepareUnit, type Unit } from '../ring/settings.ts';
import { type RingRun, simulateRings } from '../ring/simulate.ts';
import { stateWarnings } from '../ring/state-warnings.ts';
import { watchInterrupt } from './interrupt.ts';
import { type OptionValue, textOption } from './options.ts';
import { Progress } from './progress.ts';
import { type ChosenRing, readRing, unitNote, unitTitle } from './ring-model.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

export async function ringRun(what: string, given: Given, version: string): Promise<void> {
  const chosen = readRing(what === '' ? 'config1' : what, given);
  const { ring, model, order, dt, fraction, formula, network } = chosen;
  const unit = prepareUnit([ring], { model, order, dt, fraction });
  const connectivity = ringConnectivity(ring, dt);
  const samples = ringSteps(ring, dt);
  const { reach, longest } = connectivity;
  if (given.dryRun === true) {
    const cost = {
      units: pixelCount(ring),
      order,
      variables: unit.state.length,
      samples,
      dt_ms: dt,
      reach_units: reach,
      longest_delay_steps: longest,
      rest: restOf(unit),
    };
    const text = `${samples} samples of ${cost.units} units, ${dt} ms apart; excitation reaches ${reach.exc} units and inhibition ${reach.inh}, the longest delay is ${longest} steps`;
    process.stdout.write(`${given.json === true ? JSON.stringify(cost) : text}\n`);
    return;
  }
  const { stimulus, ...geometry } = ring;
  const out = textOption(given.out, '--out') ?? `runs/ring-run-${model.name}`;
  using directory = RunDirectory.create(out, {
    force: given.force === true,
    manifest: {
      kind: 'ring',
      spikefield: version,
      network,
      formula,
      order,
      adaptation: unit.adapting,
      T_ms: model.T,
      dt_ms: dt,
      fraction,
      ring: geometry,
      stimulus:
        stimulus.kind === 'sampled'
          ? { kind: 'sampled', dt: stimulus.dt, file: textOption(given.stimulus, '--stimulus') }
          : stimulus,
      connectivity: { reach_units: reach, sum_of_weights: connectivity.sum, longest_delay_steps: longest },
      rest: restOf(unit),
      transfer_functions: model.populations.map(({ name, transfer: { cell, input, coefficients_mV } }) => ({
        population: name,
        cell,
        input,
        coefficients_mV,
      })),
    },
  });
  const run = await simulate(chosen, given, (reason) => directory.abandon(reason));
  const shape = ring.rows > 1 ? [samples, ring.rows, ring.units] : [samples, ring.units];
  for (const [name, values] of Object.entries({
    input: run.input,
    Fe: run.Fe,
    Fi: run.Fi,
    delta_V: run.deltaV,
    C_ee: run.Cee,
    C_ei: run.Cei,
    C_ii: run.Cii,
    w_e: run.we,
    w_i: run.wi,
  }))
    if (values) directory.write(name, values, shape);
  directory.write('time', run.times);
  directory.write('space', run.positions);
  const middle = middleRow(run);
  const spread = propagation({ values: middle.deltaV, times: run.times, positions: run.positions });
  if (given.figures !== false) {
    const figure = draw(chosen, run, middle, spread);
    writeFigure(directory.file('space-time.svg'), figure);
    directory.file('space-time.png');
  }
  const warnings = ringWarnings(unit, run, connectivity.reach);
  const summary = summarise(chosen, run, spread, warnings);
  directory.finish({ adapter: run.adapter, summary });
  for (const warning of warnings) process.stderr.write(`spikefield: ${warning}\n`);
  if (given.json === true) process.stdout.write(`${JSON.stringify({ ...summary, out })}\n`);
  else if (given.quiet !== true) process.stdout.write(`${summaryLines(summary, out).join('\n')}\n`);
}

async function simulate(
  { ring, model, order, dt, fraction }: ChosenRing,
  given: Given,
  abandon: (reason: string) => void,
): Promise<RingRun> {
  const interrupt = watchInterrupt();
  const progress = new Progress(`ring of ${ring.units} units`, { quiet: given.quiet === true });
  try {
    await using device = await openDevice();
    const [run] = await simulateRings(device, [ring], {
      model,
      order,
      dt,
      fraction,
      rates: true,
      onProgress: (done) => {
        progress.update(done);
        if (interrupt.requested)
          throw new InterruptedError(
            `interrupted at ${Math.round(100 * done)} % of the ring; run again for a result`,
          );
      },
    });
    const wrong = run!.deltaV.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new NonFiniteError(
        `the ring stopped being finite at ${(Math.floor(wrong / pixelCount(ring)) * dt).toFixed(1)} ms: give a weaker stimulus or a shorter --dt`,
      );
    return run!;
  } catch (error) {
    abandon(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    progress.end();
    interrupt.stop();
  }
}

/** The row of a sheet in which the stimulus is; a ring has only this. */
function middleRow({ ring, input, Fe, deltaV, times }: RingRun) {
  const row = Math.floor(ring.rows / 2);
  const of = (values: Float32Array) =>
    ring.rows === 1
      ? values
      : Float32Array.from(
          { length: times.length * ring.units },
          (_, k) => values[(Math.floor(k / ring.units) * ring.rows + row) * ring.units + (k % ring.units)]!,
        );
  return { input: of(input), Fe: of(Fe!), deltaV: of(deltaV) };
}

function draw(
  chosen: ChosenRing,
  run: RingRun,
  { input, Fe, deltaV }: ReturnType<typeof middleRow>,
  spread: Propagation,
): string {
  const { ring, formula } = chosen;
  const where = ring.rows > 1 ? ', middle row' : '';
  const theory = `${formula === 'as-published' ? ' (as published)' : ''}${unitNote(chosen)}`;
  const speed =
    spread.speed !== undefined && Number.isFinite(spread.speed) ? `; ${speedText(spread.speed)}` : '';
  return spaceTimeFigure({
    title: `Ring of mean-field units${unitTitle(chosen)}`,
    times: run.times,
    positions: run.positions,
    plots: [
      { title: 'Input', note: `Hz${where}`, values: input },
      { title: 'Excitatory rate', note: `Hz${theory}`, values: Fe },
      {
        title: 'Membrane response',
        note: `|ΔV|/|V rest|, ×1000${speed}`,
        values: deltaV.map((value) => 1000 * value),
        propagation: spread,
      },
    ],
  });
}

function speedText(speed: number): string {
  return `spreads at ${speed.toPrecision(3)} mm/s`;
}

function ringWarnings(unit: Unit, run: RingRun, reach: { exc: number; inh: number }): string[] {
  const { ring } = run;
  const warnings: string[] = [];
  for (const [kind, units] of Object.entries(reach)) {
    const name = kind === 'exc' ? 'excitation' : 'inhibition';
    if (2 * units + 1 > ring.units)
      warnings.push(
        `${name} reaches ${units} units to each side of a ring of ${ring.units}, so it meets itself on the other side, where weights add up as published: give a longer ring if that is not meant`,
      );
    else if (units === 0)
      warnings.push(`${name} reaches no other unit: give a larger extent or more units if that is not meant`);
  }
  for (const { population, nu_e, nu_i, time } of extrapolations(unit, run))
    warnings.push(
      `input to ${population} reaches ${nu_e.toFixed(1)} Hz of excitation and ${nu_i.toFixed(1)} Hz of inhibition at ${time.toFixed(0)} ms, which its fit has not seen, so it extrapolates there: measure up to higher rates`,
    );
  return [...warnings, ...stateWarnings(unit, run)];
}

/** The state before the stimulus. */
function restOf({ rates, mu_V, state, order, adapting }: Unit) {
  return {
    nu_e_hz: rates.exc,
    nu_i_hz: rates.inh,
    mu_V_mV: mu_V,
    ...(order === 2 ? { covariance_hz2: { ee: state[2], ei: state[3], ii: state[4] } } : {}),
    ...(adapting ? { adaptation_pA: { exc: state.at(-2), inh: state.at(-1) } } : {}),
  };
}

function summarise(
  { ring, model, order, dt, formula, network }: ChosenRing,
  run: RingRun,
  { latencies, origin, fronts, speed }: Propagation,
  warnings: readonly string[],
) {
  const peak = (values: Float32Array) => {
    const at = values.reduce((best, value, k) => (value > values[best]! ? k : best), 0);
    const pixels = pixelCount(ring);
    return { value: values[at]!, time_ms: Math.floor(at / pixels) * dt, unit: at % pixels };
  };
  return {
    network,
    formula,
    order,
    adaptation: isAdapting(model),
    units: ring.units,
    rows: ring.rows,
    samples: run.times.length,
    dt_ms: dt,
    stimulus: ring.stimulus.kind,
    conduction_velocity_mm_s: ring.conduction_velocity,
    peak: {
      Fe_hz: peak(run.Fe!),
      Fi_hz: peak(run.Fi!),
      delta_V: peak(run.deltaV),
      ...(run.Cee && run.Cii ? { C_ee_hz2: peak(run.Cee), C_ii_hz2: peak(run.Cii) } : {}),
      ...(run.we && run.wi ? { w_e_pA: peak(run.we), w_i_pA: peak(run.wi) } : {}),
    },
    latency: {
      fraction: 0.2,
      position_mm: latencies.map(({ position }) => position),
      time_ms: latencies.map(({ time }) => time),
      origin_mm: origin?.position ?? null,
      onset_ms: origin?.time ?? null,
      speed_mm_s: speed !== undefined && Number.isFinite(speed) ? speed : null,
      fronts: fronts.map(({ side, speed: each, places }) => ({
        side,
        speed_mm_s: Number.isFinite(each) ? each : null,
        places,
      })),
    },
    adapter: run.adapter,
    warnings,
    timing: run.timing,
  };
}

function summaryLines(summary: ReturnType<typeof summarise>, out: string): string[] {
  const { network, order, adaptation, units, rows, samples, dt_ms, peak, latency, timing, adapter } = summary;
  const kind = `${order === 2 ? ' in second order' : ''}${adaptation ? ' with adaptation' : ''}`;
  const { Fe_hz, Fi_hz, delta_V } = peak;
  const of = rows > 1 ? `sheet of ${rows} x ${units}` : `ring of ${units}`;
  return [
    `${of} units of ${network}${kind}: ${((samples - 1) * dt_ms).toFixed(1)} ms in ${timing.run_s.toFixed(2)} s on ${adapter.name}`,
    `  excitatory rate: at most ${Fe_hz.value.toFixed(2)} Hz at ${Fe_hz.time_ms} ms; inhibitory ${Fi_hz.value.toFixed(2)} Hz at ${Fi_hz.time_ms} ms`,
    `  membrane response: at most ${delta_V.value.toPrecision(4)} of its resting potential at ${delta_V.time_ms} ms`,
    latency.speed_mm_s === null
      ? `  ${latency.time_ms.length} units respond, too few on each side for a speed`
      : `  ${latency.time_ms.length} units respond; from ${latency.onset_ms} ms on the response spreads at ${latency.speed_mm_s.toPrecision(3)} mm/s`,
    `arrays and figure in ${out}`,
  ];
}
