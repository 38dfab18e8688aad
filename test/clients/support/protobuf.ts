/** A protobuf message as numbers of fields with their values, in the order in which they stand. */
export type ProtobufFields = readonly (readonly [field: number, value: number | bigint | Uint8Array])[];

/** Reads a message without knowing its schema: numbers, 64-bit numbers, and bytes of texts or messages. */
export function readProtobuf(bytes: Uint8Array): ProtobufFields {
  const fields: [number, number | bigint | Uint8Array][] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = view.getUint8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const [field, type] = [key >>> 3, key & 7];
    if (type === 0) fields.push([field, varint()]);
    else if (type === 1) {
      fields.push([field, view.getBigUint64(at, true)]);
      at += 8;
    } else if (type === 2) {
      const length = varint();
      fields.push([field, bytes.subarray(at, at + length)]);
      at += length;
    } else throw new RangeError(`Wire type ${type} is not expected at byte ${at}.`);
  }
  return fields;
}

const bytesOf = (message: ProtobufFields, wanted: number): Uint8Array[] =>
  message.flatMap(([field, value]) => (field === wanted && value instanceof Uint8Array ? [value] : []));

/** Messages in a field. */
export const messagesIn = (message: ProtobufFields, field: number): ProtobufFields[] =>
  bytesOf(message, field).map(readProtobuf);

/** The text in a field; `undefined` when there is none. */
export const textIn = (message: ProtobufFields, field: number): string | undefined =>
  bytesOf(message, field).map((bytes) => new TextDecoder().decode(bytes))[0];

/** Bytes in a field as hex; `undefined` when there are none. */
export const hexIn = (message: ProtobufFields, field: number): string | undefined =>
  bytesOf(message, field).map((bytes) => Buffer.from(bytes).toString('hex'))[0];

/** The number in a field; `undefined` when there is none. */
export const numberIn = (message: ProtobufFields, wanted: number): number | bigint | undefined =>
  message.flatMap(([field, value]) => (field === wanted && !(value instanceof Uint8Array) ? [value] : []))[0];
