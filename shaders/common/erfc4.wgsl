// erfc of four numbers at a time, without its slope: the same steps as erfc.wgsl, where they are explained.
// #include "common/erfc.wgsl"

fn erfc4(x: vec4f) -> vec4f {
  let size = min(abs(x), vec4f(ERFC_END));
  let head = bitcast<vec4f>(bitcast<vec4u>(size) & vec4u(0xFFFFF000u));
  let square = head * head;
  let rest = (size - head) * (size + head);
  let exponent = round(square * LOG2_E);
  let y = ((exponent * LN2_HIGH - square) + exponent * LN2_LOW) - rest;
  var series = vec4f(1.0 / 5040.0);
  series = series * y + 1.0 / 720.0;
  series = series * y + 1.0 / 120.0;
  series = series * y + 1.0 / 24.0;
  series = series * y + 1.0 / 6.0;
  series = series * y + 0.5;
  series = series * y + 1.0;
  series = series * y + 1.0;
  let t = 1.0 / (1.0 + 0.5 * size);
  let u = 2.0 * t - 1.0;
  var p = vec4f(4.135947112e-5);
  p = p * u - 3.729478188e-5;
  p = p * u - 2.977095668e-4;
  p = p * u + 4.320950520e-4;
  p = p * u + 1.528013216e-3;
  p = p * u - 3.244406441e-3;
  p = p * u - 1.075134324e-2;
  p = p * u + 1.822189891e-2;
  p = p * u + 1.397357153e-1;
  p = p * u + 3.435803045e-1;
  p = p * u + 5.107913569e-1;
  // 2^-exponent is a normal number here: exponents go to 117.
  let power = bitcast<vec4f>((127u - vec4u(exponent)) << vec4u(23u));
  let positive = series * (t * p) * power;
  let tail = select(vec4f(0.0), positive, abs(x) < vec4f(ERFC_END));
  return select(tail, 2.0 - tail, x < vec4f(0.0));
}
