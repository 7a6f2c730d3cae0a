/** A schema that cannot be used: a wrong keyword, or one that is not enforced here. */
export class SchemaError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SchemaError";
  }
}

/** A reference that leads nowhere; `definition` names what is missing. */
export class MissingDefinitionError extends SchemaError {
  readonly definition: string;
  constructor(reference: string) {
    super(`The reference "${reference.slice(0, 200)}" leads nowhere.`);
    this.definition = reference.split("/").at(-1)?.slice(0, 200) ?? "";
  }
}

/** Validation took more steps, or went deeper, than any honest message needs. */
export class ValidationLimitError extends Error {
  constructor(what: string) {
    super(`The validation needs too many ${what}.`);
    this.name = "ValidationLimitError";
  }
}
