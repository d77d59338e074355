// Read the packed arrays and columns of a page. docs/format.md is the format, geo/columns.py the writer.

export const FORMAT_VERSION = 1;
export const OPEN_START = -2147483647;
export const OPEN_END = 2147483647;

const ARRAY_TYPES = {
  u8: Uint8Array, i8: Int8Array, u16: Uint16Array, i16: Int16Array,
  u32: Uint32Array, i32: Int32Array, f64: Float64Array,
};

// Give the raw bytes of a blob: base64 text, gzip where `about.gzip`.
export async function decodeBlob(about, base64) {
  const bytes = bytesFromBase64(base64);
  if (!about.gzip) return bytes.buffer;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

function bytesFromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// Give the typed array that `ref` points to: a view into the buffer where nothing has to be undone.
export function readArray(buffer, ref) {
  const [at, n, type, flags = ""] = ref;
  const Type = ARRAY_TYPES[type];
  let items = new Type(buffer, at, n);
  if (flags.includes("p")) items = joinPlanes(new Uint8Array(buffer, at, n * Type.BYTES_PER_ELEMENT), n, Type);
  return flags.includes("d") ? undoDelta(items) : items;
}

//  bytes: a0 b0 c0 ... a1 b1 c1 ...  ->  items: a b c ...
function joinPlanes(bytes, n, Type) {
  const width = Type.BYTES_PER_ELEMENT;
  const joined = new Uint8Array(n * width);
  for (let plane = 0; plane < width; plane++) {
    for (let i = 0, from = plane * n, to = plane; i < n; i++, from++, to += width) joined[to] = bytes[from];
  }
  return new Type(joined.buffer);
}

function undoDelta(items) {
  const sums = new Int32Array(items.length);
  for (let i = 0, sum = 0; i < items.length; i++) {
    const code = items[i];
    sum = (sum + ((code >>> 1) ^ -(code & 1))) | 0;
    sums[i] = sum;
  }
  return sums;
}

function readTexts(buffer, block) {
  const whole = new TextDecoder().decode(readArray(buffer, block.bytes));
  const lengths = readArray(buffer, block.lengths);
  const texts = new Array(lengths.length);
  for (let i = 0, at = 0; i < lengths.length; i++) texts[i] = whole.slice(at, (at += lengths[i]));
  return texts;
}

// Give a column as an object of small readers; what a cell does not have is "" or NaN.
//   text(i)    the cell as text              number(i)  the cell as a number
//   values, codes    of a dictionary column (code 0 = no value)
//   from, to         of a date column: Int32Array of days since 1970-01-01
export function readColumn(buffer, column) {
  switch (column.type) {
    case "int": return integerColumn(readArray(buffer, column.codes), column);
    case "float": return numberColumn(readArray(buffer, column.values));
    case "text": {
      const texts = readTexts(buffer, column.text);
      return { type: "text", text: (i) => texts[i], number: (i) => Number.parseFloat(texts[i]) };
    }
    case "dict": {
      const values = readTexts(buffer, column.values);
      const codes = readArray(buffer, column.codes);
      const text = (i) => (codes[i] ? values[codes[i] - 1] : "");
      return { type: "dict", values, codes, text, number: (i) => Number.parseFloat(text(i)) };
    }
    case "date": {
      const written = readColumn(buffer, column.text);
      const from = readArray(buffer, column.from);
      const to = readArray(buffer, column.to);
      return { type: "date", from, to, text: written.text, number: (i) => (written.text(i) ? from[i] : NaN) };
    }
    default: throw new Error(`unknown column type ${column.type}`);
  }
}

function integerColumn(codes, { base, scale, nullable }) {
  const divisor = 10 ** scale;
  const number = (i) => (nullable && !codes[i] ? NaN : (codes[i] - nullable + base) / divisor);
  return { type: "number", number, text: (i) => textOfNumber(number(i)) };
}

function numberColumn(values) {
  return { type: "number", number: (i) => values[i], text: (i) => textOfNumber(values[i]) };
}

function textOfNumber(value) {
  return Number.isNaN(value) ? "" : String(value);
}
