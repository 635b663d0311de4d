// What a random number is for: the third word of every Threefry key, so that no two uses share a stream. The first
// two words are the seed, the fourth is the instance in a batch.
const PURPOSE_CONNECT: u32 = 1u;
const PURPOSE_DRIVE: u32 = 2u;
const PURPOSE_INITIAL: u32 = 3u;
const PURPOSE_TRANSFER: u32 = 4u;
const PURPOSE_NODE_NOISE: u32 = 5u;
const PURPOSE_SYNAPSE: u32 = 8u;
const PURPOSE_NEURON_NOISE: u32 = 9u;
const PURPOSE_RATE_NOISE: u32 = 10u;
