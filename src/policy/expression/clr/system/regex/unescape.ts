import { ArgumentNullException } from "../../exceptions.ts";
import { chargeText } from "../text-limit.ts";
import { PatternReader } from "./reader.ts";

/** `Regex.Unescape`: the characters that the escapes in a text stand for. @throws ArgumentNullException, ArgumentException */
export function unescapePattern(text: string | null): string {
  if (text === null) throw new ArgumentNullException("str");
  chargeText(text.length);
  const reader = new PatternReader(text);
  let out = "";
  for (;;) {
    const slash = text.indexOf("\\", reader.at);
    if (slash < 0) return out + text.slice(reader.at);
    out += text.slice(reader.at, slash);
    reader.at = slash + 1;
    out += String.fromCharCode(reader.escape(false));
  }
}
