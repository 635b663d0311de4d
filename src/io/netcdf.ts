/**
 * Labelled arrays in one netCDF-4 file, which is an HDF5 file whose dimensions are datasets: xarray, netCDF4 and HDF5 tools open
 * it with names, coordinates and units.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { File } from 'h5wasm/node';
import { InputError, OutputError } from '../errors.ts';
import { elementCount, type NpyData } from './npy-header.ts';
import { type OpenOutput, openOutput, writeWhole } from './output-file.ts';

/** Values along one dimension, which bears its name. */
export interface Coordinate {
  values: NpyData;
  unit: string;
  description: string;
}

export interface Variable {
  data: NpyData;
  /** Names of coordinates, one for each index. */
  dimensions: readonly string[];
  unit: string;
  description: string;
}

export interface LabelledArrays {
  coordinates: Record<string, Coordinate>;
  variables: Record<string, Variable>;
  /** Of the whole file. */
  attributes: Record<string, string | number>;
}

/** Writes the file; it appears whole or not at all. Throws OutputError, and InputError where shapes disagree. */
export async function writeNetcdf(
  path: string,
  arrays: LabelledArrays,
  open: OpenOutput = openOutput,
): Promise<void> {
  for (const [name, { data, dimensions }] of Object.entries(arrays.variables)) {
    if (data.length !== elementCount(shapeOf(dimensions, arrays)))
      throw new InputError(
        `${name} has ${data.length} elements, but its dimensions ${dimensions.join(', ')} have ${elementCount(shapeOf(dimensions, arrays))}; give coordinates of its shape`,
      );
  }
  // Only now: the HDF5 library takes a moment to start, and most commands never need it.
  const { File, ready } = await import('h5wasm/node');
  await ready;
  // The HDF5 library writes in its own way; what it wrote is then put in place as every other result is.
  const folder = temporaryFolder();
  try {
    const file = join(folder, 'arrays.nc');
    fill(new File(file, 'w'), arrays);
    writeWhole(path, readFileSync(file), open);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function shapeOf(dimensions: readonly string[], { coordinates }: LabelledArrays): number[] {
  return dimensions.map((name) => {
    const coordinate = coordinates[name];
    if (!coordinate) throw new InputError(`there is no coordinate ${name}; give its values`);
    return coordinate.values.length;
  });
}

function fill(file: File, arrays: LabelledArrays): void {
  try {
    for (const [name, value] of Object.entries(arrays.attributes)) file.create_attribute(name, value);
    for (const [name, { values, unit, description }] of Object.entries(arrays.coordinates)) {
      const scale = file.create_dataset({ name, data: values, shape: [values.length] });
      describe(scale, unit, description);
      scale.make_scale(name);
    }
    for (const [name, { data, dimensions, unit, description }] of Object.entries(arrays.variables)) {
      const dataset = file.create_dataset({ name, data, shape: shapeOf(dimensions, arrays) });
      describe(dataset, unit, description);
      dimensions.forEach((dimension, index) => {
        dataset.attach_scale(index, `/${dimension}`);
      });
    }
  } finally {
    file.close();
  }
}

function describe(
  dataset: { create_attribute(name: string, data: string): void },
  unit: string,
  description: string,
): void {
  dataset.create_attribute('units', unit === '' ? '1' : unit);
  dataset.create_attribute('long_name', description);
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'spikefield-'));
  } catch (cause) {
    throw new OutputError(
      `${tmpdir()} takes no temporary files (${(cause as NodeJS.ErrnoException).code}), which netCDF needs; set TMPDIR to a folder that can be written`,
      { cause },
    );
  }
}
