/**
 * The discrete Fourier transform of any length: by halves where it is a power of two, otherwise as a convolution of such a
 * length (Bluestein's way), because windows of a second are 10,000 steps and recordings 355 samples.
 */

/** Real and imaginary parts, of one length. */
export interface ComplexSeries {
  re: Float64Array;
  im: Float64Array;
}

/** A transform of one length with its tables, for doing it many times. */
export type Transform = (series: ComplexSeries) => ComplexSeries;

/** sum_n x[n] exp(-2 pi i k n / N) of series of length `n`. */
export function fourierTransform(n: number): Transform {
  if (n <= 1) return ({ re, im }) => ({ re: re.slice(), im: im.slice() });
  return Number.isInteger(Math.log2(n)) ? byHalves(n) : bluestein(n);
}

/** The transform once; `inverse`: with +2 pi i, divided by N. */
export function fourier({ re, im }: ComplexSeries, inverse = false): ComplexSeries {
  const n = re.length;
  if (!inverse) return fourierTransform(n)({ re, im });
  // The inverse is the transform of the conjugate, conjugated.
  const { re: a, im: b } = fourierTransform(n)({ re, im: im.map((value) => -value) });
  return { re: a.map((value) => value / n), im: b.map((value) => -value / n) };
}

/** The transform of real numbers. */
export function fourierOfReal(values: ArrayLike<number>): ComplexSeries {
  return fourier({ re: Float64Array.from(values), im: new Float64Array(values.length) });
}

/** Of a length that is a power of two. */
function byHalves(n: number): Transform {
  // From a table: turning a factor step by step would let its rounding grow.
  const cosines = Float64Array.from({ length: n >> 1 }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sines = Float64Array.from({ length: n >> 1 }, (_, k) => -Math.sin((2 * Math.PI * k) / n));
  const places = mirroredBits(n);
  return (series) => {
    const re = new Float64Array(n);
    const im = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      re[k] = series.re[places[k]!]!;
      im[k] = series.im[places[k]!]!;
    }
    for (let half = 1; half < n; half *= 2) {
      const stride = n / (2 * half);
      for (let start = 0; start < n; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const low = start + k;
          const high = low + half;
          const c = cosines[k * stride]!;
          const s = sines[k * stride]!;
          const a = re[high]! * c - im[high]! * s;
          const b = re[high]! * s + im[high]! * c;
          re[high] = re[low]! - a;
          im[high] = im[low]! - b;
          re[low]! += a;
          im[low]! += b;
        }
      }
    }
    return { re, im };
  };
}

/** Where each element of a length-n series goes when the bits of its index are read backwards. */
function mirroredBits(n: number): Uint32Array {
  const places = new Uint32Array(n);
  for (let k = 1; k < n; k++) places[k] = (places[k >> 1]! >> 1) | (k & 1 ? n >> 1 : 0);
  return places;
}

/** nk = (n^2 + k^2 - (k - n)^2) / 2 turns the transform into a convolution with exp(i pi n^2 / N). */
function bluestein(n: number): Transform {
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const inner = byHalves(size);
  const c = new Float64Array(n);
  const s = new Float64Array(n);
  const wave = { re: new Float64Array(size), im: new Float64Array(size) };
  for (let k = 0; k < n; k++) {
    // k^2 modulo 2 N keeps the angle exact for long series.
    const angle = (Math.PI * ((k * k) % (2 * n))) / n;
    c[k] = Math.cos(angle);
    s[k] = Math.sin(angle);
    const mirror = (size - k) % size;
    wave.re[k] = wave.re[mirror] = c[k]!;
    wave.im[k] = wave.im[mirror] = s[k]!;
  }
  const kernel = inner(wave);
  return ({ re, im }) => {
    const given = { re: new Float64Array(size), im: new Float64Array(size) };
    for (let k = 0; k < n; k++) {
      given.re[k] = re[k]! * c[k]! + im[k]! * s[k]!;
      given.im[k] = im[k]! * c[k]! - re[k]! * s[k]!;
    }
    const product = inner(given);
    for (let k = 0; k < size; k++) {
      const a = product.re[k]! * kernel.re[k]! - product.im[k]! * kernel.im[k]!;
      const b = product.re[k]! * kernel.im[k]! + product.im[k]! * kernel.re[k]!;
      // Conjugated: the transform back is the conjugate of the transform of the conjugate.
      product.re[k] = a;
      product.im[k] = -b;
    }
    const sum = inner(product);
    const result = { re: new Float64Array(n), im: new Float64Array(n) };
    for (let k = 0; k < n; k++) {
      const a = sum.re[k]! / size;
      const b = -sum.im[k]! / size;
      result.re[k] = a * c[k]! + b * s[k]!;
      result.im[k] = b * c[k]! - a * s[k]!;
    }
    return result;
  };
}
