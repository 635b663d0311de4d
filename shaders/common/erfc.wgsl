// The complementary error function in single precision, to about 1e-6 of itself far into its tail, where transfer functions
// of nearly silent neurons live. erfc(x) = exp(-x^2) erfcx(x): the scaled erfcx is smooth, and exp(-x^2) loses nothing if
// the square is not rounded.

// Beyond this, erfc is below the smallest normal number and counts as 0.
const ERFC_END: f32 = 9.0;
const LOG2_E: f32 = 1.4426950;
// log 2 in two parts: the first has 15 bits, so that its product with an exponent is exact.
const LN2_HIGH: f32 = 0.693145751953125;
const LN2_LOW: f32 = 1.42860677e-6;

// exp(-x^2) as a mantissa near 1 and a power of two.
struct ScaledNumber {
  mantissa: f32,
  exponent: i32,
}

// exp(-x^2) for 0 <= x <= ERFC_END.
fn exp_minus_square(x: f32) -> ScaledNumber {
  // The upper 12 bits of x have an exact square; the rest of x^2 is small.
  let head = bitcast<f32>(bitcast<u32>(x) & 0xFFFFF000u);
  let square = head * head;
  let rest = (x - head) * (x + head);
  let exponent = round(square * LOG2_E);
  let y = ((exponent * LN2_HIGH - square) + exponent * LN2_LOW) - rest; // |y| < 0.4
  // exp(y): Taylor's series, whose next term is below 2e-8.
  var series = 1.0 / 5040.0;
  series = series * y + 1.0 / 720.0;
  series = series * y + 1.0 / 120.0;
  series = series * y + 1.0 / 24.0;
  series = series * y + 1.0 / 6.0;
  series = series * y + 0.5;
  series = series * y + 1.0;
  series = series * y + 1.0;
  return ScaledNumber(series, -i32(exponent));
}

// exp(x^2) erfc(x) for x >= 0: t times a polynomial in t = 1 / (1 + x / 2), fitted for the least largest relative error (1e-8
// before rounding). It is of the right form where x is large: erfcx(x) -> 1 / (sqrt(pi) x).
fn erfcx_positive(x: f32) -> f32 {
  let t = 1.0 / (1.0 + 0.5 * x);
  let u = 2.0 * t - 1.0;
  var p = 4.135947112e-5;
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
  return t * p;
}

struct ErfcResult {
  value: f32,
  // The derivative, -2 exp(-x^2) / sqrt(pi).
  slope: f32,
}

// erfc(x) and its slope for any x; beyond ERFC_END on either side it is 0 or 2, and flat.
fn erfc_with_slope(x: f32) -> ErfcResult {
  let size = min(abs(x), ERFC_END);
  let gauss = exp_minus_square(size);
  let positive = ldexp(gauss.mantissa * erfcx_positive(size), gauss.exponent);
  let inside = abs(x) < ERFC_END;
  let tail = select(0.0, positive, inside);
  let slope = select(0.0, ldexp(-1.1283791671 * gauss.mantissa, gauss.exponent), inside);
  return ErfcResult(select(tail, 2.0 - tail, x < 0.0), slope);
}

fn erfc(x: f32) -> f32 {
  return erfc_with_slope(x).value;
}
