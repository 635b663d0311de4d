// Single Hopf nodes.

// #include "whole-brain/nodes/hopf.wgsl"
// #include "whole-brain/single.wgsl"
