// Inputs over time that neurons have for themselves: currents, and rates of external drives. They stand in rows of a value for
// each neuron, behind the drive tables; as many rows are at hand as a chunk of steps needs, and the host replaces them chunk by chunk.

// #include "spiking/tables.wgsl"

struct Field {
  places: u32,    // word of the first of 1024 in `tables` that say where the row of a step stands, counted round
  row_words: u32,
  parts: u32,     // 0: there is no such input. Of a rate: Poisson counts that its events are the sum of
  unused: u32,
}

// Word in `tables` of the row of a step.
fn field_row(field: Field, step: u32) -> u32 {
  return tables[field.places + (step & 1023u)];
}

// Words of a group of neurons, numbered within its population.
fn field_words(at: u32, group: u32) -> vec4u {
  let first = at + 4u * group;
  return vec4u(tables[first], tables[first + 1u], tables[first + 2u], tables[first + 3u]);
}

// 1 / k. Divisions are not rounded alike on all devices; products are.
const INVERSES = array<f32, 32>(
  0.0, 1.0, 1.0 / 2.0, 1.0 / 3.0, 1.0 / 4.0, 1.0 / 5.0, 1.0 / 6.0, 1.0 / 7.0,
  1.0 / 8.0, 1.0 / 9.0, 1.0 / 10.0, 1.0 / 11.0, 1.0 / 12.0, 1.0 / 13.0, 1.0 / 14.0, 1.0 / 15.0,
  1.0 / 16.0, 1.0 / 17.0, 1.0 / 18.0, 1.0 / 19.0, 1.0 / 20.0, 1.0 / 21.0, 1.0 / 22.0, 1.0 / 23.0,
  1.0 / 24.0, 1.0 / 25.0, 1.0 / 26.0, 1.0 / 27.0, 1.0 / 28.0, 1.0 / 29.0, 1.0 / 30.0, 1.0 / 31.0,
);

// Poisson counts by inversion of the distribution function, term by term in units of 2^-32: P(k) = P(k - 1) lambda / k. A row
// holds lambda, at most 4, then P(0) of all neurons. Sums are whole numbers and products are rounded alike on every device, so the
// counts are the same everywhere.
fn poisson_events(field: Field, row: u32, group: u32, bits: vec4u) -> vec4u {
  let lambda = bitcast<vec4f>(field_words(row, group));
  let none = field_words(row + field.row_words / 2u, group);
  let random = min(bits, vec4u(0xFFFFFFFEu)); // so that 0xFFFFFFFF is never reached: P(0) = 1
  var term = 65536.0 * vec4f(none >> vec4u(16u)) + vec4f(none & vec4u(0xFFFFu));
  var sum = none;
  var count = vec4u(0u);
  for (var k = 1u; k < 32u; k += 1u) {
    // Terms below one unit add nothing.
    let beyond = (random >= sum) & (term >= vec4f(1.0));
    if (!any(beyond)) {
      break;
    }
    count += select(vec4u(0u), vec4u(1u), beyond);
    term *= lambda * INVERSES[k];
    let added = vec4u(term);
    sum = select(sum + added, vec4u(0xFFFFFFFFu), added > vec4u(0xFFFFFFFFu) - sum);
  }
  return count;
}
