// Single ALN nodes.

// #include "whole-brain/nodes/aln.wgsl"
// #include "whole-brain/single.wgsl"
