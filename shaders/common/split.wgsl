// Numbers with about 36 bits, for sums over millions of steps in single precision: `high` has at most 12 bits, `low` the rest. The
// 12 bits are cut out as integers, so that no compiler takes the difference below for 0.

struct Split {
  high: f32,
  low: f32,
}

fn split_value(a: Split) -> f32 {
  return a.high + a.low;
}

fn split_add(a: Split, by: f32) -> Split {
  let low = a.low + by;
  let high = bitcast<f32>(bitcast<u32>(a.high + low) & 0xFFFFF000u);
  return Split(high, (a.high - high) + low);
}
