// Brains of FitzHugh-Nagumo nodes.

// #include "whole-brain/nodes/fitzhugh-nagumo.wgsl"
// #include "whole-brain/brain.wgsl"
