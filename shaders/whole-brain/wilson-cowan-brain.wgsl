// Brains of Wilson-Cowan nodes.

// #include "whole-brain/nodes/wilson-cowan.wgsl"
// #include "whole-brain/brain.wgsl"
