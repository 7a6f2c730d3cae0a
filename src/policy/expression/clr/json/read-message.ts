import { nameStep } from "./token.ts";

/**
 * The message of a read error, with path, line and position as Newtonsoft counts them: the position is the number of
 * characters consumed on the line; the line is 0 while nothing was read.
 * @param frames per open container the current property name or array index; null or -1 before the first
 */
export function readMessage(
  message: string,
  text: string,
  at: number,
  started: boolean,
  frames: readonly (string | number | null)[],
): string {
  const [line, position] = lineAndPosition(text, at);
  const shown = !started && position === 0 ? 0 : line;
  return `${message} Path '${pathOf(frames)}', line ${shown}, position ${position}.`;
}

function pathOf(frames: readonly (string | number | null)[]): string {
  let path = "";
  for (const frame of frames) {
    if (frame === null || frame === -1) continue;
    path += typeof frame === "number" ? `[${frame}]` : nameStep(frame);
  }
  return path.startsWith(".") ? path.slice(1) : path;
}

/** Lines end with `\n`, `\r\n` or `\r`. */
function lineAndPosition(text: string, at: number): [line: number, position: number] {
  let line = 1;
  let start = 0;
  for (let i = 0; i < at; i++) {
    const c = text.charCodeAt(i);
    if (c !== 0x0a && c !== 0x0d) continue;
    if (c === 0x0d && text.charCodeAt(i + 1) === 0x0a && i + 1 < at) i++;
    line++;
    start = i + 1;
  }
  return [line, at - start];
}
