// Numbers that carry their first and second derivatives with respect to two variables: what differences of single-precision
// numbers cannot give. src/transfer/jet.ts is the same in double precision.
// #include "common/erfc.wgsl"

struct Jet {
  value: f32,
  // d/dx, d/dy
  gradient: vec2f,
  // d2/dx2, d2/dxdy, d2/dy2
  hessian: vec3f,
}

fn jet_constant(value: f32) -> Jet {
  return Jet(value, vec2f(0.0), vec3f(0.0));
}

// The variables themselves.
fn jet_first(value: f32) -> Jet {
  return Jet(value, vec2f(1.0, 0.0), vec3f(0.0));
}

fn jet_second(value: f32) -> Jet {
  return Jet(value, vec2f(0.0, 1.0), vec3f(0.0));
}

fn jet_add(a: Jet, b: Jet) -> Jet {
  return Jet(a.value + b.value, a.gradient + b.gradient, a.hessian + b.hessian);
}

fn jet_subtract(a: Jet, b: Jet) -> Jet {
  return Jet(a.value - b.value, a.gradient - b.gradient, a.hessian - b.hessian);
}

fn jet_shift(a: Jet, by: f32) -> Jet {
  return Jet(a.value + by, a.gradient, a.hessian);
}

fn jet_scale(a: Jet, by: f32) -> Jet {
  return Jet(a.value * by, a.gradient * by, a.hessian * by);
}

fn jet_multiply(a: Jet, b: Jet) -> Jet {
  let p = a.gradient;
  let q = b.gradient;
  let mixed = vec3f(2.0 * p.x * q.x, p.x * q.y + p.y * q.x, 2.0 * p.y * q.y);
  return Jet(a.value * b.value, p * b.value + q * a.value, a.hessian * b.value + b.hessian * a.value + mixed);
}

// f(a), from the value and the first two derivatives of f there: the chain rule.
fn jet_through(a: Jet, value: f32, first: f32, second: f32) -> Jet {
  let p = a.gradient;
  let squares = vec3f(p.x * p.x, p.x * p.y, p.y * p.y);
  return Jet(value, first * p, first * a.hessian + second * squares);
}

fn jet_square(a: Jet) -> Jet {
  return jet_through(a, a.value * a.value, 2.0 * a.value, 2.0);
}

fn jet_reciprocal(a: Jet) -> Jet {
  let r = 1.0 / a.value;
  return jet_through(a, r, -r * r, 2.0 * r * r * r);
}

// From q b = a by the product rule: unlike a times 1 / b, it needs no cube of 1 / b, which overflows where b is small.
fn jet_divide(a: Jet, b: Jet) -> Jet {
  let r = 1.0 / b.value;
  let value = a.value * r;
  let p = (a.gradient - value * b.gradient) * r;
  let q = b.gradient;
  let mixed = vec3f(2.0 * p.x * q.x, p.x * q.y + p.y * q.x, 2.0 * p.y * q.y);
  return Jet(value, p, (a.hessian - value * b.hessian - mixed) * r);
}

// The square root; derivatives count as 0 where it vanishes (see jet.ts).
fn jet_sqrt(a: Jet) -> Jet {
  let root = sqrt(a.value);
  let some = a.value > 0.0;
  let r = 1.0 / select(1.0, root, some);
  let first = select(0.0, 0.5 * r, some);
  return jet_through(a, root, first, -0.5 * first * r * r);
}

fn jet_log(a: Jet) -> Jet {
  let r = 1.0 / a.value;
  return jet_through(a, log(a.value), r, -r * r);
}

fn jet_exp(a: Jet) -> Jet {
  let e = exp(a.value);
  return jet_through(a, e, e, e);
}

fn jet_erfc(a: Jet) -> Jet {
  let f = erfc_with_slope(a.value);
  let curved = jet_through(a, f.value, f.slope, -2.0 * a.value * f.slope);
  // Where erfc is flat, derivatives of its argument may be infinite, and 0 times infinity is not 0.
  let flat = f.slope == 0.0;
  return Jet(f.value, select(curved.gradient, vec2f(0.0), flat), select(curved.hessian, vec3f(0.0), flat));
}
