import { ArgumentException } from "../../exceptions.ts";
import { isWordUnit } from "./char-set.ts";

/** Walks over a pattern's text; also makes the errors, which quote it. */
export class PatternReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  get left(): number {
    return this.text.length - this.at;
  }

  /** The character some places ahead, empty beyond the end. */
  peek(ahead = 0): string {
    return this.text[this.at + ahead] ?? "";
  }

  next(): string {
    return this.text[this.at++] ?? "";
  }

  /** Takes the text if it comes next. */
  take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Decimal digits as a number, -1 when there are none. @throws ArgumentException when too large */
  number(): number {
    const start = this.at;
    while (/[0-9]/.test(this.peek())) this.at++;
    if (this.at === start) return -1;
    const value = Number(this.text.slice(start, this.at));
    if (value > 0x7fff_ffff) throw this.error("Capture group numbers must be less than or equal to Int32.MaxValue.");
    return value;
  }

  /** Word characters: a group's name. */
  name(): string {
    const start = this.at;
    while (!this.done && isWordUnit(this.text.charCodeAt(this.at), false)) this.at++;
    return this.text.slice(start, this.at);
  }

  error(message: string): ArgumentException {
    return new ArgumentException(`parsing "${this.text}" - ${message}`);
  }

  /**
   * The character an escape stands for, the backslash already taken. @throws ArgumentException
   * @param ecma octal escapes of ECMAScript end before they exceed a space
   */
  escape(ecma: boolean): number {
    if (this.done) throw this.error("Illegal \\ at end of pattern.");
    const c = this.next();
    if (/[0-7]/.test(c)) return this.#octal(Number(c), ecma);
    switch (c) {
      case "x":
        return this.#hex(2);
      case "u":
        return this.#hex(4);
      case "a":
        return 7;
      case "b":
        return 8;
      case "t":
        return 9;
      case "n":
        return 10;
      case "v":
        return 11;
      case "f":
        return 12;
      case "r":
        return 13;
      case "e":
        return 27;
      case "c":
        return this.#control();
    }
    const unit = c.charCodeAt(0);
    if (!ecma && isWordUnit(unit, false)) throw this.error(`Unrecognized escape sequence \\${c}.`);
    return unit;
  }

  #octal(first: number, ecma: boolean): number {
    let value = first;
    for (let count = 1; count < 3 && /[0-7]/.test(this.peek()); count++) {
      if (ecma && value >= 0x20) break;
      value = value * 8 + Number(this.next());
    }
    return value & 0xff;
  }

  #hex(count: number): number {
    const digits = this.text.slice(this.at, this.at + count);
    if (digits.length < count || !/^[0-9a-fA-F]+$/.test(digits)) throw this.error("Insufficient hexadecimal digits.");
    this.at += count;
    return Number.parseInt(digits, 16);
  }

  #control(): number {
    if (this.done) throw this.error("Missing control character.");
    const unit = this.next().toUpperCase().charCodeAt(0) - 0x40;
    if (unit < 0 || unit > 31) throw this.error("Unrecognized control character.");
    return unit;
  }
}
