/** A compiled XML Schema. Elements and types refer to one another lazily: they may be recursive. */

/** A simple type: checks text, whitespace not yet normalised. */
export interface SimpleType {
  kind: "simple";
  name: string;
  base: SimpleType | undefined;
  /** @returns why the text does not fit; undefined where it does. */
  check(text: string): string | undefined;
  /** Two texts with the same form are the same value. */
  canonical(text: string): string;
  /** White space as the type has it. */
  normalize(text: string): string;
  /** Identifiers are unique in a document, and references to them lead somewhere. */
  identity?: "id" | "idref" | "idrefs";
}

export interface AttributeUse {
  name: string;
  namespace: string;
  required: boolean;
  prohibited: boolean;
  fixed: string | undefined;
  type(): SimpleType;
}

export interface Wildcard {
  accepts(namespace: string): boolean;
  process: "strict" | "lax" | "skip";
}

export interface ComplexType {
  kind: "complex";
  name: string;
  base: ComplexType | SimpleType | undefined;
  abstract: boolean;
  mixed: boolean;
  /** Text content; undefined where there are elements or nothing. */
  simple: SimpleType | undefined;
  particle: Particle | undefined;
  attributes: ReadonlyMap<string, AttributeUse>;
  anyAttribute: Wildcard | undefined;
  /** `xs:anyType`: anything goes. */
  any?: true;
}

export type Type = SimpleType | ComplexType;

export interface ElementDeclaration {
  name: string;
  namespace: string;
  nillable: boolean;
  fixed: string | undefined;
  hasDefault: boolean;
  type(): Type;
}

interface Occurs {
  min: number;
  max: number;
}

export type Particle =
  | (Occurs & { kind: "element"; declaration: ElementDeclaration })
  | (Occurs & { kind: "any"; wildcard: Wildcard })
  | (Occurs & { kind: "sequence" | "choice" | "all"; items: readonly Particle[] });

export interface XmlSchemaModel {
  elements: ReadonlyMap<string, ElementDeclaration>;
  attributes: ReadonlyMap<string, AttributeUse>;
  type(key: string): Type | undefined;
}
