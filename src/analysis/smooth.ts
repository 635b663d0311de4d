/** Smoothing with a Gaussian that ends at four standard deviations, edges mirrored, as scipy.ndimage.gaussian_filter1d. */

/** @param sigma standard deviation, samples, above 0 */
export function smoothed(values: ArrayLike<number>, sigma: number): Float64Array {
  const n = values.length;
  const radius = Math.floor(4 * sigma + 0.5);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-0.5 * ((k - radius) / sigma) ** 2),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  // ... d c b a | a b c d | d c b a ...
  const mirrored = (k: number) => {
    const place = ((k % (2 * n)) + 2 * n) % (2 * n);
    return values[place < n ? place : 2 * n - 1 - place]!;
  };
  return Float64Array.from({ length: n }, (_, k) => {
    let sum = 0;
    for (let j = -radius; j <= radius; j++) sum += kernel[j + radius]! * mirrored(k + j);
    return sum / total;
  });
}
