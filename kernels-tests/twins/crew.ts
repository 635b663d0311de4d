/**
 * The twin of shaders/spiking/crew.wgsl: how the workgroups of a crew agree after which step of a window all leave. Every atomic
 * operation is a step of its own, so that a test can let them happen in any order.
 */

/** `arrived`: somebody has left. */
const left = 2 ** 31;

/** A workgroup on its way through the meetings of a window. */
export interface Member {
  /** The meeting that it is at, counted from 1. */
  meeting: number;
  /** What its next atomic operation is for. */
  next: 'arrive' | 'look' | 'insist' | 'exchange';
  looks: number;
  /** What it saw when it last looked. */
  seen: number;
  /** Steps that it makes of the window, once it knows. */
  made: number | undefined;
}

export interface Crew {
  arrived: number;
  members: Member[];
}

export function gather(size: number): Crew {
  const member: Member = { meeting: 1, next: 'arrive', looks: 0, seen: 0, made: undefined };
  return { arrived: 0, members: Array.from({ length: size }, () => ({ ...member })) };
}

/** What there is after the next atomic operation of one member. */
export function act(before: Crew, which: number, steps: number, patience: number): Crew {
  const crew: Crew = { arrived: before.arrived, members: before.members.map((each) => ({ ...each })) };
  const member = crew.members[which]!;
  const all = member.meeting * crew.members.length;
  if (member.next === 'arrive') {
    crew.arrived += 1;
    Object.assign(member, { looks: 0, next: patience > 0 ? 'look' : 'insist' });
  } else if (member.next === 'exchange') {
    if (crew.arrived === member.seen) {
      crew.arrived += left;
      member.made = member.meeting;
    } else member.next = 'insist';
  } else {
    member.seen = crew.arrived;
    const someoneLeft = member.seen >= left;
    const count = someoneLeft ? member.seen - left : member.seen;
    if (someoneLeft ? count > all : count >= all) {
      if (member.meeting === steps) member.made = steps;
      else Object.assign(member, { meeting: member.meeting + 1, next: 'arrive' });
    } else if (someoneLeft) member.made = member.meeting;
    else if (member.next === 'insist') member.next = 'exchange';
    else {
      member.looks += 1;
      if (member.looks === patience) member.next = 'insist';
    }
  }
  return crew;
}
