// What a node hears in a step: the same for every node model, alone or in a network.
struct Heard {
  // The first and second of the values that the node itself emitted, after its own delays.
  own: vec2f,
  // Over the other nodes: sum of C x, sum of C^2 x, of what they emitted first (x) after their delays; 0 alone.
  sum: f32,
  sum_of_squares: f32,
  // Sum of C: diffusive coupling is sum - weight * x.
  weight: f32,
}
