// What the kernels of the spiking engine agree on: how neurons are numbered, how spikes are written down, what a window
// is. Neurons stand in groups of four, one vec4 each; a population starts at a multiple of 64 groups, a block.

const GROUPS_PER_BLOCK: u32 = 64u;
const NETWORKS: u32 = 1u;       // side by side, of one shape; they do not hear of each other
const POPULATIONS: u32 = 2u;    // of one network; they are numbered through
const GROUPS: u32 = 2560u;      // groups of four neurons, padding included
const WORDS: u32 = 1u;          // words of input a neuron has in one step
const SLOTS: u32 = 1u;          // steps in the input ring
const WINDOWS: u32 = 128u;      // windows in a chunk, at most
const ALONE: bool = true;       // one network; of several, each has random numbers of its own

// A window: steps that every neuron makes without hearing the others, which the shortest delay allows.
struct Window {
  first_step: u32,
  steps: u32,        // at most 32; 0 leaves everything as it is
  slot: u32,         // slot of the input ring that belongs to first_step
  index: u32,        // number of the window in its chunk
  first_sample: u32, // trace sample that the chunk's traces begin with
}

// All spikes of a chunk. An entry is up to four neurons of one group that spike in one step:
// step in the window << 27 | mask of neurons << 23 | group.
struct Spikes {
  tail: atomic<u32>,                  // entries so far
  starts: array<u32, WINDOWS + 1u>,   // first entry of each window
  entries: array<u32>,
}

const ENTRY_STEP_SHIFT: u32 = 27u;
const ENTRY_MASK_SHIFT: u32 = 23u;
const ENTRY_GROUP_BITS: u32 = 0x7FFFFFu;
