import { type Digits, roundDigits } from "./number-digits.ts";
import { checkTextLength } from "./text-limit.ts";

/**
 * Custom numeric formats: `#,##0.00;(#);zero`. A format has up to three sections (positive, negative, zero); a
 * missing or empty one falls back to the first. Digits are rounded to the places that the section shows, halves
 * away from zero; a number that rounds to zero takes the zero section.
 */
export function formatCustom(number: Digits, format: string): string {
  checkTextLength(format.length);
  const sections = splitSections(format);
  const first = sections[0] ?? "";
  const sectionAt = (index: number) => sections[index] || first;
  const section = sectionAt(number.digits === "" ? 2 : number.negative ? 1 : 0);
  const layout = readLayout(section);
  const shown = shownDigits(number, layout);
  if (shown.digits === "") {
    const zero: Digits = { negative: false, digits: "", scale: 0 };
    return printDigits(zero, sectionAt(2) === section ? layout : readLayout(sectionAt(2)));
  }
  const text = printDigits(shown, layout);
  return number.negative && section === first ? `-${text}` : text;
}

/** The sections between semicolons that are outside quotes and not escaped; at most three count. */
function splitSections(format: string): string[] {
  const sections: string[] = [];
  let start = 0;
  for (let i = 0; i < format.length; i++) {
    const c = format[i] ?? "";
    if (c === "\\") i++;
    else if (c === "'" || c === '"') {
      const end = format.indexOf(c, i + 1);
      i = end < 0 ? format.length : end;
    } else if (c === ";") {
      sections.push(format.slice(start, i));
      start = i + 1;
    }
  }
  sections.push(format.slice(start));
  return sections;
}

/** One character or literal run of a section. */
type Part =
  | { kind: "digit"; zero: boolean }
  | { kind: "point" }
  | { kind: "text"; text: string }
  | { kind: "exponent"; letter: string; sign: boolean; width: number };

interface Layout {
  parts: Part[];
  /** Digit placeholders before and after the point. */
  before: number;
  after: number;
  /** Placeholders that print a zero: from the first `0` before the point, to the last `0` after it. */
  zeroBefore: number;
  zeroAfter: number;
  /** Powers of ten that `%`, `‰` and trailing commas move the number by. */
  shift: number;
  grouped: boolean;
  scientific: boolean;
}

function readLayout(section: string): Layout {
  const parts: Part[] = [];
  let before = 0;
  let after = 0;
  let zeroBefore = 0;
  let zeroAfter = 0;
  let shift = 0;
  let grouped = false;
  let scientific = false;
  let point = false;
  let commas = 0;
  for (let i = 0; i < section.length; i++) {
    const c = section[i] ?? "";
    switch (c) {
      case "0":
      case "#":
        if (commas > 0 && !point) grouped = true;
        commas = 0;
        parts.push({ kind: "digit", zero: c === "0" });
        if (point) {
          after++;
          if (c === "0") zeroAfter = after;
        } else {
          before++;
          if (c === "0" && zeroBefore === 0) zeroBefore = before;
        }
        break;
      case ".":
        if (!point) {
          shift -= 3 * commas;
          commas = 0;
          parts.push({ kind: "point" });
          point = true;
        }
        break;
      case ",":
        if (before > 0 && !point) commas++;
        break;
      case "%":
        shift += 2;
        parts.push({ kind: "text", text: "%" });
        break;
      case "‰":
        shift += 3;
        parts.push({ kind: "text", text: "‰" });
        break;
      case "'":
      case '"': {
        const end = section.indexOf(c, i + 1);
        parts.push({ kind: "text", text: section.slice(i + 1, end < 0 ? section.length : end) });
        i = end < 0 ? section.length : end;
        break;
      }
      case "\\":
        if (i + 1 < section.length) parts.push({ kind: "text", text: section[++i] ?? "" });
        break;
      case "E":
      case "e": {
        const exponent = /^[+-]?0+/.exec(section.slice(i + 1, i + 1 + 32));
        if (exponent) {
          const sign = exponent[0].startsWith("+");
          const width = exponent[0].replace(/[+-]/, "").length;
          parts.push({ kind: "exponent", letter: c, sign, width: Math.min(width, 10) });
          scientific = true;
          i += exponent[0].length;
        } else {
          parts.push({ kind: "text", text: c });
        }
        break;
      }
      default:
        parts.push({ kind: "text", text: c });
    }
  }
  if (!point) shift -= 3 * commas;
  return {
    parts,
    before,
    after,
    zeroBefore: zeroBefore === 0 ? 0 : before - zeroBefore + 1,
    zeroAfter,
    shift,
    grouped: grouped && !scientific,
    scientific,
  };
}

/** The number as the section shows it: moved by `%` and commas, rounded to the places. */
function shownDigits(number: Digits, layout: Layout): Digits {
  if (number.digits === "") return { ...number, scale: 0 };
  if (layout.scientific) return roundDigits(number, layout.before + layout.after);
  const moved = { ...number, scale: number.scale + layout.shift };
  return roundDigits(moved, moved.scale + layout.after);
}

function printDigits(shown: Digits, layout: Layout): string {
  const exponent = layout.scientific && shown.digits !== "" ? shown.scale - layout.before : 0;
  // The value as it is laid out over the placeholders; in scientific form the exponent takes the rest.
  const scale = layout.scientific ? (shown.digits === "" ? 0 : layout.before) : shown.scale;
  const whole = scale > 0 ? shown.digits.slice(0, scale).padEnd(scale, "0") : "";
  const fraction = scale >= 0 ? shown.digits.slice(scale) : "0".repeat(Math.min(-scale, layout.after)) + shown.digits;
  const wholeText = whole.padStart(layout.zeroBefore, "0");
  const fractionText = fraction.slice(0, layout.after).padEnd(layout.zeroAfter, "0");

  let out = "";
  // Digits that have no placeholder of their own stand before the first one.
  let wholeAt = 0;
  let placeholder = 0;
  let fractionAt = 0;
  let point = false;
  const emitWhole = (count: number) => {
    for (let i = 0; i < count; i++) {
      const left = wholeText.length - wholeAt;
      out += wholeText[wholeAt++] ?? "";
      if (layout.grouped && left > 1 && (left - 1) % 3 === 0) out += ",";
    }
  };
  for (const part of layout.parts) {
    if (part.kind === "text") out += part.text;
    else if (part.kind === "exponent") out += exponentText(part, exponent);
    else if (part.kind === "point") {
      point = true;
      if (fractionText !== "") out += ".";
    } else if (point) {
      out += fractionText[fractionAt++] ?? "";
    } else {
      const remaining = layout.before - placeholder++;
      const digits = wholeText.length - wholeAt;
      emitWhole(placeholder === 1 ? Math.max(digits - remaining + 1, 0) : digits >= remaining ? 1 : 0);
    }
  }
  return out;
}

function exponentText(part: { letter: string; sign: boolean; width: number }, exponent: number): string {
  const sign = exponent < 0 ? "-" : part.sign ? "+" : "";
  return part.letter + sign + String(Math.abs(exponent)).padStart(part.width, "0");
}
