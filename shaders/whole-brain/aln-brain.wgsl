// Brains of ALN nodes.

// #include "whole-brain/nodes/aln.wgsl"
// #include "whole-brain/brain.wgsl"
