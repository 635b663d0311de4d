// A crew: workgroups that advance a network together, step by step, and wait for each other after each. No driver promises that
// workgroups run side by side, so nobody waits for long: who has waited in vain says so, all leave after the same step, and a single
// workgroup makes the other steps of the window.
//
// For CPU drivers alone: that one workgroup sees after a meeting what another wrote before it is true of their atomic additions, which
// order all else, but WGSL does not promise it.

// #include "spiking/gathering.wgsl"

const CREW: u32 = 1u;            // workgroups of a crew
const PATIENCE: u32 = 5000u;     // looks for the others before a workgroup leaves: some 50 us
const LEFT: u32 = 0x80000000u;   // in `arrived`: somebody has left

var<workgroup> verdict: u32;

// Waits for the others at the end of the `meeting`-th step of a window, counted from 1. False where all leave after this step.
fn met(meeting: u32, lane: u32) -> bool {
  storageBarrier();
  if (lane == 0u) {
    verdict = wait_for_all(meeting * CREW);
  }
  return workgroupUniformLoad(&verdict) != 0u;
}

// 1 once `all` arrivals are counted, 0 where somebody left before. A workgroup that leaves has arrived at the meeting that does not
// take place, and so no others come to a later one: more arrivals than `all` mean that this meeting took place, and it was a later one
// that somebody left. Looks are additions of nothing, which no compiler moves out of a loop.
fn wait_for_all(all: u32) -> u32 {
  atomicAdd(&recent.arrived, 1u);
  for (var looks = 0u; looks < PATIENCE; looks += 1u) {
    let seen = atomicAdd(&recent.arrived, 0u);
    if (seen >= LEFT) {
      return select(0u, 1u, seen - LEFT > all);
    }
    if (seen >= all) {
      return 1u;
    }
  }
  // Unless all have come in this very moment.
  loop {
    let seen = atomicAdd(&recent.arrived, 0u);
    if (seen >= LEFT) {
      return select(0u, 1u, seen - LEFT > all);
    }
    if (seen >= all) {
      return 1u;
    }
    if (atomicCompareExchangeWeak(&recent.arrived, seen, seen | LEFT).exchanged) {
      return 0u;
    }
  }
}
