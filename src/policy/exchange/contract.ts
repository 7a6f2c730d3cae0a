import type { OperationContract, SchemaDocument } from "../../model/contract.ts";

/** What the `validate-…` policies may validate the messages of one operation against. */
export interface Contract {
  /** Holds what the effective policies use; null where nothing describes the operation. */
  operation: OperationContract | null;
  /**
   * Schema resources by id, and the API's own: `#json` for the specification's, `#xml/{id}` for XML Schemas (no id
   * holds a `#`). One that is too large is not there.
   */
  schemas: ReadonlyMap<string, SchemaDocument>;
}
