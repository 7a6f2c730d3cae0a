/**
 * Does an Accept-Encoding field allow a Content-Encoding (RFC 9110 section 12.5.3)? A caller that sends none is taken
 * at its word and gets no coding.
 */
export function accepts(acceptEncoding: string | undefined, contentEncoding: string): boolean {
  const offers = new Map<string, boolean>();
  for (const part of (acceptEncoding ?? "").toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((text) => text.trim());
    offers.set(coding, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)));
  }
  return contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .every((coding) => offers.get(coding) ?? (coding === "identity" || offers.get("*") === true));
}
