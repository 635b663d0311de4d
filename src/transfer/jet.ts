/**
 * Numbers that carry their first and second derivatives with respect to two variables. The moment equations of
 * second-order mean fields need the Hessian of the transfer function; differences of nearby values lose half of the
 * digits for a gradient and nearly all for a Hessian, the chain rule loses none. `shaders/common/jets.wgsl` is the same in
 * single precision.
 */
import erfc from '@stdlib/math-base-special-erfc';

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/** A function of (x, y) at one point: its value, gradient and Hessian. Immutable. */
export class Jet {
  readonly value: number;
  /** First derivatives. */
  readonly x: number;
  readonly y: number;
  /** Second derivatives. */
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;

  constructor(value: number, x = 0, y = 0, xx = 0, xy = 0, yy = 0) {
    this.value = value;
    this.x = x;
    this.y = y;
    this.xx = xx;
    this.xy = xy;
    this.yy = yy;
  }

  /** The first variable, at a value. */
  static first(value: number): Jet {
    return new Jet(value, 1, 0);
  }

  /** The second variable, at a value. */
  static second(value: number): Jet {
    return new Jet(value, 0, 1);
  }

  plus(other: Jet | number): Jet {
    if (typeof other === 'number')
      return new Jet(this.value + other, this.x, this.y, this.xx, this.xy, this.yy);
    return new Jet(
      this.value + other.value,
      this.x + other.x,
      this.y + other.y,
      this.xx + other.xx,
      this.xy + other.xy,
      this.yy + other.yy,
    );
  }

  minus(other: Jet | number): Jet {
    return this.plus(typeof other === 'number' ? -other : other.times(-1));
  }

  times(other: Jet | number): Jet {
    if (typeof other === 'number')
      return new Jet(
        this.value * other,
        this.x * other,
        this.y * other,
        this.xx * other,
        this.xy * other,
        this.yy * other,
      );
    return new Jet(
      this.value * other.value,
      this.x * other.value + this.value * other.x,
      this.y * other.value + this.value * other.y,
      this.xx * other.value + 2 * this.x * other.x + this.value * other.xx,
      this.xy * other.value + this.x * other.y + this.y * other.x + this.value * other.xy,
      this.yy * other.value + 2 * this.y * other.y + this.value * other.yy,
    );
  }

  squared(): Jet {
    return this.times(this);
  }

  /** From q b = a by the product rule: unlike a times 1 / b, it needs no cube of 1 / b, which overflows where b is small. */
  over(other: Jet | number): Jet {
    if (typeof other === 'number') return this.times(1 / other);
    const r = 1 / other.value;
    const value = this.value * r;
    const x = (this.x - value * other.x) * r;
    const y = (this.y - value * other.y) * r;
    return new Jet(
      value,
      x,
      y,
      (this.xx - value * other.xx - 2 * x * other.x) * r,
      (this.xy - value * other.xy - x * other.y - y * other.x) * r,
      (this.yy - value * other.yy - 2 * y * other.y) * r,
    );
  }

  reciprocal(): Jet {
    const r = 1 / this.value;
    return this.through(r, -r * r, 2 * r * r * r);
  }

  /**
   * The square root. At 0, where it has no derivative, derivatives are given as 0: the one quantity that vanishes here is the
   * variance of V without any input, and a rate then is flat to all orders.
   */
  sqrt(): Jet {
    if (this.value === 0) return new Jet(0);
    const root = Math.sqrt(this.value);
    return this.through(root, 0.5 / root, -0.25 / (root * this.value));
  }

  log(): Jet {
    const r = 1 / this.value;
    return this.through(Math.log(this.value), r, -r * r);
  }

  exp(): Jet {
    const e = Math.exp(this.value);
    return this.through(e, e, e);
  }

  /** The complementary error function. Where exp(-x^2) underflows it is 0 or 2, and flat. */
  erfc(): Jet {
    const slope = -TWO_OVER_ROOT_PI * Math.exp(-this.value * this.value);
    if (slope === 0) return new Jet(erfc(this.value));
    return this.through(erfc(this.value), slope, -2 * this.value * slope);
  }

  /** f(this), from the value and the first two derivatives of f at this value: the chain rule. */
  private through(value: number, first: number, second: number): Jet {
    return new Jet(
      value,
      first * this.x,
      first * this.y,
      first * this.xx + second * this.x * this.x,
      first * this.xy + second * this.x * this.y,
      first * this.yy + second * this.y * this.y,
    );
  }
}
