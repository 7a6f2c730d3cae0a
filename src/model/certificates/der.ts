import {
  type BaseBlock,
  Constructed,
  Set as DerSet,
  fromBER,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
} from "asn1js";

/** Thrown where ASN.1 is not of the expected form. */
export class DerError extends Error {}

/** Reads one BER/DER value. @throws {DerError} */
export function readDer(bytes: Uint8Array): BaseBlock {
  const { result } = fromBER(bytes);
  if (result.error !== "") throw new DerError("not ASN.1");
  return result;
}

/** The members of a SEQUENCE, SET or tagged value. @throws {DerError} */
export function members(block: BaseBlock | undefined): BaseBlock[] {
  if (block instanceof Sequence || block instanceof DerSet || block instanceof Constructed)
    return block.valueBlock.value;
  throw new DerError("a sequence was expected");
}

/** Dotted form of an OBJECT IDENTIFIER. @throws {DerError} */
export function identifier(block: BaseBlock | undefined): string {
  if (block instanceof ObjectIdentifier) return block.valueBlock.toString();
  throw new DerError("an object identifier was expected");
}

/** A small INTEGER. @throws {DerError} */
export function integer(block: BaseBlock | undefined): number {
  if (block instanceof Integer && !block.valueBlock.isHexOnly) return block.valueBlock.valueDec;
  throw new DerError("a number was expected");
}

/** Content of an OCTET STRING, its pieces joined. @throws {DerError} */
export function octets(block: BaseBlock | undefined): Buffer {
  if (block instanceof OctetString) return Buffer.from(block.getValue());
  throw new DerError("an octet string was expected");
}

/** Content of an implicitly tagged OCTET STRING, in one piece or several. */
export function taggedOctets(block: BaseBlock | undefined): Buffer {
  if (block instanceof Constructed) return Buffer.concat(block.valueBlock.value.map(octets));
  if (!block) throw new DerError("an octet string was expected");
  const valueBlock: unknown = block.valueBlock;
  if (typeof valueBlock === "object" && valueBlock !== null && "valueHexView" in valueBlock) {
    const { valueHexView } = valueBlock;
    if (valueHexView instanceof Uint8Array) return Buffer.from(valueHexView);
  }
  throw new DerError("an octet string was expected");
}

/** The value's own encoding. */
export function encoding(block: BaseBlock | undefined): Buffer {
  if (!block) throw new DerError("a value was expected");
  return Buffer.from(block.valueBeforeDecodeView);
}
