// Brains of Hopf nodes.

// #include "whole-brain/nodes/hopf.wgsl"
// #include "whole-brain/brain.wgsl"
