import type { XElement } from "../../../expression/clr/xml/element.ts";
import { ValidationLimitError } from "../json-schema/schema-error.ts";
import type { ElementDeclaration, Particle, Wildcard } from "./model.ts";

/** What a child element was matched with. */
export type Match = { declaration: ElementDeclaration } | { wildcard: Wildcard };

/** Particles tried for the children of one element, per child: content models are deterministic, so few are enough. */
const STEPS_PER_CHILD = 10_000;

/**
 * Matches the children of an element with a content model. XML Schema demands that a model is deterministic: the next
 * child alone says how to go on. So nothing is ever taken back, and time is linear in the number of children.
 */
export class ContentMatcher {
  readonly #children: readonly XElement[];
  readonly matches: (Match | undefined)[] = [];
  /** Index of the next child. */
  at = 0;
  /** Why the model does not fit, and at which child (the end: its number). */
  problem: string | undefined;
  #steps: number;

  constructor(children: readonly XElement[]) {
    this.#children = children;
    this.#steps = STEPS_PER_CHILD * (children.length + 1);
  }

  /** @throws {ValidationLimitError} */
  match(particle: Particle | undefined): boolean {
    if (particle && !this.#repeat(particle)) return false;
    const child = this.#children[this.at];
    if (!child) return true;
    this.problem = `The element '${child.name.localName}' is not expected here`;
    return false;
  }

  #repeat(particle: Particle): boolean {
    for (let count = 0; count < particle.max; count++) {
      const before = this.at;
      if (!this.#starts(particle)) return count >= particle.min || emptiable(particle) || this.#missing(particle);
      if (!this.#once(particle)) return false;
      // A turn that takes nothing fits any number of times.
      if (this.at === before) return true;
    }
    return true;
  }

  #once(particle: Particle): boolean {
    switch (particle.kind) {
      case "element":
        this.matches[this.at++] = { declaration: particle.declaration };
        return true;
      case "any":
        this.matches[this.at++] = { wildcard: particle.wildcard };
        return true;
      case "sequence":
        return particle.items.every((item) => this.#repeat(item));
      case "choice": {
        const chosen = particle.items.find((item) => this.#starts(item));
        return chosen ? this.#repeat(chosen) : particle.items.some(emptiable) || this.#missing(particle);
      }
      case "all":
        return this.#all(particle.items);
    }
  }

  #all(items: readonly Particle[]): boolean {
    const left = new Set(items);
    for (;;) {
      const next = [...left].find((item) => this.#starts(item));
      if (!next) break;
      left.delete(next);
      if (!this.#once(next)) return false;
    }
    const missing = [...left].find((item) => item.min > 0);
    return missing ? this.#missing(missing) : true;
  }

  /** Can the next child be the first of this particle? */
  #starts(particle: Particle): boolean {
    if (--this.#steps < 0) throw new ValidationLimitError("steps");
    const child = this.#children[this.at];
    if (!child || particle.max === 0) return false;
    const { localName, namespaceName } = child.name;
    switch (particle.kind) {
      case "element":
        return particle.declaration.name === localName && particle.declaration.namespace === namespaceName;
      case "any":
        return particle.wildcard.accepts(namespaceName);
      case "sequence":
        for (const item of particle.items) {
          if (this.#starts(item)) return true;
          if (!emptiable(item)) return false;
        }
        return false;
      default:
        return particle.items.some((item) => this.#starts(item));
    }
  }

  #missing(particle: Particle): false {
    const expected = expectedNames(particle).slice(0, 10).join(", ");
    const child = this.#children[this.at];
    this.problem = child
      ? `The element '${child.name.localName}' is not expected here. Expected: ${expected}`
      : `The content is incomplete. Expected: ${expected}`;
    return false;
  }
}

const emptiness = new WeakMap<Particle, boolean>();

/** Does the particle fit without any child? */
function emptiable(particle: Particle): boolean {
  if (particle.min === 0) return true;
  if (particle.kind === "element" || particle.kind === "any") return false;
  const known = emptiness.get(particle);
  if (known !== undefined) return known;
  const empty =
    particle.kind === "choice"
      ? particle.items.length === 0 || particle.items.some(emptiable)
      : particle.items.every(emptiable);
  emptiness.set(particle, empty);
  return empty;
}

function expectedNames(particle: Particle): string[] {
  if (particle.kind === "element") return [`'${particle.declaration.name}'`];
  if (particle.kind === "any") return ["any element"];
  if (particle.kind !== "sequence") return particle.items.flatMap(expectedNames);
  const names: string[] = [];
  for (const item of particle.items) {
    names.push(...expectedNames(item));
    if (!emptiable(item)) break;
  }
  return names;
}
