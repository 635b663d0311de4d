// What kernels of neurons look up: the population of each block, then thresholds of drives, then inputs that neurons have for themselves.

@group(0) @binding(3) var<storage, read> tables: array<u32>;
