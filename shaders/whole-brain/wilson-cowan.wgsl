// Single Wilson-Cowan nodes.

// #include "whole-brain/nodes/wilson-cowan.wgsl"
// #include "whole-brain/single.wgsl"
