import { NotSupportedException } from "../../exceptions.ts";
import type { ClrObject } from "../protocol.ts";
import type { Captures } from "./matcher.ts";
import type { Program } from "./program.ts";
import { expandReplacement } from "./replacement.ts";

/** `Capture`: a part of the input. */
export class Capture implements ClrObject {
  readonly clrName: string = "System.Text.RegularExpressions.Capture";
  readonly index: number;
  readonly length: number;
  readonly #input: string;

  /** @param index where the part begins in the input */
  constructor(input: string, index: number, length: number) {
    this.#input = input;
    this.index = index;
    this.length = length;
  }

  get value(): string {
    return this.#input.slice(this.index, this.index + this.length);
  }

  toClrString(): string {
    return this.value;
  }
}

/** `Group`: the last capture of a group, and all of them. Without a capture it has failed: empty, at 0. */
export class Group extends Capture {
  override readonly clrName: string = "System.Text.RegularExpressions.Group";
  readonly captures: CaptureList<Capture>;

  /** @param places start and end of each capture, one after the other */
  constructor(input: string, places: readonly number[]) {
    const start = places.at(-2) ?? 0;
    super(input, start, (places.at(-1) ?? 0) - start);
    const items: Capture[] = [];
    for (let i = 0; i < places.length; i += 2) {
      const from = places[i] ?? 0;
      items.push(new Capture(input, from, (places[i + 1] ?? 0) - from));
    }
    this.captures = new CaptureList("CaptureCollection", items);
  }

  get success(): boolean {
    return this.captures.items.length > 0;
  }
}

/** A collection of captures, groups or matches. */
export class CaptureList<T extends Capture> implements ClrObject, Iterable<T> {
  readonly clrName: string;
  readonly items: readonly T[];

  constructor(name: string, items: readonly T[]) {
    this.clrName = `System.Text.RegularExpressions.${name}`;
    this.items = items;
  }

  get count(): number {
    return this.items.length;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }
}

/** `GroupCollection`: by number or name; what does not exist is a failed group. */
export class GroupCollection extends CaptureList<Group> {
  readonly #program: Program | null;

  constructor(program: Program | null, items: readonly Group[]) {
    super("GroupCollection", items);
    this.#program = program;
  }

  byNumber(number: number): Group {
    const slot = this.#program === null ? number : this.#program.groupNumbers.indexOf(number);
    return this.items[slot] ?? new Group("", []);
  }

  byName(name: string): Group {
    const number = this.#program?.groupNames.get(name) ?? (/^[0-9]{1,9}$/.test(name) ? Number(name) : -1);
    return this.byNumber(number);
  }
}

/** `Match`: group 0 and the others. */
export class Match extends Group {
  override readonly clrName = "System.Text.RegularExpressions.Match";
  readonly input: string;
  readonly groups: GroupCollection;
  readonly #program: Program;

  constructor(program: Program, input: string, captures: Captures) {
    super(input, captures[0] ?? []);
    this.input = input;
    this.#program = program;
    const others = captures.slice(1).map((places) => new Group(input, places));
    this.groups = new GroupCollection(program, [this, ...others]);
  }

  get end(): number {
    return this.index + this.length;
  }

  /** `Result`: a replacement pattern filled in from this match. @throws NotSupportedException on a failed match */
  expand(replacement: string): string {
    if (!this.success) throw new NotSupportedException("Result cannot be called on a failed Match.");
    return expandReplacement(this.#program, replacement, this);
  }

  private static failed: Match | undefined;

  /** What a search without success gives. */
  static get empty(): Match {
    Match.failed ??= new Match(EMPTY_PROGRAM, "", [[]]);
    return Match.failed;
  }
}

const EMPTY_PROGRAM: Program = {
  code: [],
  registers: 0,
  slots: 1,
  groupNumbers: [0],
  groupNames: new Map(),
  rightToLeft: false,
  memos: 0,
  prefix: "",
  first: null,
  leading: null,
};
